from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data.cache import ArrayWriter, cached_array, entry_folder

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


def flip_a_bit(home: Path) -> None:
    content = bytearray((home / "array.npy").read_bytes())
    content[-1] ^= 1
    (home / "array.npy").write_bytes(content)


def cut_short(home: Path) -> None:
    os.truncate(home / "array.npy", 100)


def lose_the_manifest(home: Path) -> None:
    (home / "manifest.json").unlink()


def garble_the_manifest(home: Path) -> None:
    (home / "manifest.json").write_text(json.dumps({"bytes": "many"}))


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("damage", [flip_a_bit, cut_short, lose_the_manifest, garble_the_manifest])
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


def test_a_cache_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fill: Counted
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DETAUX_CACHE", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"cannot write .*set DETAUX_CACHE elsewhere"):
        cached_array("test", FACTS, fill)


def test_a_writer_refuses_rows_of_another_kind(tmp_path: Path) -> None:
    with ArrayWriter(tmp_path / "array.npy", (4, 2)) as writer:
        with pytest.raises(ValueError, match=r"found uint8 of \(3,\)"):
            writer.put(0, np.zeros((1, 3), np.uint8))
        with pytest.raises(ValueError, match="found float64"):
            writer.put(0, np.zeros((1, 2)))  # type: ignore[arg-type]  # the wrong type is the point
