"""A bar on the terminal for long downloads and checks, lines in a log."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from detaux.data.announce import Announcer

_QUIET_SECONDS = 2.0
_BETWEEN_SECONDS = 0.1


class Bar:
    """A `Progress` that shows a bar with the time left on stderr, but not before work has taken two seconds.

    Where stderr is no terminal, it writes a line for each tenth; see `Announcer`.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=self._console, transient=True)
        self._task = self._bar.add_task("", total=1.0)
        self._text = ""
        self._announce = Announcer()
        self._began = self._drew = time.monotonic()

    def __call__(self, share: float, text: str) -> None:
        """Tell how far the work is; see `detaux.core.progress`."""
        if not self._console.is_terminal:
            return self._announce(share, text)
        now = time.monotonic()
        if text != self._text:
            self._text = text
            self._bar.reset(self._task, description=text)
        elif now - self._drew < _BETWEEN_SECONDS:
            return None
        self._drew = now
        self._bar.update(self._task, completed=share)
        if now - self._began >= _QUIET_SECONDS:
            self._bar.start()
        return None

    def say(self, line: str) -> None:
        """Write a line above the bar."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar.live.is_started:
            self._bar.stop()
