"""A table of a few images with several labels each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

COLUMNS = ("path", "colour", "size", "part")


def write_images(folder: Path, names: Iterable[str]) -> None:
    """Write images of grey levels 0, 1, ..."""
    for level, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (6, 4), level).save(folder / name)


def write_table(path: Path, rows: Sequence[Any], columns: Sequence[str] = COLUMNS) -> Path:
    """Write a table of the kind that its name tells."""
    table = pd.DataFrame(list(rows), columns=list(columns))
    if path.suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")
    return path


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make a table of 48 images in three official parts, with groups."""
    del monkeypatch
    parts = ["train"] * 4 + ["validation", "test"]
    rows = [
        (f"{number}.png", ("red", "blue", "NA")[number % 3], number % 4, parts[number % 6])
        for number in range(48)
    ]
    write_images(folder, (name for name, *_ in rows))
    table = write_table(folder / "list.csv", rows)
    factors = ("colour", "size")
    return {"path": table, "factors": factors, "part_column": "part", "groups": ("size",), "image_size": 4}
