from __future__ import annotations

from typing import Any

import pytest

from detaux.data import load_dataset
from detaux.data.dataset import FactorGrid
from detaux.data.registries import pairings
from detaux.disentangle.methods.detaux import Detaux
from detaux.disentangle.named_parts import Variant, built_part


@pytest.mark.parametrize("name", ["random", "independent", "same_class", "one_factor"])
def test_options_of_a_part_that_has_none_are_refused(name: str) -> None:
    with pytest.raises(
        ValueError, match=rf"pairing_options must be left out, as '{name}' has none, found {{'k': 2}}"
    ):
        built_part("pairing", name, {"k": 2}, pairings)


@pytest.mark.parametrize(
    ("dataset", "variant", "pairing", "drawn"),
    [
        ("shapes3d", "as_described", "auto", "one_factor"),
        ("shapes3d", "as_released", "auto", "independent"),
        ("digits", "as_described", "auto", "same_class"),
        ("digits", "as_described", "random", "random"),
    ],
)
def test_a_method_names_the_pairing_that_it_draws(
    dataset: str, variant: Variant, pairing: str, drawn: str
) -> None:
    options: dict[str, Any] = {"levels": {"floor_hue": 1}} if dataset == "shapes3d" else {}
    found = load_dataset(dataset, **options)
    assert isinstance(found, FactorGrid) == (dataset == "shapes3d")
    assert Detaux(variant=variant, pairing=pairing).pairing_of(found) == drawn
