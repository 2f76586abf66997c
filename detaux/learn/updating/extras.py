"""Parts that need packages which are not installed with the rest."""

from __future__ import annotations

from importlib.util import find_spec

from detaux.core.errors import MachineError


class MissingExtraError(MachineError, ValueError):
    """A part needs optional packages that are not installed; the message names the command that installs them."""


def check_extra(extra: str, *packages: str) -> None:
    """Check that the packages of an optional extra are installed, without importing them.

    Args:
        extra: Name of the extra, as in pyproject.toml.
        packages: Names to import.

    Raises:
        MissingExtraError: If one is not.
    """
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise MissingExtraError(f"needs {' and '.join(missing)}; install with: pip install 'detaux[{extra}]'")
