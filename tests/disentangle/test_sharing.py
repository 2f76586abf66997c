from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.distributions import Normal, kl_divergence

from detaux.disentangle.sharing import Merge, average, kl_between, product, share, shared_latents
from detaux.disentangle.vector import Posterior

MERGES = (average, product)


def one_pair(means: list[float], variances: list[float]) -> Posterior:
    """Return the posterior (1, K, 1) of one image, float64."""
    given = torch.tensor([means, variances], dtype=torch.float64).view(2, 1, -1, 1)
    return Posterior(given[0], given[1].log())


def drawn(pairs: int, seed: int = 0) -> tuple[Posterior, Posterior]:
    """Return random posteriors (B, 7, 1) of the first and of the second images, float64."""
    generator = torch.Generator().manual_seed(seed)
    numbers = torch.randn((4, pairs, 7, 1), generator=generator, dtype=torch.float64)
    return Posterior(numbers[0], numbers[1]), Posterior(numbers[2], numbers[3])


def together(first: Posterior, second: Posterior) -> Posterior:
    return Posterior(*(torch.cat(parts) for parts in zip(first, second, strict=True)))


def pick(posterior: Posterior, pair: int) -> Posterior:
    return Posterior(*(part[pair : pair + 1] for part in posterior))


def normal(posterior: Posterior) -> Normal:
    return Normal(posterior.mean, (0.5 * posterior.log_variance).exp())


def density(posterior: Posterior, points: Tensor) -> Tensor:
    """Return the density of each latent at P points, (B, K, P)."""
    variance = posterior.log_variance.exp()
    return (-(points - posterior.mean).square() / (2 * variance)).exp() / (2 * math.pi * variance).sqrt()


def close(found: Tensor, expected: list[float]) -> None:
    torch.testing.assert_close(found.flatten(), torch.tensor(expected, dtype=found.dtype))


# By hand: divergences 0.5 * 0.5^2 / 1 = 0.125, 0.5 * 2^2 / 1 = 2 and 0.5 * 2^2 / 4 = 0.5; their midpoint is 1.0625.
FIRST = one_pair([0.0, 0.0, 1.0], [1.0, 1.0, 4.0])
SECOND = one_pair([0.5, 2.0, -1.0], [1.0, 1.0, 4.0])


def test_the_divergence_of_three_latents() -> None:
    close(kl_between(FIRST, SECOND), [0.125, 2.0, 0.5])
    assert shared_latents(FIRST, SECOND).flatten().tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("merge", "means", "variances"),
    [(average, [0.25, 0.0], [1.0, 4.0]), (product, [0.25, 0.0], [0.5, 2.0])],
)
def test_two_of_three_latents_are_merged(merge: Merge, means: list[float], variances: list[float]) -> None:
    mean, log_variance = share(together(FIRST, SECOND), merge)
    for image, own in enumerate((0.0, 2.0)):
        close(mean[image], [means[0], own, means[1]])
        close(log_variance[image].exp(), [variances[0], 1.0, variances[1]])


def test_variances_are_averaged_not_their_logarithms() -> None:
    merged = average(one_pair([1.0], [1.0]), one_pair([2.0], [9.0]))
    close(merged.mean, [1.5])
    close(merged.log_variance.exp(), [5.0])


def test_the_divergence_is_that_of_the_first_to_the_second() -> None:
    first, second = drawn(20)
    torch.testing.assert_close(kl_between(first, second), kl_divergence(normal(first), normal(second)))
    assert not torch.allclose(kl_between(first, second), kl_between(second, first))


@pytest.mark.parametrize("merge", MERGES)
def test_equal_posteriors_stay(merge: Merge) -> None:
    first, _ = drawn(5)
    both = together(first, first)
    for found, given in zip(share(both, merge), both, strict=True):
        assert torch.equal(found, given)


def test_a_divergence_at_the_midpoint_is_not_shared() -> None:
    # With variances of 1 and means of 0, divergences are half the square of the mean: 0, 1 and 2 nats.
    first, second = one_pair([0.0] * 3, [1.0] * 3), one_pair([0.0, 2**0.5, 2.0], [1.0] * 3)
    expected = torch.tensor([0.0, 1.0, 2.0], dtype=torch.float64)
    assert torch.allclose(kl_between(first, second).flatten(), expected)
    for middle, shared in ((2**0.5 - 1e-6, True), (2**0.5 + 1e-6, False)):
        second.mean[0, 1] = middle
        assert shared_latents(first, second).flatten().tolist() == [True, shared, False]
    exact = one_pair([0.0, 0.0], [1.0, 1.0]), one_pair([3.0, 3.0], [1.0, 1.0])
    assert not shared_latents(*exact).any()


