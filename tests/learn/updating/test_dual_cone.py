import numpy as np
import pytest

from detaux.learn.updating.dual_cone import project_weights


def test_what_conflicts_with_nothing_stays() -> None:
    gramian, weights = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([0.3, 0.7])
    np.testing.assert_allclose(project_weights(gramian, weights), weights)


@pytest.mark.parametrize("num_tasks", [2, 3, 6])
def test_projection_meets_the_conditions_of_the_least_norm(num_tasks: int) -> None:
    """Of v >= u with least v' G v: G v >= 0, and a weight above u belongs to a gradient that the update does not move."""
    random = np.random.default_rng(num_tasks)
    for _ in range(50):
        rows = random.standard_normal((num_tasks, num_tasks + 2))
        rows[0] -= 2 * rows[1:].sum(0)
        gramian, weights = rows @ rows.T, random.random(num_tasks)
        found = project_weights(gramian, weights)
        assert (found >= weights - 1e-9).all()
        assert (gramian @ found >= -1e-7 * np.trace(gramian)).all()
        np.testing.assert_allclose((found - weights) * (gramian @ found), 0, atol=1e-6 * np.trace(gramian))


def test_a_gramian_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="positive definite"):
        project_weights(np.array([[1.0, 2.0], [2.0, 1.0]]), np.ones(2))
