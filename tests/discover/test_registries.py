from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import pytest

from detaux.core.errors import UnknownNameError
from detaux.core.registry import Entry
from detaux.discover.registries import clusterings, criteria

PARTS: list[Entry[Any]] = [*criteria, *clusterings]


def test_names() -> None:
    subspaces = ("cosine", "fixed", "orthogonality", "silhouette", "worst")
    assert criteria.names() == tuple(sorted((*subspaces, "principal", "whole")))
    assert clusterings.names() == ("hdbscan", "kmeans")


def test_a_near_miss_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'orthogonality'"):
        criteria.get("orthogonal")


@pytest.mark.parametrize("entry", PARTS, ids=lambda entry: entry.name)
def test_parts_are_frozen_options_with_a_summary_and_a_source(entry: Entry[Any]) -> None:
    assert entry.summary
    assert entry.source
    part = entry.part(index=1) if entry.name == "fixed" else entry.part()
    assert dataclasses.replace(part) == part
    assert hash(dataclasses.replace(part)) == hash(part)  # frozen
    assert not hasattr(part, "__dict__")  # slotted
    assert all(option.kw_only for option in dataclasses.fields(part))


def test_naming_the_parts_imports_no_heavy_library() -> None:
    program = (
        "import sys\n"
        "from detaux.discover.registries import clusterings, criteria\n"
        "assert criteria.names() and clusterings.names()\n"
        "heavy = {'sklearn', 'hdbscan', 'scipy', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
