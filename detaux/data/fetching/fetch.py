"""Official files fetched from their addresses: checked before they are in place, and from a mirror where one is dead.

The standard library does it: pooch 1.9 neither goes on where a download stopped nor falls back to a mirror.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from detaux.core.errors import DataError
from detaux.core.progress import Progress
from detaux.data.fetching.http import UnservedError, download
from detaux.data.fetching.partial import Partial
from detaux.data.official.file import OfficialFile, UnreadableError, check_official

_ATTEMPTS = 5

Say = Callable[[str], None]
"""Called with a line that the user should read."""


class UnfetchedError(DataError):
    """No address gave an official file.

    Args:
        text: For the user, addresses and remedy included.
        tried: What each address answered.
    """

    def __init__(self, text: str, tried: Sequence[str]) -> None:
        super().__init__(text)
        self.tried = tuple(tried)


def fetch(file: OfficialFile, place: Path, progress: Progress, say: Say) -> bool:
    """See to it that an official file lies in its place; no unchecked file ever does.

    What has come when the work is stopped is kept beside the place, and the next call goes on from there.

    Args:
        file: What to fetch, and from where.
        place: Path of the file, whose folder is made if it is missing; a damaged file there is replaced.
        progress: Hears how much has come, or has been checked.
        say: Hears of addresses that fail, and of another process that fetches the same.

    Returns:
        Whether it was fetched: False if it was in place already.

    Raises:
        UnfetchedError: If no address gives the file; the text says what to do by hand.
        DataError: If it cannot be written, or what lies in its place cannot be read.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _alone(place, say):
            if _is_right(place, file, progress):
                return False
            partial = Partial(place)
            _try_addresses(file, place, partial, progress, say)
            partial.finish()
    except OSError as fault:
        raise DataError(
            f"cannot write {place}: {fault}; make room there, or set DETAUX_CACHE elsewhere"
        ) from fault
    return True


def _try_addresses(file: OfficialFile, place: Path, partial: Partial, progress: Progress, say: Say) -> None:
    faults: list[str] = []
    for number, url in enumerate(file.urls, start=1):
        try:
            return _try_address(url, file, partial, progress)
        except UnservedError as fault:
            faults.append(f"{url}: {fault}")
            if number < len(file.urls):
                say(f"{faults[-1]}; going on with {file.urls[number]}")
    raise _all_failed(file, place, faults)


def _try_address(url: str, file: OfficialFile, partial: Partial, progress: Progress) -> None:
    """Download and check a file: once more where the connection broke on the way, or an old beginning was wrong."""
    for attempt in range(1, _ATTEMPTS + 1):
        before = partial.size()
        try:
            resumed = download(url, file, partial, progress)
        except UnservedError:
            if partial.size() <= before or attempt == _ATTEMPTS:
                raise
            continue
        if _is_right(partial.path, file, progress):
            return
        size = partial.size()
        partial.drop()
        if not resumed or attempt == _ATTEMPTS:
            raise UnservedError(f"gives {size:,} bytes that are not the published file")


def _is_right(path: Path, file: OfficialFile, progress: Progress) -> bool:
    try:
        check_official(path, file, progress)
    except UnreadableError:
        raise
    except DataError:
        return False
    return True


def _all_failed(file: OfficialFile, place: Path, faults: list[str]) -> UnfetchedError:
    tried = faults or ["no address is known"]
    digest = f"its {file.algorithm} is {file.digest}" if file.digest else "its digest was never published"
    remedy = f"try again later, or put the file at {place} by hand ({digest})"
    or_else = f", or {file.instead}" if file.instead else ""
    listed = "".join(f"\n  {fault}" for fault in tried)
    return UnfetchedError(f"cannot fetch {file.name}:{listed}\n{remedy}{or_else}", tried)


@contextmanager
def _alone(place: Path, say: Say) -> Iterator[None]:
    """Wait until no other process fetches the same file; the lock ends with its process, however that ends."""
    with place.with_name(f"{place.name}.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"{place} is being fetched by another process; waiting for it")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
