from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from detaux.core.errors import DataError
from detaux.data.official.file import OfficialFile, UnreadableError, check_official

CONTENT = b"official" * 1000


def file(**changes: Any) -> OfficialFile:
    facts: dict[str, Any] = {
        "name": "toy.bin",
        "urls": ("https://example.org/toy.bin", "https://mirror.example.org/toy.bin"),
        "algorithm": "sha256",
        "digest": hashlib.sha256(CONTENT).hexdigest(),
        "size": len(CONTENT),
    }
    return OfficialFile(**(facts | changes))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "toy.bin"
    path.write_bytes(CONTENT)
    return path


def test_the_published_file_passes(place: Path) -> None:
    assert check_official(place, file()) == file().digest
    check_official(place, file(size=None))
    check_official(place, file(algorithm="md5", digest=hashlib.md5(CONTENT).hexdigest()))  # noqa: S324 (as published)


def test_a_missing_file_is_named_with_address_and_digest(tmp_path: Path) -> None:
    with pytest.raises(
        DataError,
        match=rf"no file .*gone; download https://example.org/toy.bin there \(sha256 {file().digest}",
    ):
        check_official(tmp_path / "gone", file())


def test_a_truncated_file_is_told_by_its_size(place: Path) -> None:
    place.write_bytes(CONTENT[:-1])
    with pytest.raises(DataError, match="7,999 bytes, where 8,000 are expected; download it again"):
        check_official(place, file())


def test_a_flipped_bit_is_told_by_the_digest(place: Path) -> None:
    place.write_bytes(bytes([CONTENT[0] ^ 1]) + CONTENT[1:])
    with pytest.raises(DataError, match=f"has the sha256 .*, where {file().digest} is expected"):
        check_official(place, file())


def test_where_no_digest_is_published_the_one_found_is_told(place: Path) -> None:
    unsigned = file(digest=None)
    assert check_official(place, unsigned) == file().digest
    assert unsigned.identity == {"name": "toy.bin"}
    assert file().identity == {"sha256": file().digest}
    place.unlink()
    with pytest.raises(DataError, match=r"no file .*toy.bin there \(sha256 not published\)$"):
        check_official(place, unsigned)


@pytest.mark.parametrize(
    ("code", "told"), [(errno.EACCES, "Permission denied"), (errno.EIO, "Input/output error")]
)
@pytest.mark.parametrize("call", ["is_file", "open"])
def test_what_cannot_be_read_is_not_called_damaged(
    place: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, told: str
) -> None:
    def refuse(
        *_: object,
    ) -> None:  # stands in for the system: tests may run as root, who may read everything
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, call, refuse)
    with pytest.raises(UnreadableError, match=rf"^cannot read {place}: {told}; see that you may read it"):
        check_official(place, file())


def test_what_else_helps_is_told(place: Path) -> None:
    for fault in (lambda: place.write_bytes(b""), place.unlink):
        fault()
        with pytest.raises(DataError, match=r", or set origin to 'rendered'$"):
            check_official(place, file(instead="set origin to 'rendered'"))


def test_the_reading_is_told_of(place: Path) -> None:
    place.write_bytes(CONTENT * 400)
    told: list[tuple[float, str]] = []
    check_official(place, file(size=None, digest=None), lambda *now: told.append(now))
    assert [text for _, text in told] == ["checking toy.bin"] * 4
    assert [share for share, _ in told] == pytest.approx([0.3277, 0.6554, 0.983, 1.0], abs=1e-3)


def test_it_is_looked_for_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path))
    assert file().default_path == tmp_path / "toy.bin"
