"""A suite: a question, and the experiments that are to answer it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detaux.suite.bases import read_document
from detaux.suite.blocks import read_data, read_discover, read_disentangle, read_measure
from detaux.suite.catalogue import registry
from detaux.suite.checks import check_experiment
from detaux.suite.documents import Document
from detaux.suite.experiment import Experiment, any_discovers
from detaux.suite.faults import Fault, raise_faults
from detaux.suite.format import BLOCKS, Controls, Envelope, Paths, Report, Resources, Seeds
from detaux.suite.hints import unknown_key
from detaux.suite.learning import read_learn
from detaux.suite.names import check_names
from detaux.suite.patience import announced
from detaux.suite.reader import Reader
from detaux.suite.variants import changed, variants

_WITH_CONTROLS = ("paper", "ablations")
_FOR_CODES = ("disentangle", "discover", "measure")


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

    @property
    def unused_blocks(self) -> tuple[str, ...]:
        """The blocks that nothing is made of, as no arm beside them uses codes of stage one."""
        used = {name for one in self.experiments if any_discovers(one.arms) for name in one.for_codes}
        written = dict.fromkeys(name for one in self.experiments for name in one.for_codes)
        return tuple(name for name in written if name not in used)


def read_suite(file: Path, changes: Mapping[str, Any] | None = None) -> Suite:
    """Read and check a suite file.

    Args:
        file: The file.
        changes: Values by dotted path, such as `{"learn.steps": 100}`, laid over the file and each of its variants.

    Raises:
        SuiteError: If it has faults; the text holds all of them with file, line, path and remedy.
    """
    changes = changes or {}
    document = changed(read_document(file), changes)
    faults: list[Fault] = list(document.faults)
    envelope = _read_envelope(document, faults)
    controls = (envelope.controls if envelope else None) or _usual_controls(file)
    with announced(f"checking {file} against its data"):
        experiments = [
            _read_experiment(Reader(variant, faults), name, controls)
            for name, variant in variants(document, changes, faults)
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
            reader.fault((key,), unknown_key((key,), document.data[key], known))
    reader = Reader(document.only(own), faults)
    found: Envelope | None = reader.parse((), Envelope)
    for kind in ("tables", "figures"):
        names = getattr(found.report, kind) if found else None
        check_names(reader, ("report", kind), names or (), registry(kind).names() if names else ())
    return found


def _usual_controls(file: Path) -> Controls:
    """Return which controls a suite must hold that does not say: all of them where it stands for the method."""
    folders = {*itertools.pairwise(file.resolve().parent.parts)}
    return "discovered" if folders.isdisjoint(("suites", name) for name in _WITH_CONTROLS) else "required"


def _read_experiment(reader: Reader, variant: str, controls: Controls) -> Experiment:
    learn, arms = read_learn(reader)
    experiment = Experiment(
        variant=variant,
        seeds=_read_seeds(reader),
        data=tuple(read_data(reader)),
        disentangle=tuple(read_disentangle(reader, is_needed=any_discovers(arms))),
        discover=tuple(read_discover(reader)),
        learn=learn,
        arms=arms,
        metrics=read_measure(reader),
        controls=controls,
        for_codes=tuple(filter(reader.has, _FOR_CODES)),
        zipped=tuple(map(tuple, _optional(reader, "zip", list[list[str]]))),
        excluded=tuple(itertools.chain(_optional(reader, "exclude", list[Paths]))),
    )
    check_experiment(reader, experiment)
    return experiment


def _read_seeds(reader: Reader) -> int:
    if not reader.has("seeds"):
        reader.fault((), "needs 'seeds', the number of repetitions, which is not written; add it")
        return 1
    return reader.parse(("seeds",), Seeds) or 1


def _optional(reader: Reader, key: str, kind: Any) -> list[Any]:
    return (reader.parse((key,), kind) or []) if reader.has(key) else []
