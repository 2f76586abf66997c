"""Official files that could not be had, told together with one remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from detaux.core.errors import DataError
    from detaux.data.official.file import OfficialFile


class Missing:
    """Collects files as they fail to come; true where there is one."""

    def __init__(self) -> None:
        self._faults: list[str] = []
        self._files: list[str] = []
        self._instead: dict[str, None] = {}

    def note(self, name: str, file: OfficialFile, fault: DataError) -> None:
        """Keep a file of a data set in mind, with what each of its addresses answered, or the fault of the cache folder.

        Args:
            name: Of the data set.
            file: Which could not be had.
            fault: Of `fetch`.
        """
        from detaux.data.fetching.fetch import UnfetchedError

        if not isinstance(fault, UnfetchedError):
            self._faults.append(f"{name}: {fault}")
            return
        digest = f"{file.algorithm} {file.digest or 'never published'}"
        lines = (f"{name}: {file.name}", digest, f"place {file.default_path}", *fault.tried)
        self._files.append("\n    ".join(lines))
        if file.instead:
            self._instead[f"for {name} {file.instead}"] = None

    def tell(self) -> None:
        """Write on stderr what was noted: faults of the cache folder, files, and what to do."""
        for fault in self._faults:
            typer.echo(f"detaux: {fault}", err=True)
        if self._files:
            head = f"detaux: {len(self._files)} of the files could not be fetched:"
            remedy = ("try again later", "put each file at its place by hand", *self._instead)
            typer.echo("\n  ".join((head, *self._files)), err=True)
            typer.echo(", or ".join(remedy), err=True)

    def __bool__(self) -> bool:
        return bool(self._faults or self._files)
