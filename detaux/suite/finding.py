"""Suites by name: the files in `./suites` and in the checkout's `suites`."""

from __future__ import annotations

from pathlib import Path

from detaux.core.errors import SuiteError
from detaux.core.registry import unknown_name

_CHECKOUT = Path(__file__).resolve().parents[2] / "suites"
_LONGEST_NAME = 100


def find_suites() -> dict[str, Path]:
    """Return the file of every suite that can be loaded by name, sorted by name; bases are left out.

    Of two suites with one name, the one in `./suites` counts.
    """
    found: dict[str, Path] = {}
    for folder in (_CHECKOUT, Path("suites").resolve()):
        for file in folder.rglob("*.yaml"):
            name = file.relative_to(folder).with_suffix("")
            if name.parts[0] != "base":
                found[name.as_posix()] = _shortened(file)
    return dict(sorted(found.items()))


def suite_file(suite: str | Path) -> Path:
    """Return the file that a path or name means.

    Raises:
        SuiteError: If there is none; near misses are named.
    """
    if _is_file(suite):
        return Path(suite)
    if str(suite).endswith((".yaml", ".yml")):
        raise SuiteError(
            f"there is no file {str(suite)[:_LONGEST_NAME]!r}; `detaux list suites` shows those with a name"
        )
    found = find_suites()
    if str(suite) not in found:
        raise SuiteError(unknown_name(str(suite)[:_LONGEST_NAME], tuple(found), kind="suites"))
    return found[str(suite)]


def _is_file(suite: str | Path) -> bool:
    """Say whether a file is there; a name that no file can have is none."""
    try:
        return Path(suite).is_file()
    except (OSError, ValueError):
        return False


def _shortened(file: Path) -> Path:
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
