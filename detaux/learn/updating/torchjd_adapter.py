"""The one door to torchjd, whose interface changes from minor release to minor release."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import numpy as np
import torch
from torch import Tensor
from torchjd.aggregation import (
    Aggregator,
    AlignedMTLWeighting,
    CAGradWeighting,
    CRMOGMWeighting,
    DualProjWeighting,
    FairGradWeighting,
    GradDrop,
    GradVacWeighting,
    IMTLGWeighting,
    KrumWeighting,
    MGDAWeighting,
    PCDWeighting,
    PCGradWeighting,
    TrimmedMean,
    UPGradWeighting,
)
from torchjd.linalg import DualConeProjector

from detaux.learn.updating.dual_cone import project_weights
from detaux.learn.updating.gradient_update import GradientUpdate, GramianUpdate
from detaux.learn.updating.on_the_cpu import OnTheCPU, Rule

_RIDGE = 1e-4


class _Elementwise(GradientUpdate):
    """Combine each element of the gradients by itself, parameter after parameter."""

    def __init__(self, aggregator: Aggregator) -> None:
        super().__init__()
        self._aggregator = aggregator

    def combine(self, gradients: list[Tensor]) -> Iterator[Tensor]:
        """Yield the combined gradient of each parameter."""
        return (
            self._aggregator(gradient.reshape(len(gradient), -1)).reshape(gradient.shape[1:])
            for gradient in gradients
        )


class _NonNegativeLeastSquares(DualConeProjector):
    """Project by `project_weights`.

    Differs in: torchjd takes gradients for 0 where their squared norms sum to less than 1e-4; here the scale of the
    gradients does not matter.
    """

    def __call__(self, U: Tensor, G: Tensor) -> Tensor:
        """Return the weights of the projection of each combination in U (..., T), given the dot products G (T, T)."""
        share = G / G.trace().clamp(min=torch.finfo(G.dtype).tiny)
        raised = share.double().numpy() + _RIDGE * np.eye(len(G))
        found = np.apply_along_axis(lambda weights: project_weights(raised, weights), -1, U.double().numpy())
        return torch.from_numpy(found).to(G)


def pcgrad(num_tasks: int) -> GramianUpdate:
    """Return the update of PCGrad; its order of projections comes from torch's global generator on the CPU."""
    return GramianUpdate(num_tasks, OnTheCPU(PCGradWeighting()))


def grad_vac(num_tasks: int, beta: float) -> GramianUpdate:
    """Return the update of GradVac; its order of projections comes from torch's global generator on the CPU.

    Args:
        num_tasks: Number T of tasks.
        beta: Share of the present cosine in the mean over steps.
    """
    memory = {"phi_t": torch.zeros(num_tasks, num_tasks)}
    rule = OnTheCPU(GradVacWeighting(beta=beta), memory, key=lambda gramian: (len(gramian), gramian.dtype))
    return GramianUpdate(num_tasks, rule)


def mgda(num_tasks: int) -> GramianUpdate:
    """Return the update of MGDA."""
    return GramianUpdate(num_tasks, OnTheCPU(MGDAWeighting()))


def cr_mogm(num_tasks: int, smoothing: float) -> GramianUpdate:
    """Return the update of MGDA with weights smoothed over the steps.

    Args:
        num_tasks: Number T of tasks.
        smoothing: Share of the weights of the step before.
    """
    start = torch.full((num_tasks,), 1 / num_tasks)
    rule = OnTheCPU(CRMOGMWeighting(MGDAWeighting(), alpha=smoothing), {"lambda": start})
    return GramianUpdate(num_tasks, rule)


def imtl_g(num_tasks: int) -> GramianUpdate:
    """Return the update of IMTL-G."""
    return GramianUpdate(num_tasks, OnTheCPU(IMTLGWeighting()))


