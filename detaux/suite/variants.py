"""The experiments of a suite: its variants and included rows, and what the command line changes in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detaux.suite.documents import Document
from detaux.suite.faults import Fault, Place, fail, shown
from detaux.suite.format import BLOCKS, NAME, NAME_RULE, Paths
from detaux.suite.hints import unknown_key
from detaux.suite.nodes import undotted
from detaux.suite.overlay import item_refusal, overlay, set_path
from detaux.suite.reader import Reader

_SELECTING = frozenset({"zip", "exclude", "include"})
_MOST_STEPS = 20


def changed(document: Document, changes: Mapping[str, Any]) -> Document:
    """Return a document with values by dotted path laid over it.

    Items of a list that only its variants may have are left to these.

    Raises:
        SuiteError: If a path has more steps than any suite, or names an item that is not there.
    """
    for path, value in changes.items():
        place = Place(file="--set", line=1, path=path)
        if path.count(".") > _MOST_STEPS:
            fail(place, f"has more than {_MOST_STEPS} steps; write one as learn.steps")
        keys = undotted(path)
        if "variants" in document.data and keys[0] in BLOCKS and item_refusal(document, keys):
            continue
        document = set_path(document, path, value, place)
    return document


def variants(
    document: Document, changes: Mapping[str, Any], faults: list[Fault]
) -> Iterator[tuple[str, Document]]:
    """Yield each experiment's document: the common blocks with a variant and perhaps an included row over them."""
    common = document.only(BLOCKS)
    written = document.data.get("variants")
    if written is None:
        yield from _with_included("", common, faults)
        return
    reader = Reader(document, faults)
    if not isinstance(written, Mapping) or not written:
        reader.fault(
            ("variants",), f"must map names to blocks that replace the common ones, but is {shown(written)}"
        )
        return
    of_blocks = {path: value for path, value in changes.items() if undotted(path)[0] in BLOCKS}
    for name, blocks in written.items():
        if _is_sound(reader, name, blocks):
            variant = overlay(common, document.under(("variants", name)).only(BLOCKS))
            yield from _with_included(name, changed(variant, of_blocks), faults)


def _is_sound(reader: Reader, name: str, blocks: Any) -> bool:
    """Say whether a variant can be read, and note what is wrong with its name and keys as faults."""
    keys = ("variants", name)
    if not NAME.fullmatch(name):
        reader.fault(keys, f"is called {shown(name)}, but {NAME_RULE.replace('should', 'a name should', 1)}")
    if not isinstance(blocks, Mapping):
        reader.fault(keys, f"must be a mapping of blocks, but is {shown(blocks)}")
        return False
    for key in blocks:
        if key not in BLOCKS:
            reader.fault((*keys, key), unknown_key((*keys, key), blocks[key], tuple(sorted(BLOCKS))))
    return True


def _with_included(name: str, document: Document, faults: list[Fault]) -> Iterator[tuple[str, Document]]:
    yield name, document
    reader = Reader(document, faults)
    rows = reader.parse(("include",), list[Paths]) if "include" in document.data else []
    for place, row in enumerate(rows or []):
        keys = ("include", reader.index(("include",), place))
        included = document.only(BLOCKS - _SELECTING)
        for path, value in row.items():
            fault = _refusal(path) or item_refusal(included, undotted(path))
            if fault:
                reader.fault((*keys, path), fault)
            else:
                included = set_path(included, path, value, document.place((*keys, path)))
        yield name, included


def _refusal(path: str) -> str | None:
    """Return why an included row cannot have a path, if it cannot."""
    block = undotted(path)[0]
    if block in _SELECTING:
        return f"a row cannot have {block!r}: it is one setting beside the product; remove it"
    if block not in BLOCKS:
        return f"unknown path {path!r}; it begins with a block, as data.principal"
    return None
