"""One file from one address, going on where an earlier download of it stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from urllib import request
from urllib.error import HTTPError

from detaux.core.progress import Progress
from detaux.data.fetching.partial import Partial
from detaux.data.official.file import OfficialFile

_TIMEOUT_SECONDS = 30.0
_PIECE_BYTES = 1 << 18
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


class UnservedError(Exception):
    """An address did not give the file; the text says what went wrong there."""


def download(url: str, file: OfficialFile, partial: Partial, progress: Progress) -> bool:
    """Download what is missing of a file; what has come is kept, however this ends.

    Args:
        url: Of http or https; others are refused, also where an address leads on to one.
        file: What is expected there.
        partial: What has come already, and takes the rest.
        progress: Hears how much has come.

    Returns:
        Whether bytes of an earlier download are part of it: if it is wrong, those may be at fault.

    Raises:
        UnservedError: If the address is dead, refuses, offers something else, or stops too early.
        OSError: If the bytes cannot be written.
    """
    headers = _resuming(url, file, partial)
    response = _open(url, headers)
    if response is None:
        return True
    with response:
        if file.digest is None and response.headers.get_content_type() == "text/html":
            raise UnservedError("gives a web page where the file is expected")
        resumed = response.status == HTTPStatus.PARTIAL_CONTENT
        total = _total(response.headers, partial.size() if resumed else 0, resumed=resumed)
        if None not in (total, file.size) and total != file.size:
            raise UnservedError(f"offers {total:,} bytes, where {file.size:,} are expected")
        _copy(url, response, partial, total or file.size, progress, resumed=resumed)
    return resumed


def _resuming(url: str, file: OfficialFile, partial: Partial) -> dict[str, str]:
    """Return headers that ask for the rest only; without a digest to check, bytes of another version never mix."""
    start, version = partial.size(), partial.version(url)
    headers = {"User-Agent": "detaux", "Accept-Encoding": "identity"}
    if start and (version or file.digest):
        headers["Range"] = f"bytes={start}-"
        if version:
            headers["If-Range"] = version
    return headers


def _open(url: str, headers: dict[str, str]) -> HTTPResponse | None:
    """Ask an address; None where it has nothing beyond the bytes that have come already."""
    try:
        asked = request.Request(url, headers=headers)  # noqa: S310 - the opener knows http and https only
        response: HTTPResponse = _opener().open(asked, timeout=_TIMEOUT_SECONDS)
    except HTTPError as fault:
        fault.close()
        if fault.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and "Range" in headers:
            return None
        raise UnservedError(f"{fault.code} {fault.reason}") from fault
    except (OSError, HTTPException, ValueError) as fault:
        raise UnservedError(_words(getattr(fault, "reason", fault))) from fault
    return response


def _opener() -> request.OpenerDirector:
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.UnknownHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPRedirectHandler,
        request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _total(headers: Message, start: int, *, resumed: bool) -> int | None:
    """Return the size of the whole file as the answer tells it, None where it does not."""
    if not resumed:
        length = headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else None
    told = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
    if told is None or int(told[1]) != start:
        raise UnservedError(f"gives another part than was asked for ({headers.get('Content-Range')!r})")
    return int(told[2]) + 1 if told[3] == "*" else int(told[3])


def _copy(
    url: str,
    response: HTTPResponse,
    partial: Partial,
    total: int | None,
    progress: Progress,
    *,
    resumed: bool,
) -> None:
    with partial.path.open("ab" if resumed else "wb") as stream:
        partial.note(url, _version(response.headers))
        done = stream.tell()
        for piece in _pieces(response):
            stream.write(piece)
            done += len(piece)
            progress(done / total if total else 0.0, f"downloading {partial.path.stem}")
            if done == total:
                return
    if total is not None and done != total:
        raise UnservedError(f"stopped after {done:,} of {total:,} bytes")


def _pieces(response: HTTPResponse) -> Iterator[bytes]:
    try:
        while piece := response.read1(_PIECE_BYTES):
            yield piece
    except (OSError, HTTPException) as fault:
        raise UnservedError(_words(fault)) from fault


def _version(headers: Message) -> str | None:
    """Return what tells this version of a file from others, if it can be asked for: a weak tag cannot."""
    tag = headers.get("ETag")
    return tag if tag and not tag.startswith("W/") else headers.get("Last-Modified")


def _words(fault: object) -> str:
    return str(fault) or type(fault).__name__
