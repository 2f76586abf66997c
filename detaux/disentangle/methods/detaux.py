"""Product manifold projection with a forced principal subspace: the paper's stage one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from detaux.data.dataset import Dataset, FactorGrid
from detaux.disentangle.base import StageOneData
from detaux.disentangle.named_parts import Variant
from detaux.disentangle.pair_method import PairMethod
from detaux.disentangle.product_method import ProductMethod
from detaux.disentangle.registry import disentanglers


@disentanglers.register(
    "detaux",
    summary="product manifold projection; the principal label owns subspace 0",
    source="Skenderi et al. 2025, arXiv:2310.09278, Section 3; Fumero et al. 2021 (PMP)",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Detaux(ProductMethod):
    """Pairs teach which subspace carries which change; those that differ in their principal label train subspace 0.

    As described, it is trained on the training part, a preset that chooses its weights does so by pairs of the validation
    part, pairs of factor data differ in one factor, and the regularisation passes its gradient. As released, it is
    trained on every part, test images included, chooses by the test part, draws the images of factor data independently,
    and the regularisation passes none.

    Source: Skenderi et al. 2025, arXiv:2310.09278, Section 3, and its public code, with the forced oracle on top of
    Fumero et al. 2021.
    """

    variant: Variant = "as_described"
    """What the paper describes, or what its public code executes."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        ProductMethod.__post_init__(self)
        if self.variant not in get_args(Variant):
            raise ValueError(f"variant must be one of {get_args(Variant)}, but is {self.variant!r}")

    def pairing_of(self, dataset: Dataset) -> str:
        """Name the pairing that is drawn of a data set: the released code ignores the change rate on factor data."""
        if self.pairing == "auto" and self.variant == "as_released" and isinstance(dataset, FactorGrid):
            return "independent"
        return PairMethod.pairing_of(self, dataset)

    def _owns_subspace_0(self) -> bool:
        return True

    def _learns_usage(self) -> bool:
        return self.variant == "as_described"

    def _pool(self, data: StageOneData) -> NDArray[np.int64]:
        if self.variant == "as_described":
            return data.split.train
        return np.sort(np.concatenate(list(data.split.parts.values())))

    def _held_out(self, data: StageOneData) -> NDArray[np.int64]:
        return data.split.validation if self.variant == "as_described" else data.split.test
