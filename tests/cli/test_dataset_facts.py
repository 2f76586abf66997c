from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from detaux.cli.dataset_facts import fact_lines
from detaux.data import load_dataset
from detaux.data.labelled import LabelledImages


@dataclass(frozen=True)
class Sizes:
    first: int
    second: int = 12


def labelled(sizes: Sizes) -> LabelledImages:
    """Return 24 images of two factors, the second of 12 values, with parts and groups."""
    places = np.arange(24)
    return LabelledImages(
        name="made",
        pixels=np.zeros((24, 4, 6, 3), np.uint8),
        rows=places,
        labels=np.stack([np.minimum(places, sizes.first - 1), places % sizes.second], axis=1),
        class_names={
            "kind": tuple(f"k{value}" for value in range(sizes.first)),
            "place": tuple(f"p{value}" for value in range(sizes.second)),
        },
        licence="own",
        source="made up",
        fingerprint="0" * 64,
        official_parts={"train": places[:20], "test": places[20:]},
        group_factors={"place": (0, 1, 2)},
    )


def test_factors_parts_groups_and_counts_are_told() -> None:
    assert list(fact_lines(labelled(Sizes(3)))) == [
        "made: 24 images of 4 x 6 pixels",
        "factor kind: 3 values: k0, k1, k2",
        "factor place: 12 values: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, ...",
        "official parts: train 20, test 4 images",
        "groups: each principal class with each of 3 values of place",
        "images by kind: k0 (1), k1 (1), k2 (22)",
        "licence: own; source: made up",
    ]


@pytest.mark.parametrize(("first", "is_counted"), [(20, True), (21, False)])
def test_images_are_counted_for_up_to_twenty_values(first: int, *, is_counted: bool) -> None:
    lines = fact_lines(labelled(Sizes(first)))
    assert any(line.startswith("images by kind: ") for line in lines) == is_counted


def test_values_without_names_are_counted_by_number() -> None:
    lines = list(fact_lines(load_dataset("dsprites", origin="rendered", levels={"scale": 1, "posX": 2})))
    assert "factor shape: 3 values: square, ellipse, heart" in lines
    assert "factor scale: 1 value" in lines
    assert "factor posX: 2 values" in lines
    assert (
        f"images by shape: {', '.join(f'{name} (2,560)' for name in ('square', 'ellipse', 'heart'))}" in lines
    )
    assert not any(line.startswith(("official parts", "groups")) for line in lines)
