"""Which labels stage one is told, said by the name of the pairing, or of the method where it draws no pairs.

The pairings and methods themselves need torch, which this room does without.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from detaux.report.wording import is_null, listed, show_options

_PRINCIPAL = "drawn by the principal labels of them all"
_ALL_FACTORS = "drawn by the principal labels and the values of all other factors of them all"
DRAWN_BY = {
    "group": _ALL_FACTORS,
    "independent": "drawn by no label, though whether principal labels differ is told of each",
    "k_factors": _ALL_FACTORS,
    "one_factor": _ALL_FACTORS,
    "random": _PRINCIPAL,
    "same_class": _PRINCIPAL,
}
"""What is said of pairs, by the pairing; `group` names fewer factors where its options do."""
READ_FACTORS = tuple(name for name, said in DRAWN_BY.items() if said == _ALL_FACTORS)
"""Pairings that read more than principal labels."""
_UNKNOWN = "drawn by labels that this report cannot name"
UNPAIRED = {
    "supervised": "with the principal labels of them all",
    "sparse_shared": "with the values of all factors of them all",
} | dict.fromkeys(
    (
        "annealed_vae",
        "beta_tcvae",
        "beta_vae",
        "dip_vae_i",
        "dip_vae_ii",
        "factor_vae",
        "pca",
        "pixels",
        "vector_autoencoder",
    ),
    "without any label",
)
"""What is said of methods that draw no pairs."""
_METHOD = "disentangle.method"


def say_labels(runs: pd.DataFrame, described: Mapping[str, Any]) -> str:
    """Say which labels the stage one of some runs is told, with every pairing's name and options.

    Args:
        runs: Rows of `runs_frame`, each with a stage one.
        described: What the store says of their data; it may be empty.

    Returns:
        `in pairs drawn by ...`, the pairings joined by `or`, and what methods are told that draw none; `auto` is told
        as the pairing that it stands for, or as both that it may stand for.
    """
    names = runs.reindex(columns=[f"{_METHOD}.name"])[f"{_METHOD}.name"]
    is_unpaired = names.isin(UNPAIRED)
    unpaired = [f"{UNPAIRED[name]} ({name})" for name in names[is_unpaired].unique()]
    paired = runs[~is_unpaired]
    return "; or ".join(filter(None, [say_pairs(paired, described) if len(paired) else "", *unpaired]))


def say_pairs(runs: pd.DataFrame, described: Mapping[str, Any]) -> str:
    """Say which labels the pairs of some runs are drawn by; see `say_labels`."""
    columns = [f"{_METHOD}.{name}" for name in ("pairing", "pairing_options", "variant")]
    drawn = runs.reindex(columns=columns).drop_duplicates().itertuples(index=False, name=None)
    said = [_say(pairing, options, variant, described) for pairing, options, variant in drawn]
    return f"in pairs {', or '.join(dict.fromkeys(said))}"


def _say(pairing: Any, options: Any, variant: Any, described: Mapping[str, Any]) -> str:
    if is_null(pairing):
        return _UNKNOWN
    if pairing == "auto":
        return " or ".join(
            f"{DRAWN_BY[name]} (pairing auto: {name})" for name in _automatic(variant, described)
        )
    written = {} if is_null(options) else json.loads(options)
    called = ", ".join(filter(None, [f"pairing {pairing}", show_options(written)]))
    return f"{_drawn_by(pairing, written)} ({called})"


def _drawn_by(pairing: str, options: Mapping[str, Any]) -> str:
    if pairing == "group" and options.get("factors"):
        return f"drawn by the values of {listed(list(options['factors']))} of them all"
    return DRAWN_BY.get(pairing, _UNKNOWN)


def _automatic(variant: Any, described: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what `auto` stands for: a grid has one image for each combination of its factors' values, other sets have not."""
    of_grid = "independent" if variant == "as_released" else "one_factor"
    num_images = sum(described.get("num_images", {}).values())
    combinations = math.prod(described.get("factor_sizes", []))
    if not num_images or num_images < combinations:
        return of_grid, "same_class"
    return ("same_class",) if num_images > combinations else (of_grid,)
