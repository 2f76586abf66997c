"""How many jobs stand at once: every artifact is checked by hash, but only when it has changed since it was last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detaux.pipeline.job import Job
from detaux.pipeline.sound import mark_of
from detaux.pipeline.store import Standing, Store


def survey(store: Store, jobs: Iterable[Job]) -> dict[str, tuple[Standing, str]]:
    """Say how each job stands and why, by key, as `Store.standing` does.

    Args:
        store: Where to look; artifacts found sound are noted there.
        jobs: The jobs, inputs first.
    """
    known = store.sound.read()
    found: dict[str, tuple[Standing, str]] = {}
    marks: dict[str, str | None] = {}
    for job in jobs:
        mark = marks[job.key] = _mark(store, job, marks)
        is_known = mark is not None and known.get(job.key) == mark
        found[job.key] = ("done", "") if is_known else store.standing(job.stage, job.key)
    fresh = {
        key: mark
        for key, mark in marks.items()
        if mark and found[key][0] == "done" and known.get(key) != mark
    }
    store.sound.add(fresh)
    return found


def _mark(store: Store, job: Job, marks: Mapping[str, str | None]) -> str | None:
    inputs = [marks.get(key, "") for _, key in sorted(job.inputs.items())]
    return mark_of(store.folder(job.stage, job.key), inputs)
