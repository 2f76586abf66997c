import torch

from detaux.data.corruption.none import NoCorruption
from detaux.data.corruption.salt_and_pepper import SaltAndPepper
from detaux.data.staging import Images
from detaux.learn.noise import with_fixed_noise

EVERY = torch.arange(60)


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


def test_without_noise_no_copy_is_made(train_images: Images) -> None:
    assert with_fixed_noise(train_images, NoCorruption(), seed=0) is train_images


def test_noise_follows_the_seed(train_images: Images) -> None:
    first, second, other = (
        with_fixed_noise(train_images, SaltAndPepper(), seed=seed).gather(EVERY) for seed in (0, 0, 1)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, other)
