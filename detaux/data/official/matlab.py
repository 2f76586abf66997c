"""Matlab files, read so that whatever is wrong with one is one kind of error.

SciPy's reader can crash on a damaged file, so none is read whose digest has not been checked.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from scipy.io import loadmat
from scipy.io.matlab import MatReadError

_UNREADABLE = (
    MatReadError,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    NotImplementedError,
    zlib.error,
)


class MatlabError(Exception):
    """A file cannot be read as a Matlab file; the text says why."""


def read_variables(content: bytes, names: Sequence[str], *, squeeze: bool = False) -> Mapping[str, Any]:
    """Read variables of a Matlab file, as numpy arrays; those it lacks are left out.

    Args:
        content: Of the file.
        names: Of the variables.
        squeeze: Whether lengths of 1 are taken out.

    Raises:
        MatlabError: If it is no Matlab file.
    """
    try:
        return loadmat(io.BytesIO(content), squeeze_me=squeeze, variable_names=names)  # type: ignore[arg-type]  # stubs forget streams
    except _UNREADABLE as error:
        raise MatlabError(str(error)) from error
