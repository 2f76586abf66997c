"""Tables of gradients that conflict or agree, to ask rules of, and what the papers' formulas in numpy need."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

Table = NDArray[np.float64]
CONFLICT = torch.tensor([[3.0, 1.0, 0.0, -1.0], [-2.0, 1.0, 0.5, 0.0]])
ACCORD = torch.tensor([[3.0, 1.0, 0.0, -1.0], [1.0, 1.0, 0.5, 1.0]])
THREE = torch.tensor([[3.0, 1.0, 0.0, -1.0], [-2.0, 1.0, 0.5, 0.0], [-1.0, -2.0, 1.0, 0.5]])
APART = torch.tensor([[3.0, 1.0, 0.0, -1.0], [-6.0, 1.0, 0.5, 0.25]])
"""Their mean is against the first."""
BOTH = pytest.mark.parametrize("jacobian", [CONFLICT, ACCORD], ids=["conflict", "accord"])
ALL = pytest.mark.parametrize("jacobian", [CONFLICT, ACCORD, THREE], ids=["conflict", "accord", "three"])


def close(found: Tensor, expected: Table, rtol: float = 1e-4) -> None:
    np.testing.assert_allclose(found.numpy(), expected, rtol=rtol, atol=1e-4)


def table(jacobian: Tensor) -> Table:
    return jacobian.double().numpy()


def unit(vector: Table) -> Table:
    return np.asarray(vector / np.linalg.norm(vector))
