"""Draws that belong to images: known answers of both hashes, statistics, and independence of the batch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.data.draws import Draws, _mixed, _mixed_long, image_draws

WORD = 2**32
GOLDEN = 0x9E3779B97F4A7C15 - 2**64
CHANCE = 1e-4


def lowbias32(value: int) -> int:
    """Wellons' function as he writes it in C, with unbounded integers."""
    value ^= value >> 16
    value = value * 0x7FEB352D % WORD
    value ^= value >> 15
    value = value * 0x846CA68B % WORD
    return value ^ value >> 16


def numbers(images: int = 64, *, first: int = 0, epoch: int = 0, seed: int = 0, count: int = 4096) -> Tensor:
    """Return uniform draws (images, count), float64, less their mean of a half."""
    index = torch.arange(first, first + images)
    return image_draws(index, epoch, seed=seed).uniform(count).double() - 0.5


def correlation(one: Tensor, other: Tensor) -> float:
    """Return the correlation in standard errors."""
    return float(torch.corrcoef(torch.stack((one.flatten(), other.flatten())))[0, 1] * one.numel() ** 0.5)


def test_32_bits_are_mixed_as_published() -> None:
    values = [0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xDEADBEEF, 0xFFFFFFFF]
    signed = np.array(values, dtype=np.uint32).view(np.int32)
    mixed = _mixed(torch.from_numpy(signed)).numpy().view(np.uint32)
    assert mixed.tolist() == [lowbias32(value) for value in values]


def test_64_bits_are_mixed_as_published() -> None:
    """The first five numbers of splitmix64 from the seed 1234567, as its authors' C program prints them."""
    states = 1234567 + GOLDEN * torch.arange(1, 6)
    expected = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert _mixed_long(states).numpy().view(np.uint64).tolist() == expected


def test_uniform_draws_fill_their_range_evenly() -> None:
    drawn = numbers() + 0.5
    assert drawn.min() >= 0
    assert drawn.max() < 1
    counts = torch.histc(drawn, bins=1000, min=0, max=1).numpy()
    assert CHANCE < stats.chisquare(counts).pvalue < 1 - CHANCE


def test_the_lowest_of_24_bits_are_even_too() -> None:
    low_byte = (((numbers() + 0.5) * 2**24).long() & 255).flatten()
    assert CHANCE < stats.chisquare(torch.bincount(low_byte, minlength=256).numpy()).pvalue < 1 - CHANCE


def test_normal_draws_are_normal() -> None:
    drawn = image_draws(torch.arange(64), 0, seed=3).normal(4096)
    assert drawn.isfinite().all()
    assert stats.kstest(drawn.double().flatten().numpy(), "norm").pvalue > CHANCE
    assert abs(drawn.double().pow(4).mean() - 3) < 4 * (96 / drawn.numel()) ** 0.5


def test_the_extremes_of_24_bits_give_finite_normal_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    extremes = torch.tensor([[0.0, 1 - 2**-24]])
    monkeypatch.setattr(Draws, "uniform", lambda *_: extremes.clone())
    low, high = Draws(torch.zeros(1, 2, dtype=torch.int32)).normal(2)[0].tolist()
    assert high == pytest.approx(5.4, abs=0.05)
    assert low == -high


@pytest.mark.parametrize("lag", [1, 2, 3, 64, 192])
def test_numbers_of_one_image_are_unrelated(lag: int) -> None:
    drawn = numbers()
    assert abs(correlation(drawn[:, lag:], drawn[:, :-lag])) < 4


@pytest.mark.parametrize(
    "other", [{"first": 64}, {"epoch": 1}, {"epoch": 2**40}, {"seed": 1}, {"seed": 2**62}]
)
def test_other_images_epochs_and_seeds_have_unrelated_numbers(other: dict[str, int]) -> None:
    assert abs(correlation(numbers(), numbers(**other))) < 4
    assert not (numbers() == numbers(**other)).all(dim=1).any()


def test_images_of_a_batch_are_unrelated() -> None:
    among = torch.corrcoef(numbers(256)).fill_diagonal_(0) * 4096**0.5
    assert among.abs().max() < 6  # the largest of 32,640 normal draws is above 6 once in 15,000 times
    assert abs(among.std() - 1) < 0.05


def test_image_epoch_and_seed_are_not_interchangeable() -> None:
    keys = {
        tuple(image_draws(torch.tensor([image]), epoch, seed=seed).keys[0].tolist())
        for image in range(8)
        for epoch in range(8)
        for seed in range(8)
    }
    assert len(keys) == 512


def test_numbers_do_not_depend_on_the_batch() -> None:
    """Large enough that the batch is drawn in pieces, and the single image is not."""
    index = torch.tensor([5, 900, 5, 17])
    occasions = torch.tensor([0, 0, 1, 3])
    together = image_draws(index, occasions, seed=1).uniform(3, 160, 160)
    for place in range(4):
        alone = image_draws(index[place : place + 1], int(occasions[place]), seed=1).uniform(3, 160, 160)
        assert torch.equal(together[place], alone[0])


@pytest.mark.parametrize(("images", "shape"), [(0, (3, 8, 8)), (2, (0,)), (3, ()), (1, (2**18,))])
def test_any_number_of_images_and_numbers_is_drawn(images: int, shape: tuple[int, ...]) -> None:
    draws = image_draws(torch.arange(images), 0, seed=0)
    assert draws.uniform(*shape).shape == draws.normal(*shape).shape == (images, *shape)


def test_draws_are_made_where_the_images_numbers_are() -> None:
    with FakeTensorMode():
        index = torch.arange(4, device="cuda")
        draws = image_draws(index, torch.arange(4), seed=0)
        assert {draws.uniform(2, 8).device.type, draws.normal(5).device.type} == {"cuda"}


@pytest.mark.gpu
def test_draws_are_the_same_on_cuda() -> None:
    index = torch.arange(300)
    here, there = (image_draws(on, 7, seed=2**62) for on in (index, index.cuda()))
    assert torch.equal(there.uniform(3, 64, 64).cpu(), here.uniform(3, 64, 64))
    torch.testing.assert_close(there.normal(3, 64, 64).cpu(), here.normal(3, 64, 64))
