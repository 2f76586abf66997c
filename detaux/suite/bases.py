"""Suite files read with the bases that they extend."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

from detaux.suite.documents import Document
from detaux.suite.faults import Fault, raise_faults, shown
from detaux.suite.loading import read_yaml
from detaux.suite.nodes import UNREAD
from detaux.suite.overlay import overlay


def read_document(file: File) -> Document:
    """Read a suite file and all that it extends.

    `extends:` names one file relative to the file that says it, in the same folder, below it, or in the folder
    above (`../base/x.yaml`).

    Raises:
        SuiteError: If a file cannot be read, extends itself in a circle, or reaches further away.
    """
    return _read(file, ())


def _read(file: File, seen: tuple[File, ...]) -> Document:
    written = read_yaml(file)
    document = Document(data=written.value, places=written.places, faults=written.faults)
    if "extends" not in document.data:
        return document
    seen = (*seen, file.resolve())
    refusal = _refusal(file, document.data["extends"], seen)
    if refusal is not None:
        raise_faults([*document.faults, Fault(place=document.place(("extends",)), text=refusal)])
    raise_faults(document.faults if document.data["extends"] is UNREAD else ())
    return overlay(_read(file.parent / document.data["extends"], seen), document)


def _refusal(file: File, written: Any, seen: tuple[File, ...]) -> str | None:
    """Return why a file cannot extend what is written, if it cannot; what could not be read was told already."""
    if written is UNREAD:
        return None
    if not isinstance(written, str) or not written:
        return f"must name one file, but is {shown(written)}; write it as ../base/NAME.yaml"
    try:
        return _too_far(file, written) or _not_there(file, written, seen)
    except (OSError, RuntimeError) as fault:
        return f"{shown(written)} cannot be read ({fault}); write it as ../base/NAME.yaml"


def _too_far(file: File, written: str) -> str | None:
    base, folder = file.parent / written, file.resolve().parent.parent
    if File(written).is_absolute() or not base.resolve().is_relative_to(folder):
        return f"{written!r} lies outside {folder}; keep a base near its suites"
    return None


def _not_there(file: File, written: str, seen: tuple[File, ...]) -> str | None:
    base: File = file.parent / written
    if not base.is_file():
        return f"there is no file {written!r}; it is looked for in {file.resolve().parent}"
    if base.resolve() in seen:
        return f"{base} extends itself in a circle; remove one `extends:`"
    return None
