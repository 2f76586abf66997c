"""Which scores the report sets beside gain, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CONFLICT = "gradient_cosine"
"""Score of stage `learn`, of the run itself; all others are of stage `measure`."""
HEADLINES: Mapping[str, str] = MappingProxyType(
    {
        "dci_extra_trees.block.disentanglement": "DCI disentanglement of subspaces",
        "mig.block": "MIG of subspaces",
        "auxiliary.best_nmi": "NMI of labels with best factor",
        "dci_extra_trees.disentanglement": "DCI disentanglement of coordinates",
        "mig": "MIG of coordinates",
        "auxiliary.nmi.principal": "NMI of labels with principal",
        CONFLICT: "Cosine of auxiliary and principal gradients",
    }
)
"""Scores that come first, and what they are called."""
_OF_LABELS = ("auxiliary.", "principal_subspace.")


def is_of_codes(score: str) -> bool:
    """Say whether a score of stage `measure` is of the codes, where others are of labels and clusters."""
    return not score.startswith(_OF_LABELS)


def metric_title(score: str) -> str:
    """Return what a score is called: `sap.block` is "sap block"."""
    return HEADLINES.get(score) or score.replace("_", " ").replace(".", " ")


def by_rank(scores: set[str]) -> list[str]:
    """Return scores in the order to show them: headlines first, then the others by name."""
    return [name for name in HEADLINES if name in scores] + sorted(scores - set(HEADLINES))