def test_each_pair_shares_one_latent_at_least_and_never_all() -> None:
    counts = shared_latents(*drawn(500)).flatten(1).sum(1)
    assert counts.min() >= 1
    assert counts.max() <= 6
    assert len(set(counts.tolist())) > 3


def test_a_pair_is_judged_by_its_own_latents() -> None:
    first, second = drawn(6)
    alone = [shared_latents(pick(first, pair), pick(second, pair)) for pair in range(6)]
    assert torch.equal(shared_latents(first, second), torch.cat(alone))


def test_a_product_adds_precisions_and_weighs_means_by_them() -> None:
    first, second = drawn(50)
    precisions = [(-part.log_variance).exp() for part in (first, second)]
    merged = product(first, second)
    weighted = precisions[0] * first.mean + precisions[1] * second.mean
    torch.testing.assert_close(merged.log_variance.exp(), 1 / sum(precisions))
    torch.testing.assert_close(merged.mean, weighted / sum(precisions))


def test_a_product_is_that_of_the_densities() -> None:
    first, second = drawn(3)
    points = torch.linspace(-40, 40, 80_001, dtype=torch.float64)
    multiplied = density(first, points) * density(second, points)
    multiplied = multiplied / torch.trapezoid(multiplied, points)[..., None]
    torch.testing.assert_close(multiplied, density(product(first, second), points), atol=1e-9, rtol=1e-6)


@pytest.mark.parametrize("merge", MERGES)
def test_both_images_are_treated_alike(merge: Merge) -> None:
    """Of the shared latents both have the same; with the same variances, order within a pair does not matter."""
    first, second = drawn(40)
    one, other = (part.chunk(2) for part in share(together(first, second), merge))
    shared = shared_latents(first, second)
    for halves, own in ((one, (first.mean, second.mean)), (other, (first.log_variance, second.log_variance))):
        assert torch.equal(halves[0] == halves[1], shared)
        for half, unshared in zip(halves, own, strict=True):
            assert torch.equal(half[~shared], unshared[~shared])
    second = Posterior(second.mean, first.log_variance)
    there, back = share(together(first, second), merge), share(together(second, first), merge)
    for found, turned in zip(there, back, strict=True):
        torch.testing.assert_close(found, torch.cat(turned.chunk(2)[::-1]))


@pytest.mark.parametrize("merge", MERGES)
def test_merging_does_not_overflow(merge: Merge) -> None:
    wide = Posterior(torch.ones(1, 1, 1), torch.full((1, 1, 1), 200.0))
    narrow = Posterior(torch.zeros(1, 1, 1), torch.full((1, 1, 1), -200.0))
    for merged in (merge(wide, narrow), merge(narrow, wide), merge(wide, wide), merge(narrow, narrow)):
        assert all(part.isfinite().all() for part in merged)


@pytest.mark.parametrize("merge", MERGES)
def test_a_merged_latent_passes_its_gradient_to_both_images(merge: Merge) -> None:
    first, second = drawn(4)
    both = Posterior(*(part.requires_grad_() for part in together(first, second)))
    mean, log_variance = (part.chunk(2)[0] for part in share(both, merge))
    gradients = torch.autograd.grad((mean + log_variance).sum(), list(both))
    shared = shared_latents(first, second)
    for gradient in gradients:
        of_first, of_second = gradient.chunk(2)
        assert (of_first != 0).all()
        assert torch.equal(of_second != 0, shared)


def test_the_choice_passes_no_gradient() -> None:
    """By numbers: the gradient of what is shared is that of merging, as if the choice were given."""
    first, second = drawn(3)
    both = Posterior(*(part.requires_grad_() for part in together(first, second)))
    assert torch.autograd.gradcheck(lambda *parts: tuple(share(Posterior(*parts), average)), tuple(both))
    assert not shared_latents(both, both).requires_grad


@pytest.mark.parametrize("merge", MERGES)
def test_sharing_keeps_every_tensor_on_its_device(merge: Merge) -> None:
    """On tensors that know a CUDA device but hold no data: one that is left on the CPU raises."""
    with FakeTensorMode(), torch.device("cuda"):
        shared = share(Posterior(torch.rand(6, 4, 1), torch.rand(6, 4, 1)), merge)
    for part in shared:
        assert part.device.type == "cuda"
        assert part.shape == (6, 4, 1)
        assert part.dtype == torch.float32
