"""CivilComments of a few comments."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.data.text import comments_table

SIZES = {"train": 32, "validation": 8, "test": 16}
WORDS = ("all", "birds", "can", "do", "eat", "fish", "good", "hay")


def publish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write 56 comments, each of three words of eight in a choice of its own; the set has as many."""
    monkeypatch.setattr(comments_table, "_PART_SIZES", SIZES)
    columns = tuple(comments_table.COLUMN_OF.values())
    parts = np.repeat(["train", "val", "test"], list(SIZES.values()))
    shares = np.random.default_rng(0).choice([0.0, 0.25, 0.5, 1.0], (len(parts), len(columns)))
    comments = [" ".join(chosen) for chosen in itertools.combinations(WORDS, 3)]
    table = folder / "all_data_with_identities.csv"
    with table.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "split", "comment_text", *columns])
        rows = zip(
            parts.tolist(), np.random.default_rng(1).permutation(comments), shares.tolist(), strict=True
        )
        writer.writerows([row, part, comment, *share] for row, (part, comment, share) in enumerate(rows))
    return table


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make a table, whose embeddings are made of its words."""
    return {"path": publish(folder, monkeypatch)}


def make_embedded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make a table, and embeddings of noise."""
    embeddings = folder / "embeddings.npy"
    np.save(embeddings, np.random.default_rng(0).normal(size=(sum(SIZES.values()), 10)).astype(np.float32))
    return {"path": publish(folder, monkeypatch), "embeddings": embeddings}
