from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data.cache import ArrayWriter, cached_array, entry_folder, only_prepared

ROWS = np.arange(24, dtype=np.uint8).reshape(4, 3, 2)
FACTS = {"what": "a test", "version": 1}


class Counted:
    """Fills an entry with ROWS, and counts how often."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, path: Path) -> Mapping[str, Any]:
        self.calls += 1
        with ArrayWriter(path, ROWS.shape) as writer:
            writer.put(2, ROWS[2:])
            writer.put(0, ROWS[:2])
        return {"calls": self.calls}


@pytest.fixture
def fill() -> Counted:
    return Counted()


@pytest.mark.usefixtures("empty_cache")
def test_an_array_is_made_once_and_then_opened(fill: Counted) -> None:
    for _ in range(2):
        entry = cached_array("test", FACTS, fill)
        np.testing.assert_array_equal(entry.array, ROWS)
        assert entry.notes == {"calls": 1}
    assert fill.calls == 1
    assert isinstance(entry.array, np.memmap)
    assert not entry.array.flags.writeable


@pytest.mark.usefixtures("empty_cache")
def test_other_facts_are_another_entry(fill: Counted) -> None:
    cached_array("test", FACTS, fill)
    cached_array("test", {**FACTS, "version": 2}, fill)
    assert fill.calls == 2


def test_where_only_prepared_entries_are_asked_for_none_is_made(fill: Counted, empty_cache: Path) -> None:
    with only_prepared(), pytest.raises(DataError, match="has not been prepared"):
        cached_array("test", FACTS, fill)
    assert not empty_cache.exists()
    cached_array("test", FACTS, fill)
    with only_prepared():
        np.testing.assert_array_equal(cached_array("test", FACTS, fill).array, ROWS)
    assert fill.calls == 1


def flip_a_bit(home: Path) -> None:
    content = bytearray((home / "array.npy").read_bytes())
    content[-1] ^= 1
    (home / "array.npy").write_bytes(content)


def cut_short(home: Path) -> None:
    os.truncate(home / "array.npy", 100)


def move_a_label(home: Path) -> None:
    text = (home / "manifest.json").read_text()
    (home / "manifest.json").write_text(text.replace('"calls": 1', '"calls": 7'))


def lose_the_manifest(home: Path) -> None:
    (home / "manifest.json").unlink()


def garble_the_manifest(home: Path) -> None:
    (home / "manifest.json").write_text(json.dumps({"bytes": "many"}))


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize(
    "damage", [flip_a_bit, cut_short, move_a_label, lose_the_manifest, garble_the_manifest]
)
def test_a_damaged_entry_is_made_again(fill: Counted, damage: Callable[[Path], None]) -> None:
    cached_array("test", FACTS, fill)
    damage(entry_folder("test", FACTS))
    np.testing.assert_array_equal(cached_array("test", FACTS, fill).array, ROWS)
    assert fill.calls == 2


@pytest.mark.usefixtures("empty_cache")
def test_work_that_fails_leaves_no_entry(fill: Counted) -> None:
    def fail(path: Path) -> Mapping[str, Any]:
        fill(path)
        raise DataError("no more images")

    with pytest.raises(DataError, match="no more images"):
        cached_array("test", FACTS, fail)
    home = entry_folder("test", FACTS)
    assert not home.exists()
    assert [path.suffix for path in home.parent.iterdir()] == [".lock"]


@pytest.mark.usefixtures("empty_cache")
def test_what_a_killed_process_left_behind_is_no_hindrance(fill: Counted) -> None:
    leftover = entry_folder("test", FACTS).with_suffix(".partial")
    leftover.mkdir(parents=True)
    (leftover / "array.npy").write_bytes(b"half")
    np.testing.assert_array_equal(cached_array("test", FACTS, fill).array, ROWS)
    assert not leftover.exists()


def test_two_processes_share_the_work(empty_cache: Path, tmp_path: Path) -> None:
    program = f"""
