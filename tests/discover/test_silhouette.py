import numpy as np
import pytest

from detaux.discover.criteria.silhouette import Silhouette


@pytest.fixture
def codes() -> np.ndarray:
    """Subspace 1 is one cloud, 2 three far clusters, 3 three near ones, 4 constant."""
    generator = np.random.default_rng(0)
    noise = generator.normal(size=(600, 5, 4))
    centres = generator.normal(size=(3, 4))
    labels = generator.integers(0, 3, 600)
    noise[:, 2] += 40 * centres[labels]
    noise[:, 3] += 4 * centres[labels]
    noise[:, 4] = 1
    return noise


def test_the_clearest_clusters_win(codes: np.ndarray) -> None:
    scores = Silhouette().scores(codes, np.zeros(600, dtype=int))
    assert np.isnan(scores[0])
    assert np.argsort(scores[1:]).tolist() == [1, 2, 0, 3]
    assert scores[2] < -0.9


def test_neither_scale_nor_place_counts(codes: np.ndarray) -> None:
    labels = np.zeros(600, dtype=int)
    moved = codes * np.array([1, 10, 0.1, 3, 1])[:, None] + 7
    np.testing.assert_allclose(
        Silhouette().scores(moved, labels), Silhouette().scores(codes, labels), atol=1e-6
    )


def test_a_subspace_without_clusters_is_never_best(codes: np.ndarray) -> None:
    assert Silhouette().scores(codes, np.zeros(600, dtype=int))[4] == np.inf


@pytest.mark.parametrize("options", [{"max_clusters": 1}, {"samples": 2}])
def test_impossible_options_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be at least"):
        Silhouette(**options)
