from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import NoAuxiliaryTaskError
from detaux.discover import AuxiliaryTask, Criterion, Found, NoisePolicy, discover
from detaux.discover.clusterings.hdbscan import Hdbscan
from detaux.discover.clusterings.kmeans import Kmeans
from detaux.discover.criteria.fixed import Fixed
from detaux.discover.criteria.orthogonality import Orthogonality
from detaux.discover.criteria.principal import Principal
from detaux.discover.criteria.whole import Whole

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def _codes(count: int, seed: int) -> tuple[Floats, Ints, Ints]:
    """Return codes of a stage one that worked, with principal labels and the values that subspace 2 holds.

    Subspace 0 holds the principal label and lies along subspace 1; 2 holds four values, with a stray in twenty
    far out beyond its group; 3 is collapsed; 4 is one Gaussian, with a mean along the principal codes.
    """
    generator = np.random.default_rng(seed)
    labels, hidden = generator.integers(0, 3, count), generator.integers(0, 4, count)
    codes = generator.normal(size=(count, 5, 4))
    codes[:, 0] = 8 * np.eye(3, 4)[labels] + 0.5 * codes[:, 0]
    codes[:, 1] += codes[:, 0]
    codes[:, 2] = 8 * (np.eye(4)[hidden] - 0.25) + 0.5 * codes[:, 2]
    codes[::20, 2] *= 3
    codes[:, 3] *= 1e-5
    codes[:, 4] += 3
    return codes.astype(np.float32), labels, hidden


TRAIN, LABELS, HIDDEN = _codes(900, 0)
VALIDATION, _, HIDDEN_VALIDATION = _codes(300, 1)


def _find(
    noise: NoisePolicy = "own_class",
    *,
    criterion: Criterion | None = None,
    tasks: int = 1,
    least: int = 60,
    max_fit: int = 50_000,
    seed: int = 0,
) -> Found:
    return discover(
        TRAIN,
        VALIDATION,
        LABELS,
        criterion=criterion or Orthogonality(),
        clustering=Hdbscan(min_cluster_size=least),
        noise=noise,
        min_variance_share=0.01,
        tasks=tasks,
        max_fit=max_fit,
        seed=seed,
    )


def _discover(noise: NoisePolicy = "own_class", *, max_fit: int = 50_000, seed: int = 0) -> AuxiliaryTask:
    (task,) = _find(noise, max_fit=max_fit, seed=seed).tasks
    return task


def _pure(labels: Ints, truth: Ints) -> bool:
    """Say whether labels and truth name the same groups, wherever there is a label."""
    kept = labels != -1
    pairs = {*zip(labels[kept].tolist(), truth[kept].tolist(), strict=True)}
    return len(pairs) == len({label for label, _ in pairs}) == len({value for _, value in pairs})


@pytest.mark.parametrize("max_fit", [50_000, 400])
def test_the_hidden_values_are_found_on_both_splits(max_fit: int) -> None:
    found = _find("ignore", max_fit=max_fit)
    (task,) = found.tasks
    assert (task.subspace, found.choice.subspace) == (2, 2)
    assert found.choice.dead_subspaces == 1
    assert found.notes == ()
    assert (task.num_clusters, task.num_classes) == (4, 4)
    assert task.noise_share == np.mean(task.train == -1) < 0.2
    assert _pure(task.train, HIDDEN)
    assert _pure(task.validation, HIDDEN_VALIDATION)


def test_policies_differ_in_noise_alone() -> None:
    left_out, own, nearest = _discover("ignore"), _discover("own_class"), _discover("nearest")
    noise = left_out.clusters == -1
    assert noise.any()
    assert (own.train[noise] == own.noise_class).all()
    np.testing.assert_array_equal(own.train[~noise], left_out.train[~noise] + 1)
    assert own.num_classes == 5
    np.testing.assert_array_equal(nearest.train[~noise], left_out.train[~noise])
    assert _pure(nearest.train, HIDDEN)
    assert _pure(nearest.validation, HIDDEN_VALIDATION)


