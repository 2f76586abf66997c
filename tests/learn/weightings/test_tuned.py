import pytest
import torch

from detaux.learn.registries import Tuned as Protocol
from detaux.learn.weightings.tuned import Tuned
from tests.learn.weightings.toy import Toy, gradient, gradient_rows


def test_candidates_are_fixed_weights_in_order() -> None:
    tuned = Tuned(grid=(0.3, 0.0, 2.0))
    assert isinstance(tuned, Protocol)
    for weight, candidate in zip((0.3, 0.0, 2.0), tuned.candidates(), strict=True):
        toy = Toy()
        toy.backward(candidate.build(2))
        torch.testing.assert_close(gradient(toy.shared), torch.tensor([1.0, weight]) @ gradient_rows(toy))


def test_tuned_is_no_rule_itself() -> None:
    with pytest.raises(TypeError, match=r"candidates\(\)"):
        Tuned().build(2)


@pytest.mark.parametrize("grid", [(), (0.1, 0.1), (-0.1,), (float("nan"),), tuple(range(101))])
def test_a_grid_that_cannot_be_searched_is_refused(grid: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="grid must"):
        Tuned(grid=grid)
