"""A suite: a question, and the experiments that are to answer it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from detaux.suite.blocks import read_data, read_discover, read_disentangle, read_measure
from detaux.suite.checks import check_experiment
from detaux.suite.documents import Document, overlay, read_document, set_path
from detaux.suite.experiment import Experiment
from detaux.suite.faults import Fault, Place, guess, raise_faults
from detaux.suite.format import BLOCKS, Envelope, Paths, Report, Resources
from detaux.suite.learning import read_learn
from detaux.suite.reader import Reader

_NOT_REPEATED = frozenset({"zip", "exclude", "include"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """A checked suite."""

    name: str
    """Its name, which names its results and report."""
    question: str
    """What its runs are to answer."""
    file: Path
    """Where it was read from."""
    experiments: tuple[Experiment, ...]
    """One; or one for each variant and included row."""
    resources: Mapping[str, Resources]
    """What one job of a stage is given, where the suite says."""
    report: Report
    """Tables and figures asked for."""
    resolved: Mapping[str, Any]
    """The whole content with its bases laid under, as plain values."""


def read_suite(file: Path, changes: Mapping[str, Any] | None = None) -> Suite:
    """Read and check a suite file.

    Args:
        file: The file.
        changes: Values by dotted path, such as `{"learn.steps": 100}`, laid over the file and each of its variants.

    Raises:
        SuiteError: If it has faults; the text holds all of them with file, line, path and remedy.
    """
    changes = changes or {}
    document = _changed(read_document(file), changes)
    faults: list[Fault] = []
    envelope = _read_envelope(document, faults)
    experiments = [
        _read_experiment(Reader(variant, faults), name)
        for name, variant in _variants(document, changes, faults)
    ]
    raise_faults(faults)
    if envelope is None:
        raise AssertionError("a suite without an envelope has faults, and those were raised")
    return Suite(
        name=envelope.suite,
        question=envelope.question,
        file=file,
        experiments=tuple(experiments),
        resources=envelope.resources,
        report=envelope.report,
        resolved={key: value for key, value in document.data.items() if key != "extends"},
    )


def _read_envelope(document: Document, faults: list[Fault]) -> Envelope | None:
    own = frozenset(Envelope.model_fields)
    known = tuple(sorted(own | BLOCKS | {"variants"}))
    reader = Reader(document, faults)
    for key in document.data:
        if key not in known:
            reader.fault((key,), f"unknown key {key!r}; {guess(key, known)}")
    found: Envelope | None = Reader(document.only(own), faults).parse((), Envelope)
    return found


def _changed(document: Document, changes: Mapping[str, Any]) -> Document:
    for path, value in changes.items():
        document = set_path(document, path, value, Place(file="--set", line=1, path=path))
    return document


def _variants(
    document: Document, changes: Mapping[str, Any], faults: list[Fault]
) -> Iterator[tuple[str, Document]]:
    """Yield each experiment's document: the common blocks with a variant and perhaps an included row over them."""
    common = document.only(BLOCKS)
    written = document.data.get("variants")
    if written is None:
        yield from _with_included("", common, faults)
        return
    reader = Reader(document, faults)
    if not isinstance(written, Mapping) or not written:
        reader.fault(
            ("variants",), f"must map names to blocks that replace the common ones, but is {written!r}"
        )
        return
    for name, blocks in written.items():
        if not isinstance(blocks, Mapping):
            reader.fault(("variants", name), f"must be a mapping of blocks, but is {blocks!r}")
            continue
        for key in blocks:
            if key not in BLOCKS:
                reader.fault(
                    ("variants", name, key), f"unknown key {key!r}; {guess(key, tuple(sorted(BLOCKS)))}"
                )
        variant = overlay(common, document.under(("variants", name)).only(BLOCKS))
        of_blocks = {path: value for path, value in changes.items() if path.partition(".")[0] in BLOCKS}
        yield from _with_included(name, _changed(variant, of_blocks), faults)


def _with_included(name: str, document: Document, faults: list[Fault]) -> Iterator[tuple[str, Document]]:
    yield name, document
    rows = Reader(document, faults).parse(("include",), list[Paths]) if "include" in document.data else []
    for index, row in enumerate(rows or []):
        included = document.only(BLOCKS - _NOT_REPEATED)
        for path, value in row.items():
            place = document.place(("include", index, path))
            if path.partition(".")[0] not in BLOCKS:
                faults.append(
                    Fault(
                        place=place, text=f"unknown path {path!r}; it begins with a block, as data.principal"
                    )
                )
                continue
            included = set_path(included, path, value, place)
        yield name, included


def _read_experiment(reader: Reader, variant: str) -> Experiment:
    learn, arms = read_learn(reader)
    experiment = Experiment(
        variant=variant,
        seeds=_read_seeds(reader),
        data=tuple(read_data(reader)),
        disentangle=tuple(read_disentangle(reader)),
        discover=tuple(read_discover(reader)),
        learn=learn,
        arms=arms,
        metrics=read_measure(reader),
        zipped=tuple(map(tuple, _optional(reader, "zip", list[list[str]]))),
        excluded=tuple(itertools.chain(_optional(reader, "exclude", list[Paths]))),
    )
    check_experiment(reader, experiment)
    return experiment


def _read_seeds(reader: Reader) -> int:
    if not reader.has("seeds"):
        reader.fault((), "needs 'seeds', the number of repetitions, which is not written")
        return 1
    return reader.parse(("seeds",), Annotated[int, Field(ge=1, strict=True)]) or 1


def _optional(reader: Reader, key: str, kind: Any) -> list[Any]:
    return (reader.parse((key,), kind) or []) if reader.has(key) else []
