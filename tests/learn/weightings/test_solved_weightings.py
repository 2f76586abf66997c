"""The weighting of an optional solver, where it is installed."""

from importlib.util import find_spec

import numpy as np
import pytest

from detaux.core.errors import MachineError
from detaux.learn.registries import weightings
from tests.learn.weightings.jacobians import CONFLICT
from tests.learn.weightings.toy import NEEDED, combined


def is_installed(name: str) -> bool:
    return all(find_spec(package) for package in NEEDED[name])


@pytest.mark.skipif(is_installed("cagrad"), reason="it is installed")
def test_a_missing_solver_is_told_with_the_command_that_installs_it() -> None:
    with pytest.raises(ValueError, match=r"pip install 'detaux\[cagrad\]'") as refusal:
        weightings.get("cagrad")()
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
