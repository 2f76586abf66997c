"""The JSON Schema of suite files, for editors: keys, parts and their options complete and are underlined."""

from __future__ import annotations

from typing import Any

from pydantic import create_model

from detaux.suite.block_types import Measure, data_type, discover_type, disentangle_type, learn_type
from detaux.suite.format import Envelope, Paths, Seeds
from detaux.suite.parts import STRICT


def suite_schema() -> dict[str, Any]:
    """Return the schema as plain JSON values.

    It asks for no key but the names of parts, since a file may extend another and a variant repeats only what differs.
    """
    blocks: dict[str, Any] = {
        "seeds": (Seeds, None),
        "data": (data_type(), None),
        "disentangle": (disentangle_type(), None),
        "discover": (discover_type(), None),
        "learn": (learn_type(), None),
        "measure": (Measure, None),
        "zip": (list[list[str]], None),
        "include": (list[Paths], None),
        "exclude": (list[Paths], None),
    }
    variant = create_model(
        "variant", __config__=STRICT, __doc__="Blocks that replace the common ones.", **blocks
    )
    fields = {**blocks, "variants": (dict[str, variant], None)}  # type: ignore[valid-type]  # made at run time
    suite = create_model("suite", __base__=Envelope, __doc__="A suite: one question and its runs.", **fields)
    schema: dict[str, Any] = _loosened(suite.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "required": ["suite"], **schema}


def _loosened(value: Any) -> Any:
    """Drop what only a whole suite has to fulfil: required keys, exactly one of several, null defaults."""
    if isinstance(value, list):
        return [_loosened(item) for item in value]
    if not isinstance(value, dict):
        return value
    loose = {}
    for key, item in value.items():
        if key == "required" or (key == "default" and item is None):
            continue
        loose["anyOf" if key == "oneOf" else key] = _loosened(item)
    return loose
