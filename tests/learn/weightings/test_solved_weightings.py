"""Weightings of optional solvers, where these are installed."""

from importlib.util import find_spec

import numpy as np
import pytest
import torch

from detaux.core.errors import MachineError
from detaux.learn.registries import weightings
from tests.learn.weightings.jacobians import CONFLICT
from tests.learn.weightings.toy import NEEDED, combined


def is_installed(name: str) -> bool:
    return all(find_spec(package) for package in NEEDED[name])


@pytest.mark.parametrize(("name", "extra"), [("cagrad", "cagrad"), ("nash_mtl", "nashmtl")])
def test_a_missing_solver_is_told_with_the_command_that_installs_it(name: str, extra: str) -> None:
    if is_installed(name):
        pytest.skip("it is installed")
    with pytest.raises(ValueError, match=rf"pip install 'detaux\[{extra}\]'") as refusal:
        weightings.get(name)()
    assert isinstance(refusal.value, MachineError)


@pytest.mark.skipif(not is_installed("cagrad"), reason="needs detaux[cagrad]")
@pytest.mark.parametrize("scale", [1.0, 1e-4])
@pytest.mark.parametrize("radius", [0.0, 0.4, 0.9])
def test_cagrad_is_the_best_of_a_fine_grid(radius: float, scale: float) -> None:
    """The dual of its Algorithm 1: least g_w g_0 + c |g_0| |g_w| over all convex g_w, then g_0 + c |g_0| g_w / |g_w|."""
    rows = CONFLICT.double().numpy()
    mean, shares = rows.mean(0), np.linspace(0, 1, 20_001)
    mixed = shares[:, None] * rows[0] + (1 - shares[:, None]) * rows[1]
    size = radius * np.linalg.norm(mean)
    best = mixed[np.argmin(mixed @ mean + size * np.linalg.norm(mixed, axis=1))]
    found = combined(weightings.get("cagrad")(radius=radius).build(2), scale * CONFLICT) / scale
    np.testing.assert_allclose(found, mean + size * best / np.linalg.norm(best), atol=1e-3)


@pytest.mark.skipif(not is_installed("nash_mtl"), reason="needs detaux[nashmtl]")
@pytest.mark.parametrize("max_norm", [0.0, 1.0])
def test_nash_mtl_s_weights_are_1_over_the_progress(max_norm: float) -> None:
    found = combined(weightings.get("nash_mtl")(max_norm=max_norm).build(2), CONFLICT).double().numpy()
    weights = np.linalg.lstsq(CONFLICT.double().numpy().T, found, rcond=None)[0]
    bargain = weights * (CONFLICT.double().numpy() @ found)
    np.testing.assert_allclose(bargain, bargain.mean(), rtol=1e-2)
    if max_norm:
        assert np.linalg.norm(found) == pytest.approx(max_norm, rel=1e-3)


@pytest.mark.skipif(not is_installed("nash_mtl"), reason="needs detaux[nashmtl]")
def test_a_step_in_which_nash_mtl_s_solver_fails_takes_the_mean_and_is_counted() -> None:
    """A task without a gradient makes no progress under any weights."""
    rule, other = (weightings.get("nash_mtl")().build(2) for _ in range(2))
    failing = torch.tensor([[0.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0]])
    assert torch.equal(combined(rule, failing), failing.mean(0))
    assert rule.scores()["solver_failures_mean_taken"] == 1
    torch.testing.assert_close(combined(rule, CONFLICT), combined(other, CONFLICT))
    assert (rule.scores()["solver_failures_mean_taken"], other.scores()["solver_failures_mean_taken"]) == (
        1,
        0,
    )
