from __future__ import annotations

from typing import Any

import pytest
import torch

from detaux.data.corrupting import Corruption
from detaux.data.corruption.none import NoCorruption
from detaux.data.corruption.salt_and_pepper import PEPPER_VALUE, SALT_VALUE, SaltAndPepper
from detaux.data.registries import pairings
from detaux.disentangle.base import StageOneData
from detaux.disentangle.batches import PairBatches
from detaux.disentangle.named_parts import automatic_pairing

CPU = torch.device("cpu")


def batches(
    data: StageOneData,
    *,
    variant: Any = "as_described",
    rate: float = 0.5,
    pairs: int = 20,
    corruption: Corruption = NoCorruption(),  # noqa: B008 (frozen)
) -> PairBatches:
    pool = data.split.train
    pairing = pairings.get("independent" if variant == "as_released" else automatic_pairing(data.dataset))()
    sampler = pairing.sampler(
        data.dataset, pool, data.labels, principal=data.principal, principal_change_rate=rate, device=CPU
    )
    return PairBatches(
        data,
        pool,
        sampler,
        corruption=corruption,
        pairs=pairs,
        mixtures=2 * pairs,
        subspaces=4,
        device=CPU,
        seed_names=("test", 0),
    )


def test_a_batch_is_the_same_whenever_it_is_asked_for(data: StageOneData) -> None:
    first, again, next_one = (batches(data).draw(number) for number in (3, 3, 4))
    assert torch.equal(first.images, again.images)
    assert torch.equal(first.drawn, again.drawn)
    assert not torch.equal(first.images, next_one.images)


def test_order_of_asking_does_not_matter(data: StageOneData) -> None:
    forwards, backwards = batches(data), batches(data)
    numbers = (0, 63, 64, 65, 200)
    first = [forwards.draw(number) for number in numbers]
    second = [backwards.draw(number) for number in numbers[::-1]][::-1]
    for one, other in zip(first, second, strict=True):
        assert torch.equal(one.images, other.images)
        assert torch.equal(one.drawn, other.drawn)
        assert torch.equal(one.differ, other.differ)


def test_noise_falls_on_the_same_pairs_anew_in_every_batch(data: StageOneData) -> None:
    clean, noisy = batches(data), batches(data, corruption=SaltAndPepper(salt=0.2, pepper=0.3))
    draws = []
    for number in (0, 1):
        images, struck = clean.draw(number).images, noisy.draw(number).images
        assert torch.equal(noisy.draw(number).images, struck)
        assert abs((struck == PEPPER_VALUE).float().mean().item() - 0.3) < 0.02
        assert torch.equal(
            torch.unique(struck[(struck != PEPPER_VALUE) & (struck != SALT_VALUE)]), torch.unique(images)
        )
        draws.append(struck == PEPPER_VALUE)
    assert not torch.equal(*draws)


def test_mixtures_are_drawn_without_replacement(data: StageOneData) -> None:
    drawn = batches(data).draw(0).drawn
    assert len(drawn) == len(set(drawn.tolist())) == 40
    assert drawn.min() >= 0
    assert drawn.max() < 4 * 20


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_colour_is_the_principal_factor_that_differs(data: StageOneData, rate: float) -> None:
    batch = batches(data, rate=rate).draw(0)
    colours = batch.images.amax((2, 3)).argmax(1)
    assert torch.equal(batch.differ, colours[:20] != colours[20:])
    assert batch.differ.float().mean() == rate


def test_as_described_changes_one_factor_and_as_released_any(data: StageOneData) -> None:
    described = batches(data, rate=1.0).draw(0).images
    released = batches(data, rate=1.0, variant="as_released", pairs=400).draw(0)
    squares = described.amax(1)
    assert torch.equal(squares[:20], squares[20:])
    assert (
        0.5 < released.differ.float().mean() < 0.8
    )  # two of three colours differ by chance, whatever the rate
