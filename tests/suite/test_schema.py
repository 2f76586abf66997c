from __future__ import annotations

import json
from pathlib import Path

import pytest

from detaux.suite.catalogue import REGISTRIES, registry
from detaux.suite.schema import suite_schema

ROOT = Path(__file__).resolve().parents[2]


def test_the_schema_in_the_checkout_is_the_present_one() -> None:
    file = ROOT / "schema" / "suite.schema.json"
    assert json.loads(file.read_text()) == suite_schema(), (
        "write it anew: detaux schema > schema/suite.schema.json"
    )


NAMED_BY_WORDS = {"metrics", "pairings", "tables", "figures"}
"""Kinds that a suite names in a plain word, without options."""


@pytest.mark.parametrize("kind", sorted(REGISTRIES.keys() - NAMED_BY_WORDS))
def test_every_registered_part_is_in_the_schema(kind: str) -> None:
    models = suite_schema()["$defs"]
    written = {
        json.dumps(model["properties"].get("name") or model["properties"].get("method"))
        for model in models.values()
    }
    for name in registry(kind).names():
        assert any(f'"const": "{name}"' in text for text in written)


def test_no_key_is_required_but_the_name() -> None:
    schema = suite_schema()
    assert schema["required"] == ["suite"]
    assert not any("required" in model for model in schema["$defs"].values())
