"""What the page says stage one was told: never less than its pairing reads."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from detaux.data.registries import pairings
from detaux.disentangle.registry import disentanglers
from detaux.report.notes import method_notes
from detaux.report.supervision import DRAWN_BY, READ_FACTORS, UNPAIRED, say_labels, say_pairs

_OTHERS = "in pairs drawn by the principal labels and the values of all other factors of them all"
_PRINCIPAL = "in pairs drawn by the principal labels of them all"
_GRID = {"factor_sizes": [4, 3], "num_images": {"train": 8, "validation": 2, "test": 2}}
_LABELLED = {"factor_sizes": [2, 2], "num_images": {"train": 80, "validation": 20, "test": 20}}
_GAPPY = {"factor_sizes": [40, 30], "num_images": {"train": 80, "validation": 20, "test": 20}}


def _said(
    *pairings_with_options: tuple[str, str], described: Any = _GRID, variant: str = "as_described"
) -> str:
    rows = [
        {
            "disentangle.method.pairing": name,
            "disentangle.method.pairing_options": options,
            "disentangle.method.variant": variant,
        }
        for name, options in pairings_with_options
    ]
    return say_pairs(pd.DataFrame(rows), described)


def test_every_pairing_of_this_project_says_what_it_reads() -> None:
    assert set(DRAWN_BY) == set(pairings.names())


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("k_factors", '{"k":2}', f"{_OTHERS} (pairing k_factors, k 2)"),
        ("one_factor", "{}", f"{_OTHERS} (pairing one_factor)"),
        ("group", "{}", f"{_OTHERS} (pairing group)"),
        ("group", '{"factors":[]}', f"{_OTHERS} (pairing group)"),
        (
            "group",
            '{"factors":["gender","age"]}',
            "in pairs drawn by the values of gender and age of them all (pairing group, factors gender and age)",
        ),
        ("same_class", "{}", f"{_PRINCIPAL} (pairing same_class)"),
        ("random", "{}", f"{_PRINCIPAL} (pairing random)"),
        (
            "independent",
            "{}",
            "in pairs drawn by no label, though whether principal labels differ is told of each (pairing independent)",
        ),
        ("of_a_plugin", "{}", "in pairs drawn by labels that this report cannot name (pairing of_a_plugin)"),
    ],
)
def test_says_which_labels_a_pairing_reads(name: str, options: str, said: str) -> None:
    assert _said((name, options)) == said


def test_every_pairing_that_was_drawn_is_told_once() -> None:
    said = _said(("random", "{}"), ("k_factors", '{"k":3}'), ("random", "{}"))
    assert said.count("pairing random") == 1
    assert ", or drawn by the principal labels and the values of all other factors" in said


@pytest.mark.parametrize(
    ("described", "variant", "meant"),
    [
        (_GRID, "as_described", "one_factor"),
        (_GRID, "as_released", "independent"),
        (_LABELLED, "as_described", "same_class"),
        (_LABELLED, "as_released", "same_class"),
    ],
)
def test_auto_is_told_as_what_it_stands_for(described: Any, variant: str, meant: str) -> None:
    said = _said(("auto", "{}"), described=described, variant=variant)
    assert said == f"in pairs {DRAWN_BY[meant]} (pairing auto: {meant})"


@pytest.mark.parametrize("described", [{}, _GAPPY])
def test_auto_is_told_as_both_where_the_data_leave_it_open(described: Any) -> None:
    said = _said(("auto", "{}"), described=described)
    assert "(pairing auto: one_factor)" in said
    assert "(pairing auto: same_class)" in said


def test_results_without_a_pairing_claim_none() -> None:
    said = say_pairs(pd.DataFrame({"arm": ["detaux"]}), _GRID)
    assert said == "in pairs drawn by labels that this report cannot name"


def test_notes_name_every_pairing_that_reads_more_than_principal_labels() -> None:
    (note,) = [note for note in method_notes(saw_test_images=False) if note.startswith("Stage one is told")]
    assert READ_FACTORS == ("group", "k_factors", "one_factor")
    assert "pairings group, k_factors and one_factor, which read the values of all factors" in note


def test_every_method_either_draws_pairs_or_says_what_it_is_told() -> None:
    without_pairs = {entry.name for entry in disentanglers if not hasattr(entry.part, "pairing_of")}
    assert set(UNPAIRED) == without_pairs


def test_methods_that_draw_no_pairs_are_named_with_what_they_are_told() -> None:
    runs = pd.DataFrame(
        {
            "disentangle.method.name": ["detaux", "supervised", "beta_vae", "supervised"],
            "disentangle.method.pairing": ["random", None, None, None],
            "disentangle.method.pairing_options": ["{}", None, None, None],
        }
    )
    assert say_labels(runs, _GRID) == (
        f"{_PRINCIPAL} (pairing random); or with the principal labels of them all (supervised); "
        "or without any label (beta_vae)"
    )
    assert say_labels(runs[1:2], _GRID) == "with the principal labels of them all (supervised)"
