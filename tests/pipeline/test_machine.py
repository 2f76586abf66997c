"""Faults of the machine leave no artifact; those of a job do."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from detaux.core.errors import DataError, DeviceError
from detaux.pipeline.job import Job
from detaux.pipeline.machine import is_machine_fault
from detaux.pipeline.run import run_job
from detaux.pipeline.stage import Context
from detaux.pipeline.store import Store

JOB = Job(stage="learn", config={})


def full_disk(_: Context) -> None:
    with Path("/dev/full").open("w") as disk:
        disk.write("x")


def wrapped_full_disk(_: Context) -> None:
    try:
        full_disk(_)
    except OSError as fault:
        raise DataError("the cache cannot be written") from fault


def no_memory(_: Context) -> None:
    torch.empty(1 << 60, dtype=torch.uint8)


def no_python_memory(_: Context) -> None:
    bytearray(1 << 62)


def no_device(_: Context) -> None:
    raise DeviceError("no such device")


def full_disk_of_numpy(_: Context) -> None:
    raise OSError("1000 requested and 24 written")


@pytest.fixture
def run_stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[Any, Store]]:
    """Run a job whose stage is a function of a test."""

    def run(stage: Callable[[Context], None], **options: Any) -> tuple[Any, Store]:
        monkeypatch.setattr("detaux.pipeline.stages.learn.run", stage)
        store = Store(tmp_path)
        return run_job(JOB, store, device="cpu", **options), store

    return run


@pytest.mark.parametrize(
    "stage", [full_disk, wrapped_full_disk, no_memory, no_python_memory, no_device, full_disk_of_numpy]
)
def test_a_fault_of_the_machine_is_told_and_not_kept(
    run_stage: Callable[..., tuple[Any, Store]], stage: Callable[[Context], None]
) -> None:
    outcome, store = run_stage(stage)
    assert (outcome.status, outcome.kept, outcome.cached) == ("error", False, False)
    assert outcome.reason
    assert store.standing(JOB.stage, JOB.key)[0] == "missing"
    assert not list(store.folder(JOB.stage, JOB.key).parent.iterdir())
    assert run_stage(lambda _: None)[0].status == "done"


def test_a_checkpoint_outlives_a_full_disk(run_stage: Callable[..., tuple[Any, Store]]) -> None:
    def fill_up(context: Context) -> None:
        (context.work / "checkpoint").touch()
        full_disk(context)

    _, store = run_stage(fill_up)
    assert (store.work_folder(JOB.key) / "checkpoint").exists()


def bad_value(_: Context) -> None:
    raise ValueError("10 images requested and none written about")


def bad_data(_: Context) -> None:
    raise DataError("no class")


def bad_picture(_: Context) -> None:
    raise OSError("image file is truncated")


@pytest.mark.parametrize("stage", [bad_value, bad_data, bad_picture])
def test_a_fault_of_the_job_is_kept(
    run_stage: Callable[..., tuple[Any, Store]], stage: Callable[[Context], None]
) -> None:
    outcome, store = run_stage(stage)
    assert (outcome.status, outcome.kept) == ("error", True)
    assert store.standing(JOB.stage, JOB.key)[0] == "error"
    assert run_stage(lambda _: None)[0].cached
    assert run_stage(lambda _: None, retry_failed=True)[0].status == "done"


def test_an_earlier_error_outlives_a_retry_that_the_machine_spoils(
    run_stage: Callable[..., tuple[Any, Store]],
) -> None:
    run_stage(bad_data)
    _, store = run_stage(full_disk, retry_failed=True)
    assert store.standing(JOB.stage, JOB.key) == ("error", "no class")


@pytest.mark.parametrize(
    ("fault", "machines"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), True),
        (OSError(errno.ESTALE, "Stale file handle"), True),
        (RuntimeError("shapes differ"), False),
        (None, False),
    ],
)
def test_faults_are_told_apart(fault: BaseException | None, machines: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    assert is_machine_fault(fault) is machines
