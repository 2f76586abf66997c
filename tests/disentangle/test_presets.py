from __future__ import annotations

from dataclasses import replace

import pytest

from detaux.disentangle.nets import net_for
from detaux.disentangle.presets import FAST, PAPER, PRESETS


def test_the_papers_numbers() -> None:
    training = PAPER.training
    options = PAPER.training.fit_options(steps=1000)
    assert (training.pairs, PAPER.mixtures_per_pair, training.length, training.length_unit) == (
        32,
        2,
        40,
        "epochs",
    )
    assert (options.learning_rate, options.weight_decay, options.schedule) == (5e-4, 1e-6, "constant")
    weights = PAPER.weights
    assert (weights.distance, weights.sparsity, weights.consistency, weights.regularisation) == (
        0.1,
        0.1,
        100,
        1e-4,
    )
    assert (weights.margin, weights.margin_weight, weights.own_units) == (0.05, 10, False)


@pytest.mark.parametrize(("num_images", "steps"), [(1, 40), (32, 40), (33, 80), (360_000, 450_000)])
def test_an_epoch_shows_as_many_pairs_as_there_are_images(num_images: int, steps: int) -> None:
    assert PAPER.training.steps(num_images) == steps


def test_a_length_in_steps_does_not_depend_on_the_images() -> None:
    assert FAST.training.steps(10) == FAST.training.steps(10**6) == FAST.training.length


def test_only_a_preset_that_chooses_validates() -> None:
    assert replace(FAST.training, selection="best").fit_options(steps=400).validate_every == 10
    assert replace(FAST.training, selection="best").fit_options(steps=7).validate_every == 1
    assert replace(FAST.training, selection="final").fit_options(steps=400).validate_every is None


def test_every_preset_makes_a_net() -> None:
    assert all(net_for(preset, (32, 32, 3)).image_size == 32 for preset in PRESETS)