import time
from pathlib import Path
import numpy as np
from detaux.data.cache import ArrayWriter, cached_array

def fill(path):
    with open({str(tmp_path / "calls")!r}, "a") as log:
        log.write("x")
    with ArrayWriter(path, (5, 2)) as writer:
        time.sleep(0.5)
        writer.put(0, np.full((5, 2), 7, np.uint8))
    return {{}}

assert (cached_array("test", {{"a": 1}}, fill).array == 7).all()
"""
    environment = {**os.environ, "DETAUX_CACHE": str(empty_cache)}
    workers = [subprocess.Popen([sys.executable, "-c", program], env=environment) for _ in range(2)]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    assert (tmp_path / "calls").read_text() == "x"


def test_a_file_in_the_place_of_the_cache_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fill: Counted
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path / "file"))
    with pytest.raises(
        DataError, match=r"cannot write .*/file is in the way; remove it, or set DETAUX_CACHE"
    ):
        cached_array("test", FACTS, fill)


def as_file(place: Path) -> None:
    place.write_text("mine")


def as_folder(place: Path) -> None:
    (place / "mine").mkdir(parents=True)


def as_link(place: Path) -> None:
    (place.parent / "elsewhere").write_text("mine")
    place.symlink_to(place.parent / "elsewhere")


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize(
    ("suffix", "put"),
    [
        ("", as_file),
        ("", as_link),
        (".partial", as_file),
        (".partial", as_link),
        (".lock", as_folder),
        (".lock", as_link),
        (".lock", os.mkfifo),
    ],
)
def test_what_lies_in_the_way_of_an_entry_is_named_before_the_work(
    fill: Counted, suffix: str, put: Callable[[Path], None]
) -> None:
    place = entry_folder("test", FACTS).with_suffix(suffix)
    place.parent.mkdir(parents=True)
    put(place)
    before = place.lstat()
    with pytest.raises(DataError, match=rf"cannot write .*{re.escape(str(place))} is in the way; remove it"):
        cached_array("test", FACTS, fill)
    assert fill.calls == 0
    assert place.lstat() == before
    elsewhere = place.parent / "elsewhere"
    assert not elsewhere.exists() or elsewhere.read_text() == "mine"


@pytest.mark.usefixtures("empty_cache")
def test_a_full_disk_is_the_caches_fault(fill: Counted) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(
            DataError, match=r"^cannot write .*array\.npy'; make room there, or set DETAUX_CACHE"
        ):
            cached_array("test", FACTS, fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not entry_folder("test", FACTS).exists()


def closed_to_us(source: Path) -> None:
    source.touch()
    source.chmod(0)


@pytest.mark.parametrize(
    ("put", "fault"),
    [
        (lambda _: None, "No such file or directory"),
        (as_folder, "Is a directory"),
        pytest.param(
            closed_to_us,
            "Permission denied",
            marks=pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file"),
        ),
    ],
)
def test_a_source_that_cannot_be_read_is_named_though_it_lies_in_the_cache(
    empty_cache: Path, fill: Counted, put: Callable[[Path], None], fault: str
) -> None:
    source = empty_cache / "official.zip"
    empty_cache.mkdir()
    put(source)

    def read(path: Path) -> Mapping[str, Any]:
        source.read_bytes()
        return fill(path)

    told = rf"^cannot read {re.escape(str(source))}: {fault}; see .*chmod u\+r.*option path$"
    with pytest.raises(DataError, match=told):
        cached_array("test", FACTS, read)


@pytest.mark.usefixtures("empty_cache")
def test_a_fault_of_reading_that_names_no_file_is_not_said_to_be_the_caches() -> None:
    def read(path: Path) -> Mapping[str, Any]:
        with ArrayWriter(path, ROWS.shape), Path("/proc/self/mem").open("rb") as stream:
            stream.read(1)
        return {}

    with pytest.raises(DataError, match=r"^cannot read what 'test' is made from: .*look after .* files$"):
        cached_array("test", FACTS, read)
