"""Matlab files that list photographs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.data.official.matlab import MatlabError, read_variables
from detaux.data.official.photo_archives import PhotoArchive


def read_matlab(archive: PhotoArchive, member: str, content: bytes, key: str) -> NDArray[Any]:
    """Read one variable of a Matlab file, shape (n,), with lengths of 1 taken out.

    Args:
        archive: Holds the file, and has been checked; for errors.
        member: Name of the file, for errors.
        content: Of the file.
        key: Name of the variable.

    Raises:
        DataError: If it is no Matlab file, or lacks the variable.
    """
    try:
        found = read_variables(content, [key], squeeze=True)
    except MatlabError as error:
        raise archive.refusal(
            f"holds the list {member}, which cannot be read as a Matlab file ({error})"
        ) from error
    if key not in found:
        raise archive.refusal(f"holds the list {member} without {key}")
    return np.atleast_1d(found[key])


def read_fields(
    archive: PhotoArchive, member: str, content: bytes, key: str, fields: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """Read some fields of each struct of a variable, as text; see `read_matlab`.

    Raises:
        DataError: If it is no Matlab file, lacks the variable, or its structs lack a field.
    """
    structs = read_matlab(archive, member, content, key)
    missing = set(fields) - set(structs.dtype.names or ())
    if missing:
        raise archive.refusal(f"holds the list {member}, whose {key} lack {min(missing)}")
    return [tuple(str(struct[field]) for field in fields) for struct in structs]
