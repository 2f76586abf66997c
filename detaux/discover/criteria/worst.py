"""The paper's rule turned round: does it matter which subspace is clustered?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.discover.alignment import dot_product
from detaux.discover.base import Criterion
from detaux.discover.registries import criteria


@criteria.register(
    "worst",
    summary="largest |mean dot product| with the principal subspace: the paper's rule turned round",
    source="this project; control for Skenderi et al. 2025, arXiv:2310.09278, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Worst(Criterion):
    """Choose the subspace of the largest |mean_n <s_0(x_n), s_k(x_n)>|: what the paper's rule likes least.

    Source: Skenderi et al. 2025, arXiv:2310.09278, Section 3. Differs in: the sign.
    """

    def scores(self, codes: Codes, labels: Labels) -> NDArray[np.float64]:  # noqa: ARG002 - needs no label
        """Return -|mean dot product with subspace 0|, shape (K,), in squared units of the codes."""
        return -dot_product(codes)
