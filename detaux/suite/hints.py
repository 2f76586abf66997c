"""Remedies: for keys that no block has, where else they go; for data sets that are not here, how they are fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detaux.suite.faults import guess, shown
from detaux.suite.nodes import Keys
from detaux.suite.parts import Part

_ELSEWHERE: Mapping[str, str] = {
    "base": "write extends",
    "data.pairing": "write it as disentangle.pairing",
    "data.pairs": "write it as disentangle.pairing",
    "learn.arms.factor": "write auxiliary: factor:{value}",
    "learn.label_fraction": "write the share as data.split.label_fraction, or a number of images as learn.train_size",
}
"""Remedy by dotted path, without places in lists; `{value}` is what was written there."""


def unknown_key(keys: Keys, value: object, known: Sequence[str]) -> str:
    """Say that a key is unknown and what to write instead.

    Args:
        keys: What leads to it, the key itself included.
        value: What is written there.
        known: The keys that may stand there.
    """
    hint = _ELSEWHERE.get(".".join(key for key in keys if isinstance(key, str)))
    remedy = hint.format(value=shown(value).strip("'")) if hint else guess(keys[-1], known)
    return f"unknown key {keys[-1]!r}; {remedy}"


def fetching(dataset: Part) -> str:
    """Say how the official files of a data set are fetched, where they are wanted in the cache folder and not there."""
    from detaux.data.official.file import Downloadable

    if not isinstance(dataset.built, Downloadable) or dataset.options.get("path") is not None:
        return ""
    is_absent = any(file.urls and not file.default_path.exists() for file in dataset.built.official_files())
    options = "".join(
        f" -o {name}={value}" for name, value in dataset.options.items() if isinstance(value, str)
    )
    return f"; or run: detaux data fetch {dataset.name}{options}" if is_absent else ""
