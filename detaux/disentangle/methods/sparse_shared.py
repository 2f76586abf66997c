"""Features that many tasks share, each using a few of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from detaux.core.bounds import check_range, check_weight
from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.data.pairs import PairSampler
from detaux.disentangle.base import StageOneData
from detaux.disentangle.batches import Batch
from detaux.disentangle.factor_tasks import draw_tasks
from detaux.disentangle.objective import Objective
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.sparse_heads import safe_rate, sparse_heads, usage_entropy
from detaux.disentangle.supervision import SupervisedMethod, supervised_objective
from detaux.disentangle.vector import VectorModel
from detaux.disentangle.vector_method import VectorMethod
from detaux.train.policy import Policy

_TINY = 1e-8
_LEAST_FACTORS = 2
_MOST = 1_000


@disentanglers.register(
    "sparse_shared",
    summary="features for many tasks on the true factors, each task using few features and all the same few",
    source="after Fumero et al. 2023, arXiv:2304.07939, by a description: the exact equations were not available",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class SparseShared(SupervisedMethod):
    """Sparse heads are fitted to half of a batch, and the encoder is trained by how they do on the other half.

    Tasks are functions of the true factors, the principal ones among them; see `draw_tasks`. The loss of the labels is
    the heads' cross-entropy on the second half + beta * the entropy of how much all heads use each feature; its gradient
    passes through the steps that fitted the heads, at a step length taken as given.

    Source: Fumero et al. 2023, arXiv:2304.07939, whose exact equations were not available: it follows a description
    (inner problem: cross-entropy + alpha * mean abs(phi); outer: cross-entropy of the query set + beta * H(p)).
    Differs in: tasks have two classes and are drawn by us; a few steps from zero stand for the inner minimum; features
    are standardised over the batch, or their scale would undo alpha; the decoder, which `strength` brings in, is ours.
    """

    alpha: float = 0.5
    """Weight of the heads' mean absolute weight, at least 0, in nats; more makes each task use fewer features."""
    beta: float = 0.1
    """Weight of the entropy of the features' shares, at least 0; more makes tasks use the same features."""
    tasks: int = 40
    """T, how many tasks there are, 1 to 1,000."""
    factors_per_task: int = 2
    """The most factors that a task depends on, 1 to 1,000; each depends on 1 to as many."""
    tasks_per_step: int = 16
    """How many of the tasks a step draws, 1 to 1,000; all if there are fewer."""
    inner_steps: int = 20
    """Steps that fit the heads, 1 to 1,000."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        SupervisedMethod.__post_init__(self)
        for name in ("alpha", "beta"):
            check_weight(name, getattr(self, name))
        for name in ("tasks", "factors_per_task", "tasks_per_step", "inner_steps"):
            check_range(name, getattr(self, name), 1, _MOST)

    def _sampler(
        self,
        dataset: Dataset,
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],
        principal: Sequence[str],
        device: torch.device | str,
    ) -> PairSampler:
        if self.strength > 0:
            _check_factors(dataset, pool)
        return VectorMethod._sampler(self, dataset, pool, labels, principal, device)  # noqa: SLF001 - the base's

    def _objective(
        self, model: VectorModel, data: StageOneData, pool: NDArray[np.int64], policy: Policy
    ) -> Objective:
        labels = self._labels(data.dataset, pool) if self.strength > 0 else np.empty((0, 0), np.bool_)
        supervise = partial(self._supervise, torch.from_numpy(labels).to(policy.device))
        return supervised_objective(model, supervise, strength=self.strength, policy=policy)

    def _labels(self, dataset: Dataset, pool: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return the tasks' labels (N, T) of a pool, drawn from torch's global generator."""
        _check_factors(dataset, pool)
        rng = np.random.default_rng(int(torch.randint(2**62, ())))
        return draw_tasks(
            dataset.factors(pool), tasks=self.tasks, factors_per_task=self.factors_per_task, rng=rng
        )

    def _supervise(self, labels: Tensor, codes: Tensor, batch: Batch) -> tuple[Tensor, Mapping[str, Tensor]]:
        drawn = torch.randperm(self.tasks, device="cpu")[: self.tasks_per_step].to(labels.device)
        asked = labels[batch.positions][:, drawn].to(codes.dtype)
        return self._outer_loss(codes.flatten(1), asked)

    def _outer_loss(self, features: Tensor, asked: Tensor) -> tuple[Tensor, Mapping[str, Tensor]]:
        """Return the loss of features (2B, M) and labels (2B, t): heads are fitted to the first half of both."""
        (support, query), (taught, tested) = standardised(features).chunk(2), asked.chunk(2)
        heads = sparse_heads(
            support, taught, alpha=self.alpha, steps=self.inner_steps, rate=safe_rate(support)
        )
        cross_entropy = functional.binary_cross_entropy_with_logits(heads(query), tested)
        entropy = usage_entropy(heads.weights)
        terms = {"cross_entropy": cross_entropy, "entropy": entropy}
        return cross_entropy + self.beta * entropy, terms


def standardised(features: Tensor) -> Tensor:
    """Return features (S, M) with mean 0 and variance 1 over the batch; one without variance is 0."""
    centred = features - features.mean(0)
    return centred * (centred.square().mean(0) + _TINY).rsqrt()


def _check_factors(dataset: Dataset, pool: NDArray[np.int64]) -> None:
    """Check that tasks can be made of the factors.

    Raises:
        DataError: If fewer than two of them vary in the pool.
    """
    vary = np.ptp(dataset.factors(pool), axis=0) > 0
    if vary.sum() < _LEAST_FACTORS:
        raise DataError(
            f"sparse_shared makes its tasks of at least {_LEAST_FACTORS} factors that vary among the training images, "
            f"but {dataset.name} has {vary.sum()}; choose a data set with more, or strength 0"
        )
