import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from detaux.core.errors import LocationError
from detaux.pipeline import claim as claims
from detaux.pipeline import processes
from detaux.pipeline.claim import STALE_SECONDS, claimed, is_claimed
from detaux.pipeline.processes import new_mark

KEY = "ab12"


def write_claim(folder: Path, mark: str, *, age: float = 0.0) -> Path:
    folder.mkdir(exist_ok=True)
    claim = folder / f"{KEY}.{mark}"
    claim.touch()
    os.utime(claim, (time.time() - age,) * 2)
    return claim


def marks(*, host: str | None = None, process: int, start: str = "") -> str:
    mine = re.fullmatch(r"(?P<host>\w+)-\d+(?P<start>-\d+)?\.\w+", new_mark())
    assert mine
    return f"{host or mine['host']}-{process}{start}.0a"


def test_one_claim_at_a_time(tmp_path: Path) -> None:
    with claimed(tmp_path, KEY) as first, claimed(tmp_path, KEY) as second:
        assert first
        assert not second
        with claimed(tmp_path, "cd34") as other_job:
            assert other_job
    assert not list(tmp_path.iterdir())


def test_of_many_that_come_at_once_no_two_are_let_in(tmp_path: Path) -> None:
    """All reach for the claim at one time, again and again; whoever holds it looks whether anyone else does."""
    inside: list[int] = []
    met: list[tuple[int, ...]] = []
    start = threading.Barrier(8)

    def reach(driver: int) -> None:
        for _ in range(40):
            start.wait()
            with claimed(tmp_path, KEY) as ours:
                if ours:
                    inside.append(driver)
                    time.sleep(0)
                    met.append(tuple(inside))
                    inside.remove(driver)

    threads = [threading.Thread(target=reach, args=(driver,)) for driver in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met
    assert all(len(drivers) == 1 for drivers in met)


REACH = """
import sys, time
from pathlib import Path
from detaux.pipeline.claim import claimed
folder, end = Path(sys.argv[1]), time.monotonic() + 1
while time.monotonic() < end:
    with claimed(folder / "claims", "ab12") as ours:
        if ours:
            (folder / "inside").touch(exist_ok=False)
            (folder / "inside").unlink()
            print("in")
"""


def test_processes_are_let_in_one_by_one(tmp_path: Path) -> None:
    """A process that finds another one inside ends with an error."""
    command = [sys.executable, "-c", REACH, str(tmp_path)]
    drivers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    said = [driver.communicate()[0] for driver in drivers]
    assert [driver.returncode for driver in drivers] == [0, 0, 0]
    assert any(said)


def test_a_claim_that_lies_there_half_made_is_held(tmp_path: Path) -> None:
    """What another driver has only begun to write must not be taken for a void claim."""
    write_claim(tmp_path, "")
    assert is_claimed(tmp_path, KEY)
    with claimed(tmp_path, KEY) as ours:
        assert not ours


def test_the_claim_of_a_killed_process_is_void_and_swept(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    void = write_claim(tmp_path, marks(process=dead.pid))
    assert not is_claimed(tmp_path, KEY)
    with claimed(tmp_path, KEY) as ours:
        assert ours
        assert not void.exists()


def test_the_claim_of_a_running_process_lives(tmp_path: Path) -> None:
    write_claim(tmp_path, marks(process=os.getppid()))
    assert is_claimed(tmp_path, KEY)


def test_a_process_that_was_killed_and_not_yet_waited_for_is_dead(tmp_path: Path) -> None:
    zombie = subprocess.Popen([sys.executable, "-c", "pass"])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    write_claim(tmp_path, marks(process=zombie.pid))
    assert not is_claimed(tmp_path, KEY)
    zombie.wait()


@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="the system does not say when a process began"
)
def test_a_pid_that_another_process_has_now_holds_no_claim(tmp_path: Path) -> None:
    _, _, start = new_mark().partition(".")[0].split("-")
    write_claim(tmp_path / "mine", marks(process=os.getpid(), start=f"-{start}"))
    write_claim(tmp_path / "before", marks(process=os.getpid(), start=f"-{int(start) - 1}"))
    assert is_claimed(tmp_path / "mine", KEY)
    assert not is_claimed(tmp_path / "before", KEY)


def test_claims_that_cannot_be_written_are_told_by_their_place(tmp_path: Path) -> None:
    (tmp_path / "claims").touch()
    with (
        pytest.raises(LocationError, match=r"claims'.*a file is in the way"),
        claimed(tmp_path / "claims", KEY),
    ):
        pass


def test_a_pid_given_anew_does_not_keep_an_old_claim_alive(tmp_path: Path) -> None:
    write_claim(tmp_path, marks(process=os.getppid()), age=STALE_SECONDS + 1)
    assert not is_claimed(tmp_path, KEY)


def test_a_claim_on_another_machine_lives_by_its_heartbeat(tmp_path: Path) -> None:
    write_claim(tmp_path / "fresh", marks(host="elsewhere", process=1))
    write_claim(tmp_path / "stale", marks(host="elsewhere", process=1), age=STALE_SECONDS + 1)
    assert is_claimed(tmp_path / "fresh", KEY)
    assert not is_claimed(tmp_path / "stale", KEY)


def test_a_claim_of_a_namesake_with_other_process_numbers_lives_by_its_heartbeat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a container of the same name: its process 1 is not ours, and one that we lack may run there."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / "boot").write_text("another boot")
    with monkeypatch.context() as there:
        there.setattr(processes, "_BOOT", tmp_path / "boot")
        mark = marks(process=dead.pid)
    write_claim(tmp_path / "fresh", mark)
    write_claim(tmp_path / "stale", mark, age=STALE_SECONDS + 1)
    assert is_claimed(tmp_path / "fresh", KEY)
    assert not is_claimed(tmp_path / "stale", KEY)


def test_a_driver_gives_back_its_own_claim_only(tmp_path: Path) -> None:
    """One that fell silent, and whose job another driver took up, leaves that driver's claim alone."""
    with claimed(tmp_path, KEY):
        (mine,) = tmp_path.iterdir()
        os.utime(mine, (time.time() - STALE_SECONDS - 1,) * 2)
        with claimed(tmp_path, KEY) as taken:
            assert taken
            assert not mine.exists()
            theirs = write_claim(tmp_path, marks(host="elsewhere", process=1))
    assert list(tmp_path.iterdir()) == [theirs]


def test_a_heart_that_lost_its_claim_beats_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Warnings are errors here, so a heartbeat thread that dies fails this test."""
    monkeypatch.setattr(claims, "HEARTBEAT_SECONDS", 0.01)
    with claimed(tmp_path, KEY) as ours:
        assert ours
        (claim,) = tmp_path.iterdir()
        claim.unlink()
        time.sleep(0.05)
        write_claim(tmp_path, claim.name.removeprefix(f"{KEY}."), age=STALE_SECONDS + 1)
        time.sleep(0.05)
        assert is_claimed(tmp_path, KEY)
