"""What each metric of codes against factors declares of the known codes: one entry a metric, one row a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

Range = tuple[float, float] | None
"""Least and largest value, or None where the score is absent."""


class Coordinates(NamedTuple):
    identity: Range
    rotated: Range
    duplicated: Range
    constant: Range
    noise: Range
    merged: Range


class Blocks(NamedTuple):
    blocks: Range
    mixed_blocks: Range
    noise_blocks: Range
    constant_blocks: Range
    circles: Range


@dataclass(frozen=True, kw_only=True)
class Declared:
    scores: Mapping[str, Coordinates | Blocks]
    falls: tuple[str, ...] = ()
    """Scores of coordinates that fall by 0.1 or more where each subspace is turned in itself."""
    only_common_scale: bool = False
    """True where coordinates or subspaces of a larger range are meant to count for more."""
    floor: int = 1_000
    rows: int = 2_000
    slow: bool = False
    """True where the known codes take more than 5 seconds."""


ZERO, ONE, HALF = (0, 0), (0.995, 1), (0.5, 0.5)
HIGH, LOW, ANY = (0.93, 1), (0, 0.03), (0, 1)
CHANCE = (0.15, 0.25)  # right guesses: 0.20 on average over the factors
A_QUARTER = (0.18, 0.32)  # right guesses of which of four factors is fixed


def _dci(
    name: str,
    *,
    duplicated: Range = (0.6, 0.75),
    noise: Range = LOW,
    merged: Range = (0.46, 0.52),
    merged_informs: Range = (0.93, 1),
    circles_inform: Range = HIGH,
    circles: Range = HIGH,
    slow: bool = False,
    rows: int = 2_000,
) -> Declared:
    parts: dict[str, Coordinates | Blocks] = {
        "disentanglement": Coordinates(HIGH, LOW, HIGH, ZERO, noise, merged),
        "completeness": Coordinates(HIGH, LOW, duplicated, ZERO, noise, HIGH),
        "informativeness": Coordinates(HIGH, (0.6, 1), HIGH, CHANCE, CHANCE, merged_informs),
        "block.disentanglement": Blocks(HIGH, (0, 0.25), noise, ZERO, circles),
        "block.completeness": Blocks(HIGH, (0, 0.25), noise, ZERO, circles),
        "block.informativeness": Blocks(HIGH, (0.6, 1), CHANCE, CHANCE, circles_inform),
    }
    return Declared(
        scores={f"{name}.{part}": row for part, row in parts.items()},
        falls=(f"{name}.completeness",),  # each coordinate still serves its factor, but no longer alone
        slow=slow,
        rows=rows,
    )


DECLARED = {
    "beta_vae": Declared(
        scores={
            "beta_vae": Coordinates(ONE, A_QUARTER, ONE, A_QUARTER, A_QUARTER, (0.5, 0.9)),
            "beta_vae.block": Blocks(ONE, (0.35, 0.9), A_QUARTER, A_QUARTER, ONE),
        },
        slow=True,
    ),
    "dci_extra_trees": _dci("dci_extra_trees"),
    "dci_boosted": _dci("dci_boosted", slow=True, rows=1_000),
    "dci_forest": _dci("dci_forest", slow=True),
    "dci_histogram": _dci("dci_histogram", slow=True),
    "dci_lasso": _dci(
        "dci_lasso",
        duplicated=HIGH,  # the lasso drops one of two that tell the same
        noise=ANY,  # what few weights are left of chance make the shares
        merged=(0.6, 0.8),  # a line sees the coarser factor above the finer
        merged_informs=(0.4, 0.7),
        circles=(0.8, 1),
        circles_inform=(0.4, 0.6),  # a line does not see all of a circle
    ),
    "explicitness": Declared(
        scores={
            "explicitness": Coordinates(ONE, (0.99, 1), ONE, HALF, (0.47, 0.53), (0.5, 1)),
            "explicitness.best": Coordinates(ONE, (0.5, 0.75), ONE, HALF, (0.47, 0.53), (0.5, 1)),
            "explicitness.block.best": Blocks(ONE, (0.5, 0.9), (0.47, 0.53), HALF, (0.99, 1)),
        },
    ),
    "factor_vae": Declared(
        scores={
            "factor_vae": Coordinates(ONE, A_QUARTER, ONE, ZERO, A_QUARTER, (0.48, 0.52)),
            "factor_vae.block": Blocks(ONE, (0.35, 0.8), A_QUARTER, ZERO, ONE),
        },
        slow=True,
    ),
    "infomec": Declared(
        scores={
            "infomec.modularity": Coordinates((0.97, 1), (0, 0.15), (0.97, 1), None, ANY, (0.32, 0.35)),
            "infomec.compactness": Coordinates((0.97, 1), (0, 0.05), (0.42, 0.44), None, ANY, (0.97, 1)),
            "infomec.explicitness": Coordinates(
                (0.99, 1), (0.99, 1), (0.99, 1), ZERO, (0, 0.01), (0.45, 0.55)
            ),
            "infomec.block.modularity": Blocks((0.97, 1), (0, 0.2), ANY, None, (0.97, 1)),
            "infomec.block.compactness": Blocks((0.97, 1), (0, 0.2), ANY, None, (0.97, 1)),
        },
        falls=("infomec.compactness",),
        only_common_scale=True,
    ),
    "irs": Declared(
        scores={
            "irs": Coordinates((0.95, 1), (0, 0.35), (0.95, 1), ZERO, (0, 0.35), (0.85, 0.88)),
            "irs.block": Blocks((0.35, 0.45), (0.2, 0.3), (0.15, 0.25), ZERO, (0.35, 0.45)),
        },
        only_common_scale=True,
    ),
    "mig": Declared(
        scores={
            "mig": Coordinates((0.97, 1), LOW, ZERO, ZERO, LOW, (0.7, 0.8)),
            "mig.block": Blocks(HIGH, (0, 0.25), LOW, ZERO, HIGH),
        },
        falls=("mig",),
    ),
    "modularity": Declared(
        scores={
            "modularity": Coordinates((0.99, 1), (0, 0.3), (0.99, 1), ZERO, ANY, (0.7, 0.78)),
            "modularity.block": Blocks((0.99, 1), (0, 0.6), ANY, ZERO, (0.9, 1)),
        },
    ),
    "sap": Declared(
        scores={
            "sap": Coordinates((0.34, 0.44), LOW, ZERO, ZERO, LOW, (0.28, 0.38)),
            "sap.block": Blocks((0.37, 0.47), (0, 0.05), (0, 0.05), ZERO, (0.75, 0.85)),
        },
        falls=("sap",),
        floor=2_000,
    ),
}
