"""Read files and single values in YAML, whatever is in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import yaml

from detaux.core.errors import SuiteError
from detaux.suite.faults import Fault, Place, fail, raise_faults
from detaux.suite.nodes import Written, read_nodes
from detaux.suite.scalars import SuiteLoader

MAX_DEPTH = 50
"""Most mappings and lists inside one another."""
_NO_ALIAS = "anchors and aliases are not read; use `extends:` or `variants:`"


def read_yaml(file: File) -> Written:
    """Read a file; of a key that is said twice the first counts.

    Raises:
        SuiteError: If the file is missing, is no mapping in YAML, is nested too deeply, or uses anchors and aliases
            (`extends:` and `variants:` serve instead, and an alias may unfold without bound).
    """
    top = Place(file=str(file), line=1, path="")
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        fail(top, f"cannot be read ({fault}); `detaux list suites` shows what there is")
    root = _compose(text, str(file))
    if not isinstance(root, yaml.MappingNode):
        fail(top, "a suite is a mapping of keys to values, and begins with `suite: NAME`")
    return read_nodes(root, str(file))


def parse_value(text: str) -> Any:
    """Read one value as a suite would: `3`, `1e-3`, `[0, 1]`, `{name: kmeans}`.

    Raises:
        yaml.YAMLError: If it is no YAML, or has faults; the message holds all of them.
    """
    try:
        root = _compose(text, "value")
        found = None if root is None else read_nodes(root, "value")
        raise_faults(found.faults if found else ())
    except SuiteError as refusal:
        raise yaml.YAMLError("; ".join(map(str.strip, str(refusal).splitlines()[1:]))) from refusal
    return found.value if found else None


def _compose(text: str, file: str) -> yaml.Node | None:
    loader = SuiteLoader("")
    try:
        loader = SuiteLoader(text)
        raise_faults(_aliases(loader, file))
        root: yaml.Node | None = yaml.compose(text, Loader=SuiteLoader)
    except yaml.MarkedYAMLError as fault:
        fail(
            _at(file, fault.problem_mark),
            f"is not YAML: {fault.problem}; mind brackets, quotes and indentation",
        )
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        fail(Place(file=file, line=line, path=""), f"holds the character {fault.character:#x}; remove it")
    except (ValueError, OverflowError) as fault:
        fail(_at(file, loader.get_mark()), f"is not YAML: {fault}; mend the escape sequence")
    return root


def _aliases(loader: SuiteLoader, file: str) -> Iterator[Fault]:
    """Yield a fault for every anchor and alias.

    Raises:
        SuiteError: If the text is nested too deeply; nothing after that place is read.
    """
    depth = 0
    while loader.check_event():
        event = loader.get_event()  # type: ignore[no-untyped-call]  # PyYAML's
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            fail(_at(file, event.start_mark), f"is nested more than {MAX_DEPTH} deep; write it flatter")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            yield Fault(place=_at(file, event.start_mark), text=_NO_ALIAS)


def _at(file: str, mark: Any) -> Place:
    return Place(file=file, line=mark.line + 1 if mark else 1, path="")
