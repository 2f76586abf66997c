import numpy as np
import pytest
import torch
from torch import Tensor

from detaux.data import load_dataset
from detaux.data.corruption.none import NoCorruption
from detaux.data.corruption.salt_and_pepper import SaltAndPepper
from detaux.data.noisy import noisy_batch, with_fixed_noise
from detaux.data.registries import corruptions
from detaux.data.staging import Images, StreamedImages, stage

EVERY = torch.arange(60)


@pytest.fixture(scope="module")
def train_images() -> Images:
    """The first 60 digits."""
    return stage(load_dataset("digits", image_size=8), np.arange(60), "cpu")


def test_an_image_keeps_its_noise(train_images: Images) -> None:
    noisy = with_fixed_noise(train_images, SaltAndPepper(), seed=0)
    images = noisy.gather(EVERY)
    assert torch.equal(noisy.gather(torch.tensor([7, 3])), images[[7, 3]])
    assert images.is_contiguous(memory_format=torch.channels_last)
    hit = (images != train_images.gather(EVERY)).float().mean().item()
    assert abs(hit - 0.16) < 0.01


def test_elements_without_noise_are_exact(train_images: Images) -> None:
    clean, noisy = (
        train_images.gather(EVERY),
        with_fixed_noise(train_images, SaltAndPepper(), seed=0).gather(EVERY),
    )
    salt_or_pepper = (noisy == 5 / 255) | (noisy == 250 / 255)
    assert torch.equal(noisy[~salt_or_pepper], clean[~salt_or_pepper])


@pytest.fixture
def streamed() -> Images:
    digits = load_dataset("digits", image_size=16)
    return stage(digits, np.arange(20, 50), "cpu", limit_bytes=0)


def test_a_pool_too_large_to_hold_stays_streamed(streamed: Images, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    gather = streamed.gather

    def watched(positions: Tensor) -> Tensor:
        read.append(len(positions))
        return gather(positions)

    monkeypatch.setattr(streamed, "gather", watched)
    noisy = with_fixed_noise(streamed, SaltAndPepper(), seed=0)
    assert not read
    assert len(noisy) == 30
    noisy.gather(torch.tensor([7, 3]))
    assert read == [2]


def test_a_streamed_image_keeps_noise_of_its_own(streamed: Images) -> None:
    noisy = with_fixed_noise(streamed, SaltAndPepper(), seed=0)
    every = torch.arange(30)
    images = noisy.gather(every)
    assert torch.equal(noisy.gather(torch.tensor([7, 3, 7])), images[[7, 3, 7]])
    assert images.is_contiguous(memory_format=torch.channels_last)
    hits = images != streamed.gather(every)
    assert abs(hits.float().mean().item() - 0.16) < 0.02
    assert not torch.equal(hits[0], hits[1])
    assert torch.equal(images.mul(255).round().div(255), images)
    assert not torch.equal(with_fixed_noise(streamed, SaltAndPepper(), seed=1).gather(every), images)


def test_without_noise_no_copy_is_made(train_images: Images) -> None:
    assert with_fixed_noise(train_images, NoCorruption(), seed=0) is train_images


def test_noise_follows_the_seed(train_images: Images) -> None:
    first, second, other = (
        with_fixed_noise(train_images, SaltAndPepper(), seed=seed).gather(EVERY) for seed in (0, 0, 1)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def pool(index: list[int], *, streamed: bool = False) -> Images:
    digits = load_dataset("digits", image_size=16)
    return stage(digits, np.array(index), "cpu", limit_bytes=0 if streamed else None)


@pytest.mark.parametrize("name", corruptions.names())
def test_a_held_and_a_streamed_pool_have_the_same_noise(name: str) -> None:
    corruption = corruptions.get(name)()
    held, streamed = (pool([20, 5, 90], streamed=streamed) for streamed in (False, True))
    assert isinstance(streamed, StreamedImages)
    order = torch.tensor([2, 0])
    fixed, again = (with_fixed_noise(images, corruption, seed=3) for images in (held, streamed))
    assert torch.equal(fixed.gather(order), again.gather(order))
    assert torch.equal(fixed.index, again.index)
    fresh, anew = (
        noisy_batch(images, order, corruption, seed=3, occasions=torch.tensor([4, 5]))
        for images in (held, streamed)
    )
    assert torch.equal(fresh, anew)


@pytest.mark.parametrize("streamed", [False, True])
def test_noise_belongs_to_the_image_wherever_it_stands(*, streamed: bool) -> None:
    one, other = (
        with_fixed_noise(pool(index, streamed=streamed), SaltAndPepper(), seed=0)
        for index in ([7, 30, 31], [90, 31, 7, 6])
    )
    assert torch.equal(one.gather(torch.tensor([0, 2])), other.gather(torch.tensor([2, 1])))


def test_noise_is_another_one_on_another_occasion() -> None:
    images, twice = pool([7, 30]), torch.tensor([0, 0, 0])
    occasions = torch.tensor([0, 1, 0])
    first, second, again = noisy_batch(images, twice, SaltAndPepper(), seed=0, occasions=occasions)
    assert torch.equal(first, again)
    assert not torch.equal(first, second)
