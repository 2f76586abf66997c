"""Stage two in one call: from codes to the auxiliary tasks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels, check_finite, check_rank
from detaux.core.errors import NoAuxiliaryTaskError
from detaux.discover.base import Clustering, Criterion
from detaux.discover.choose import Choice, choose_subspace
from detaux.discover.fitting import Clustered, cluster_codes
from detaux.discover.noise import NoisePolicy, check_policy, classes_of

_LEAST_CLUSTERS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class AuxiliaryTask:
    """Discovered labels, and how they came about."""

    subspace: int
    """Index of the subspace that was clustered."""
    train: NDArray[np.int64]
    """Auxiliary class of each training image, shape (n,), -1 where left out of the loss."""
    validation: NDArray[np.int64]
    """Auxiliary class of each validation image, shape (m,), -1 where left out."""
    num_classes: int
    """How many classes there are, at least 2."""
    noise_class: int | None
    """The class that stands for noise; None where there is none."""
    clusters: NDArray[np.int64]
    """Cluster of each training image before noise was dealt with, shape (n,), -1 where noise."""
    num_clusters: int
    """How many clusters there are, at least 2; noise is none."""
    noise_share: float
    """Share of training images that are noise, in [0, 1]."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """All that stage two found."""

    tasks: tuple[AuxiliaryTask, ...]
    """At least one, that of the best subspace first."""
    choice: Choice
    """Which subspaces were clustered, and why."""
    notes: tuple[str, ...]
    """Why there are fewer tasks than were asked for, a sentence each."""


def discover(
    codes_train: Codes,
    codes_validation: Codes,
    labels_train: Labels,
    *,
    criterion: Criterion,
    clustering: Clustering,
    noise: NoisePolicy,
    min_variance_share: float,
    tasks: int = 1,
    max_fit: int = 50_000,
    seed: int,
) -> Found:
    """Choose subspaces, cluster each on the training split, and make its clusters classes.

    Args:
        codes_train: Codes of the training split, shape (n, K, D), float, finite.
        codes_validation: Codes of the validation split, shape (m, K, D); it gets labels, but has no part in
            the choice nor the fit.
        labels_train: Principal labels of the training split, shape (n,), int.
        criterion: Which subspaces.
        clustering: How to cluster them.
        noise: What becomes of images that no cluster takes in.
        min_variance_share: Least share in the codes' variance of a subspace to cluster, in [0, 1].
        tasks: Subspaces to cluster, the best by the criterion, at least 1; those that make fewer than two clusters
            are left out, and none takes their place.
        max_fit: Most images to fit the clustering on.
        seed: Seed of all draws; what is found in a subspace does not depend on how many others are clustered.

    Raises:
        NoAuxiliaryTaskError: If no subspace is alive, or none of those clustered has two clusters.
        ValueError: If shapes do not fit, codes are not finite, or an option is impossible.

    Source: Skenderi et al. 2025, arXiv:2310.09278, Section 3; several tasks as in its version of 2023. Differs in: dead
    subspaces are no candidates; fitted on the training split only.
    """
    check_policy(noise)
    if tasks < 1:
        raise ValueError(f"tasks must be at least 1, but found {tasks}")
    check_rank("codes_train", codes_train, 3)
    check_rank("codes_validation", codes_validation, 3)
    check_finite("codes_validation", codes_validation)
    train, validation = criterion.blocks(codes_train), criterion.blocks(codes_validation)
    choice = choose_subspace(train, labels_train, criterion, min_variance_share=min_variance_share)
    chosen = choice.ranking[:tasks]
    clustered = {k: cluster_codes(train[:, k], clustering, max_fit=max_fit, seed=seed) for k in chosen}
    sound = [k for k in chosen if clustered[k].clusters.num_clusters >= _LEAST_CLUSTERS]
    lacks = [_lack(clustered[k], k) for k in chosen if k not in sound]
    if not sound:
        raise NoAuxiliaryTaskError(
            f"{'; '.join(lacks)}. Try smaller clusters, another subspace, or a stronger stage one"
        )
    return Found(
        tasks=tuple(_task(clustered[k], k, train[:, k], validation[:, k], noise) for k in sound),
        choice=choice,
        notes=(*([_few(tasks, len(chosen))] if len(chosen) < tasks else []), *lacks),
    )


def _task(
    clustered: Clustered, subspace: int, train: Codes, validation: Codes, noise: NoisePolicy
) -> AuxiliaryTask:
    classes = classes_of(
        noise,
        train=clustered.labels,
        validation=clustered.clusters.predict(validation),
        codes_train=train,
        codes_validation=validation,
        num_clusters=clustered.clusters.num_clusters,
    )
    return AuxiliaryTask(
        subspace=subspace,
        train=classes.train,
        validation=classes.validation,
        num_classes=classes.num_classes,
        noise_class=classes.noise_class,
        clusters=clustered.labels,
        num_clusters=clustered.clusters.num_clusters,
        noise_share=clustered.noise_share,
    )


def _lack(clustered: Clustered, subspace: int) -> str:
    found = clustered.clusters
    plural = "cluster" if found.num_clusters == 1 else "clusters"
    return (
        f"subspace {subspace} has {found.num_clusters} {plural}, and a task needs 2: {len(found.labels)} of "
        f"{len(clustered.labels)} training images fitted, {clustered.noise_share:.1%} of all are noise"
    )


def _few(asked: int, candidates: int) -> str:
    return f"{asked} tasks were asked for, but the number of subspaces to choose among is {candidates}"
