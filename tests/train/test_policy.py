from __future__ import annotations

import re

import pytest
import torch

from detaux.core.errors import DeviceError
from detaux.train.policy import Policy, check_device, policy_for


def test_the_processor_is_always_there() -> None:
    assert policy_for("cpu").device == torch.device("cpu")


def test_auto_takes_what_there_is() -> None:
    assert policy_for().device.type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("device", ["cuda:99", "abacus", "meta", "CPU", "", "cuda:", "cuda:-1", "cpu\n"])
def test_a_device_that_is_not_there_is_refused_by_name(device: str) -> None:
    with pytest.raises(DeviceError, match=re.escape(repr(device))):
        policy_for(device)


def test_a_device_of_another_machine_is_known_by_its_name() -> None:
    check_device("cuda:99", here=False)
    with pytest.raises(DeviceError, match="'auto', 'cpu', 'cuda'"):
        check_device("nonsense", here=False)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one")
def test_a_missing_gpu_is_said_without_touching_one() -> None:
    with pytest.raises(DeviceError, match="0 CUDA devices"):
        check_device("cuda")


@pytest.mark.parametrize(("amp", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_autocast_follows_the_policy(amp: bool, dtype: torch.dtype) -> None:  # noqa: FBT001 (a parameter of the test)
    policy = Policy(device=torch.device("cpu"), amp=amp)
    with policy.autocast():
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == dtype
