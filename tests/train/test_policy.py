from __future__ import annotations

import pytest
import torch

from detaux.train.policy import Policy, policy_for


def test_the_processor_is_always_there() -> None:
    assert policy_for("cpu").device == torch.device("cpu")


def test_auto_takes_what_there_is() -> None:
    assert policy_for().device.type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("device", ["cuda:99", "abacus"])
def test_a_device_that_is_not_there_is_refused_by_name(device: str) -> None:
    with pytest.raises(ValueError, match=device):
        policy_for(device)


@pytest.mark.parametrize(("amp", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_autocast_follows_the_policy(amp: bool, dtype: torch.dtype) -> None:  # noqa: FBT001 (a parameter of the test)
    policy = Policy(device=torch.device("cpu"), amp=amp)
    with policy.autocast():
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == dtype