def fair_grad(num_tasks: int, alpha: float) -> GramianUpdate:
    """Return the update of FairGrad.

    Args:
        num_tasks: Number T of tasks.
        alpha: Kind of fairness.
    """
    return GramianUpdate(num_tasks, OnTheCPU(FairGradWeighting(alpha=alpha)))


def pcd(num_tasks: int, progress: float) -> GramianUpdate:
    """Return the update of PCD.

    Args:
        num_tasks: Number T of tasks.
        progress: Share of each auxiliary task's own progress that it is granted.
    """
    memory = {"sq_norm_ema": torch.zeros(num_tasks), "n_steps": torch.zeros((), dtype=torch.long)}
    return GramianUpdate(num_tasks, OnTheCPU(PCDWeighting(tau=progress), memory, key=len))


def aligned_mtl(num_tasks: int, preference: float) -> GramianUpdate:
    """Return the update of Aligned-MTL, each auxiliary task of some preference against the principal task's 1."""
    return GramianUpdate(num_tasks, OnTheCPU(_preferring(AlignedMTLWeighting(), num_tasks, preference)))


def upgrad(num_tasks: int, preference: float) -> GramianUpdate:
    """Return the update of UPGrad, each auxiliary task of some preference against the principal task's 1."""
    rule = UPGradWeighting(projector=_NonNegativeLeastSquares())
    return GramianUpdate(num_tasks, OnTheCPU(_preferring(rule, num_tasks, preference)))


def dual_proj(num_tasks: int, preference: float) -> GramianUpdate:
    """Return the update of DualProj, each auxiliary task of some preference against the principal task's 1."""
    rule = DualProjWeighting(projector=_NonNegativeLeastSquares())
    return GramianUpdate(num_tasks, OnTheCPU(_preferring(rule, num_tasks, preference)))


def krum(num_tasks: int, num_byzantine: int, num_selected: int) -> GramianUpdate:
    """Return the update of Multi-Krum.

    Args:
        num_tasks: Number T of tasks, at least `num_byzantine` + 3.
        num_byzantine: Number of gradients that may mislead.
        num_selected: Number of gradients to take the mean of, at most T.
    """
    return GramianUpdate(num_tasks, OnTheCPU(KrumWeighting(num_byzantine, num_selected)))


def trimmed_mean(trim_number: int) -> GradientUpdate:
    """Return the update of the trimmed mean, which leaves out so many values at either end."""
    return _Elementwise(TrimmedMean(trim_number))


def grad_drop() -> GradientUpdate:
    """Return the update of GradDrop; its draws come from torch's global generator on the gradients' device."""
    return _Elementwise(GradDrop())


def cagrad(num_tasks: int, radius: float) -> GramianUpdate:
    """Return the update of CAGrad, which needs the extra `cagrad`.

    The dot products are divided by their trace, as torchjd makes no step where it is below 1e-4.

    Args:
        num_tasks: Number T of tasks.
        radius: Of the ball around the mean gradient, as a share of its norm.
    """
    weighting = CAGradWeighting(radius)

    def rule(gramian: Tensor) -> Tensor:
        weights: Tensor = weighting(gramian / gramian.trace().clamp(min=torch.finfo(gramian.dtype).tiny))
        return weights

    # Where cvxpy finds no solution, torchjd stumbles over None.
    return GramianUpdate(num_tasks, OnTheCPU(rule, errors=(TypeError, _solver_error())))


def _preferring(
    weighting: AlignedMTLWeighting | DualProjWeighting | UPGradWeighting, num_tasks: int, preference: float
) -> Rule:
    preferences = torch.tensor([1.0, *[preference] * (num_tasks - 1)])
    preferences /= preferences.sum()

    def rule(gramian: Tensor) -> Tensor:
        weighting.pref_vector = preferences.to(gramian)
        weights: Tensor = weighting(gramian)
        return weights

    return rule


def _solver_error() -> type[Exception]:
    error: type[Exception] = import_module("cvxpy.error").SolverError
    return error
