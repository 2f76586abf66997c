"""The paper's rule: the subspace whose codes are most nearly orthogonal to the principal ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.discover.alignment import dot_product
from detaux.discover.base import Criterion
from detaux.discover.registries import criteria


@criteria.register(
    "orthogonality",
    summary="smallest |mean dot product| with the principal subspace, vectors unnormalised (the paper's rule)",
    source="Skenderi et al. 2025, arXiv:2310.09278, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Orthogonality(Criterion):
    """Choose the subspace of the smallest |mean_n <s_0(x_n), s_k(x_n)>|.

    The scale of a subspace counts: one that shrank is near to orthogonal to everything, and one that
    collapsed always wins, which is why `choose_subspace` guards its candidates by their variance.

    Source: Skenderi et al. 2025, arXiv:2310.09278, Section 3. Differs in: nothing.
    """

    def scores(self, codes: Codes, labels: Labels) -> NDArray[np.float64]:  # noqa: ARG002 - needs no label
        """Return |mean dot product with subspace 0|, shape (K,), in squared units of the codes."""
        return dot_product(codes)
