"""Stage two in one call: from codes to the auxiliary task."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class AuxiliaryTask:
    """Discovered labels, and how they came about."""

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
    choice: Choice
    """Which subspace was clustered, and why."""


def discover(
    codes_train: Codes,
    codes_validation: Codes,
    labels_train: Labels,
    *,
    criterion: Criterion,
    clustering: Clustering,
    noise: NoisePolicy,
    min_variance_share: float,
    max_fit: int = 50_000,
    seed: int,
) -> AuxiliaryTask:
    """Choose a subspace, cluster it on the training split, and make its clusters classes.

    Args:
        codes_train: Codes of the training split, shape (n, K, D), float, finite.
        codes_validation: Codes of the validation split, shape (m, K, D); it gets labels, but has no part in
            the choice nor the fit.
        labels_train: Principal labels of the training split, shape (n,), int.
        criterion: Which subspace.
        clustering: How to cluster it.
        noise: What becomes of images that no cluster takes in.
        min_variance_share: Least share in the codes' variance of a subspace to cluster, in [0, 1].
        max_fit: Most images to fit the clustering on.
        seed: Seed of all draws.

    Raises:
        NoAuxiliaryTaskError: If no subspace is alive, or there are fewer than two clusters.
        ValueError: If shapes do not fit, codes are not finite, or an option is impossible.

    Source: Skenderi et al. 2025, arXiv:2310.09278, Section 3. Differs in: dead subspaces are no candidates;
    fitted on the training split only.
    """
    check_policy(noise)
    check_rank("codes_validation", codes_validation, 3)
    check_finite("codes_validation", codes_validation)
    choice = choose_subspace(codes_train, labels_train, criterion, min_variance_share=min_variance_share)
    train, validation = codes_train[:, choice.subspace], codes_validation[:, choice.subspace]
    clustered = cluster_codes(train, clustering, max_fit=max_fit, seed=seed)
    _check_is_task(clustered, choice.subspace)
    classes = classes_of(
        noise,
        train=clustered.labels,
        validation=clustered.clusters.predict(validation),
        codes_train=train,
        codes_validation=validation,
        num_clusters=clustered.clusters.num_clusters,
    )
    return AuxiliaryTask(
        train=classes.train,
        validation=classes.validation,
        num_classes=classes.num_classes,
        noise_class=classes.noise_class,
        clusters=clustered.labels,
        num_clusters=clustered.clusters.num_clusters,
        noise_share=clustered.noise_share,
        choice=choice,
    )


def _check_is_task(clustered: Clustered, subspace: int) -> None:
    found = clustered.clusters
    if found.num_clusters < 2:  # noqa: PLR2004 - one class is nothing to learn
        plural = "cluster" if found.num_clusters == 1 else "clusters"
        raise NoAuxiliaryTaskError(
            f"subspace {subspace} has {found.num_clusters} {plural}, and a task needs 2: {len(found.labels)} of "
            f"{len(clustered.labels)} training images fitted, {clustered.noise_share:.1%} of all are noise. "
            "Try smaller clusters, another subspace, or a stronger stage one"
        )
