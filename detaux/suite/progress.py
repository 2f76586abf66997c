"""What a user sees while jobs run: bars on a terminal, lines in a log."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from detaux.pipeline.store import Store
from detaux.suite.executors.base import Event, Listener
from detaux.suite.graph import JobGraph

_POLL_SECONDS = 1.0
_LINE_SECONDS = 10.0
_REASON_LENGTH = 160
_LONG_SECONDS = 90


class Tally:
    """Counts what happens to the jobs of a graph, and knows how far the running ones are.

    Args:
        graph: The jobs.
        store: Whose work folders tell how far a job is.
    """

    def __init__(self, graph: JobGraph, store: Store) -> None:
        self.totals = graph.count_by_stage()
        """Number of jobs by stage."""
        self.counts: dict[str, Counter[str]] = {stage: Counter() for stage in self.totals}
        """Number of jobs by stage and by `cached`, `done`, `failed`, `skipped` or `running`."""
        self._store = store
        self._running: dict[str, str] = {}
        self._start = time.monotonic()

    def note(self, event: Event) -> None:
        """Count an event."""
        counts = self.counts[event.job.stage]
        if event.kind == "started":
            self._running[event.job.key] = event.job.stage
        elif event.kind == "cached":
            counts["cached"] += 1
        else:
            self._running.pop(event.job.key, None)
            counts[{"done": "done", "skipped": "skipped"}.get(event.status, "failed")] += 1
        counts["running"] = sum(stage == event.job.stage for stage in self._running.values())

    def ended(self, stage: str) -> int:
        """Return the number of jobs of a stage that will not run any more."""
        counts = self.counts[stage]
        return counts.total() - counts["running"]

    def shares(self) -> dict[str, float]:
        """Return how far the running jobs of each stage are, added up."""
        shares = dict.fromkeys(self.totals, 0.0)
        for key, stage in list(self._running.items()):
            shares[stage] += self._share(key)
        return shares

    def texts(self) -> list[str]:
        """Say of each running job what it does and how far it is."""
        return [f"{stage} {key[:8]} {self._share(key):.0%}" for key, stage in list(self._running.items())]

    def seconds_left(self) -> float | None:
        """Guess the seconds left from the pace so far; None before anything has ended here."""
        fresh = sum(counts["done"] + counts["failed"] for counts in self.counts.values())
        progress = fresh + sum(self.shares().values())
        left = sum(self.totals.values()) - sum(map(self.ended, self.totals)) - sum(self.shares().values())
        return (time.monotonic() - self._start) / progress * left if fresh else None

    def _share(self, key: str) -> float:
        try:
            return float(json.loads((self._store.work_folder(key) / "progress.json").read_text())["share"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0.0


@contextmanager
def shown(graph: JobGraph, store: Store, *, on: bool = True) -> Iterator[Listener]:
    """Show the progress of a run while the context lasts: bars where stderr is a terminal, else lines.

    Args:
        graph: The jobs that run.
        store: Whose work folders tell how far each is.
        on: False shows nothing.

    Yields:
        The listener to hand to an executor.
    """
    if not on:
        yield lambda _: None
        return
    tally = Tally(graph, store)
    display = _Bars(tally) if sys.stderr.isatty() else _Lines(tally)
    stop = threading.Event()
    poll = threading.Thread(target=_poll, args=(display, stop), daemon=True)
    poll.start()
    try:
        yield display.note
    finally:
        stop.set()
        poll.join()
        display.close()


def _poll(display: _Bars | _Lines, stop: threading.Event) -> None:
    while not stop.wait(_POLL_SECONDS):
        display.refresh()


class _Lines:
    """A line when a job ends, and one at least every ten seconds while something runs."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._last = time.monotonic()

    def note(self, event: Event) -> None:
        self._tally.note(event)
        if event.kind == "ended":
            self._say(_ending(event, self._tally))
        for note in event.notes:
            self._say(note)

    def refresh(self) -> None:
        texts = self._tally.texts()
        if texts and time.monotonic() - self._last >= _LINE_SECONDS:
            self._say(f"running: {', '.join(texts)}{_time_left(self._tally)}")

    def close(self) -> None:
        """Nothing to put away."""

    def _say(self, line: str) -> None:
        self._last = time.monotonic()
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - this class is the place that prints


class _Bars:
    """A bar a stage, and a line for each job that fails."""

    def __init__(self, tally: Tally) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._tally = tally
        columns = (TextColumn("{task.description:<12}"), BarColumn(), TextColumn("{task.fields[words]}"))
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._bars: Mapping[str, Any] = {
            stage: self._progress.add_task(stage, total=total, words="")
            for stage, total in tally.totals.items()
        }
        self._progress.start()

    def note(self, event: Event) -> None:
        self._tally.note(event)
        if event.kind == "ended" and event.status in ("error", "no_auxiliary_task"):
            self._progress.console.print(_ending(event, self._tally), markup=False, highlight=False)
        for note in event.notes:
            self._progress.console.print(note, markup=False, highlight=False)

    def refresh(self) -> None:
        shares = self._tally.shares()
        for stage, bar in self._bars.items():
            words = ", ".join(f"{count} {word}" for word, count in self._tally.counts[stage].items() if count)
            self._progress.update(bar, completed=self._tally.ended(stage) + shares[stage], words=words)
        last = list(self._bars)[-1]
        left = _time_left(self._tally)
        self._progress.update(self._bars[last], words=f"{self._progress.tasks[-1].fields['words']}{left}")

    def close(self) -> None:
        self.refresh()
        self._progress.stop()


def _ending(event: Event, tally: Tally) -> str:
    ended, total = sum(map(tally.ended, tally.totals)), sum(tally.totals.values())
    reason = f": {event.reason.splitlines()[0][:_REASON_LENGTH]}" if event.reason else ""
    word = event.status.replace("_", " ")
    return f"[{ended}/{total}] {event.job.stage} {event.job.key[:8]} {word} in {event.seconds:.1f} s{reason}"


def _time_left(tally: Tally) -> str:
    seconds = tally.seconds_left()
    if seconds is None:
        return ""
    words = f"{round(seconds / 60)} min" if seconds > _LONG_SECONDS else f"{seconds:.0f} s"
    return f"; about {words} left"
