"""What a user sees while jobs run: bars on a terminal, lines in a log."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from detaux.pipeline.store import Store
from detaux.suite.executors.base import Event, Listener
from detaux.suite.graph import JobGraph
from detaux.suite.tally import Tally

_POLL_SECONDS = 1.0
_LINE_SECONDS = 10.0
_REASON_LENGTH = 160
_LONG_SECONDS = 90


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
        for stage, bar in self._bars.items():
            words = ", ".join(f"{count} {word}" for word, count in self._tally.counts(stage).items())
            self._progress.update(
                bar, completed=self._tally.ended(stage) + self._tally.share_done(stage), words=words
            )
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
    left = tally.time_left()
    if left is None:
        return ""
    long = left.seconds > _LONG_SECONDS
    words = f"{left.seconds / 60:.0f} min" if long else f"{left.seconds:.0f} s"
    return f"; {'about' if left.is_whole else 'at least'} {words} left"
