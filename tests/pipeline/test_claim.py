import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from detaux.pipeline.claim import STALE_SECONDS, claimed, is_claimed


def write_claim(work: Path, host: str, process: int, *, age: float = 0.0) -> None:
    work.mkdir()
    claim = work / "claim.json"
    claim.write_text(json.dumps({"host": host, "pid": process}))
    os.utime(claim, (time.time() - age,) * 2)


def test_one_claim_at_a_time(tmp_path: Path) -> None:
    with claimed(tmp_path / "job") as first, claimed(tmp_path / "job") as second:
        assert first
        assert not second
    assert not is_claimed(tmp_path / "job")


def test_the_claim_of_a_killed_process_is_void(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    write_claim(tmp_path / "job", socket.gethostname(), dead.pid)
    assert not is_claimed(tmp_path / "job")
    with claimed(tmp_path / "job") as ours:
        assert ours


def test_a_claim_on_another_machine_lives_by_its_heartbeat(tmp_path: Path) -> None:
    write_claim(tmp_path / "fresh", "elsewhere", 1)
    write_claim(tmp_path / "stale", "elsewhere", 1, age=STALE_SECONDS + 1)
    assert is_claimed(tmp_path / "fresh")
    assert not is_claimed(tmp_path / "stale")


def test_a_broken_claim_is_void(tmp_path: Path) -> None:
    (tmp_path / "claim.json").write_text("{")
    assert not is_claimed(tmp_path)
