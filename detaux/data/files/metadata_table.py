"""A data set's own table, `metadata.csv`, in a folder or an archive; the images it lists lie beside or below it."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detaux.core.errors import DataError
from detaux.data.files.image_source import DamagedImageError, ImageSource
from detaux.data.files.open_source import open_source, user_path

if TYPE_CHECKING:
    import pandas as pd

_FILE = "metadata.csv"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class MetadataTable:
    """A table that was found, not yet read."""

    place: str
    """Option `path` of the data set, for error texts."""
    source: ImageSource
    """Where the images are read from."""
    home: str
    """What the names of all files beside the table begin with: nothing, or a folder and a slash."""
    known: frozenset[str]
    """Names of all files and folders there are."""
    content: bytes
    """The table's text."""

    def content_hash(self) -> str:
        """Return the sha256 of the table, 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()

    def read(self, numbers: Mapping[str, range], *, texts: Sequence[str] = ()) -> pd.DataFrame:
        """Read columns, as many rows as there are.

        Args:
            numbers: Columns of whole numbers, and which ones each may hold; they become int64.
            texts: Columns of text.

        Raises:
            DataError: If it is no table of comma-separated values in UTF-8, lacks a column, or holds another
                number; all columns with faults are named.
        """
        table = self._parse(texts)
        wanted = [*texts, *numbers]
        missing = [name for name in wanted if name not in table.columns]
        self.check(f"there is no column {name!r}; it has {', '.join(table.columns)}" for name in missing)
        self.check(fault for name in numbers if (fault := _number_fault(table[name], numbers[name])))
        return table[wanted].astype(dict.fromkeys(numbers, np.int64))

    def find(self, files: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return the source's names of files, given by paths from the table's folder on, and what is wrong with them.

        A path that is no file there, say because it leads out, is a fault, and so is one that is listed twice.
        """
        names = [self.home + file for file in files]
        return names, list(self._name_faults(names))

    def check(self, faults: Iterable[str]) -> None:
        """Raise a DataError that names all faults, one a line, if there are any."""
        if faults := list(faults):
            raise DataError(f"{self.place}: {_FILE} cannot be used: " + "\n  ".join(faults))

    def _parse(self, texts: Sequence[str]) -> pd.DataFrame:
        import pandas as pd

        try:
            table = pd.read_csv(
                io.BytesIO(self.content),
                dtype=dict.fromkeys(texts, str),
                keep_default_na=False,
                low_memory=False,
            )
        except ValueError as error:
            raise DataError(
                f"{self.place}: {_FILE} is no table: {str(error).strip()}; get it anew"
            ) from error
        if not isinstance(table.index, pd.RangeIndex):
            self.check(["its rows have more cells than its header; get it anew"])
        return table

    def _name_faults(self, names: Sequence[str]) -> Iterator[str]:
        missing = [name for name in names if name not in self.known]
        if missing:
            yield (
                f"it lists {len(missing):,} images that are not in its folder, the first {missing[0]!r}; "
                "unpack the set anew"
            )
        if len(set(names)) < len(names):
            twice = [name for name, count in Counter(names).items() if count > 1]
            yield f"it lists {len(twice):,} images more than once, the first {twice[0]!r}; get it anew"


def open_metadata(path: str) -> MetadataTable:
    """Find `metadata.csv` in a folder, a zip file or a tar file, or in a folder that wraps all else there.

    Args:
        path: Option of the data set.

    Raises:
        DataError: If there is none, or more than one, or it cannot be read; if an archive is damaged, or holds a
            link or a name that leads out of it.
    """
    source = open_source(user_path(path))
    known = source.names()
    tables = sorted((name.count("/"), name) for name in known if name == _FILE or name.endswith(f"/{_FILE}"))
    highest = [name for depth, name in tables if depth == tables[0][0]]
    if len(highest) != 1:
        found = f"{_FILE} more than once, as {highest[0]} and {highest[1]}" if highest else f"no {_FILE}"
        raise DataError(f"{path} holds {found}; let the option 'path' name the folder in which it lies")
    (_, content) = next(iter(source.read(highest)))
    if isinstance(content, DamagedImageError):
        raise DataError(f"{path}: {highest[0]} {content}") from content
    return MetadataTable(
        place=path,
        source=source,
        home=highest[0].removesuffix(_FILE),
        known=frozenset(known),
        content=content,
    )


def _number_fault(column: pd.Series[int], allowed: range) -> str | None:
    """Say in which rows, counted from 1 below the header, there is no whole number that is allowed."""
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce")
    is_right = numbers.between(allowed.start, allowed.stop - 1) & (numbers % 1 == 0)
    wrong = np.flatnonzero(~is_right)
    if not len(wrong):
        return None
    cell = str(column.iloc[wrong[0]])
    return (
        f"the column {column.name!r} holds {cell!r:.40} in row {wrong[0] + 1}, one of {len(wrong):,} such rows, "
        f"but it takes whole numbers from {allowed.start} to {allowed.stop - 1}; get it anew"
    )