def test_equal_seeds_give_equal_tasks() -> None:
    first, second = _discover(max_fit=400, seed=5), _discover(max_fit=400, seed=5)
    np.testing.assert_array_equal(first.train, second.train)
    np.testing.assert_array_equal(first.validation, second.validation)


def test_the_validation_split_has_no_part_in_the_fit() -> None:
    (task,) = discover(
        TRAIN,
        np.flip(VALIDATION[:7]) * 3,
        LABELS,
        criterion=Orthogonality(),
        clustering=Hdbscan(min_cluster_size=60),
        noise="own_class",
        min_variance_share=0.01,
        seed=0,
    ).tasks
    np.testing.assert_array_equal(task.train, _discover().train)


def test_kmeans_finds_the_number_of_values_by_itself() -> None:
    in_groups = np.arange(len(TRAIN)) % 20 != 0  # k-means would make clusters of the strays
    (task,) = discover(
        TRAIN[in_groups],
        VALIDATION,
        LABELS[in_groups],
        criterion=Orthogonality(),
        clustering=Kmeans(),
        noise="own_class",
        min_variance_share=0.01,
        seed=0,
    ).tasks
    assert (task.num_classes, task.noise_share, task.noise_class) == (4, 0, None)
    assert _pure(task.train, HIDDEN[in_groups])


def test_too_few_clusters_are_no_task_and_the_reason_says_why() -> None:
    reason = r"subspace 4 has 0 clusters, and a task needs 2: 500 of 900 training images fitted, 100\.0% of all are noise"
    with pytest.raises(NoAuxiliaryTaskError, match=reason):
        discover(
            TRAIN,
            VALIDATION,
            LABELS,
            criterion=Fixed(index=4),
            clustering=Hdbscan(min_cluster_size=100),
            noise="ignore",
            min_variance_share=0.01,
            max_fit=500,
            seed=0,
        )


def test_several_subspaces_give_a_task_each_the_best_first() -> None:
    one, two = _find("ignore"), _find("ignore", tasks=3)
    assert two.choice.ranking == (2, 4, 1)
    assert [task.subspace for task in two.tasks] == [2, 1]
    np.testing.assert_array_equal(two.tasks[0].train, one.tasks[0].train)
    assert _pure(two.tasks[1].train, LABELS)
    (note,) = two.notes
    assert note.startswith("subspace 4 has 0 clusters, and a task needs 2")


def test_what_is_left_out_is_not_replaced() -> None:
    assert [task.subspace for task in _find(tasks=2).tasks] == [2]


def test_fewer_candidates_than_tasks_are_noted() -> None:
    found = _find(tasks=4)
    assert len(found.tasks) == 2
    assert found.notes[0] == "4 tasks were asked for, but the number of subspaces to choose among is 3"


def test_the_principal_subspace_gives_the_principal_task() -> None:
    (task,) = _find("ignore", criterion=Principal()).tasks
    assert (task.subspace, task.num_clusters) == (0, 3)
    assert _pure(task.train, LABELS)


def test_the_whole_code_is_clustered_as_one() -> None:
    found = _find("ignore", criterion=Whole(), least=40)
    (task,) = found.tasks
    assert (task.subspace, task.num_clusters, found.choice.ranking) == (0, 12, (0,))
    assert found.choice.variance_share.tolist() == [1]
    assert _pure(task.train, LABELS * 4 + HIDDEN)
    assert task.validation.shape == (300,)


def test_impossible_options_are_errors_of_the_caller() -> None:
    with pytest.raises(ValueError, match="tasks must be at least 1, but found 0"):
        _find(tasks=0)
    with pytest.raises(ValueError, match="but found 'drop'"):
        _discover(cast("NoisePolicy", "drop"))
    with pytest.raises(ValueError, match="below the 5 subspaces"):
        discover(
            TRAIN,
            VALIDATION,
            LABELS,
            criterion=Fixed(index=5),
            clustering=Kmeans(),
            noise="ignore",
            min_variance_share=0,
            seed=0,
        )
