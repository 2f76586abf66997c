from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from detaux.disentangle.discriminator import (
    Discriminator,
    DiscriminatorSizes,
    discrimination,
    permuted,
    total_correlation,
)
from detaux.disentangle.methods.annealed_vae import AnnealedVAE
from detaux.disentangle.methods.beta_tcvae import BetaTCVAE
from detaux.disentangle.methods.beta_tcvae import total_correlation as batch_total_correlation
from detaux.disentangle.methods.beta_vae import BetaVAE
from detaux.disentangle.methods.dip_vae_i import DIPVAEI
from detaux.disentangle.methods.dip_vae_ii import DIPVAEII
from detaux.disentangle.methods.factor_vae import FactorVAE
from detaux.disentangle.moments import covariance
from detaux.disentangle.vae import Encoded, kl, vae_objective
from detaux.disentangle.vector import Posterior
from detaux.train.policy import Policy

IMAGES, LATENTS = 16, 5
SMALL = DiscriminatorSizes(layers=2, width=32)


def encoded(images: int = IMAGES, latents: int = LATENTS) -> Encoded:
    generator = torch.Generator().manual_seed(0)
    mean, log_variance, noise = torch.randn(3, images, latents, 1, generator=generator, dtype=torch.float64)
    return Encoded(Posterior(mean, log_variance), mean + noise * (0.5 * log_variance).exp())


def terms(method: Any, time: float = 1.0) -> dict[str, tuple[float, float]]:
    found = method._terms(encoded(), time)
    return {name: (weight, value.item()) for name, (weight, value) in found.items()}


def test_kl_is_that_of_the_distributions() -> None:
    mean, log_variance = encoded().posterior
    each = kl_divergence(Normal(mean, log_variance.exp().sqrt()), Normal(0.0, 1.0))
    torch.testing.assert_close(kl(encoded().posterior), each.sum((1, 2)).mean())


def test_beta_weighs_the_kl_divergence() -> None:
    assert terms(BetaVAE(beta=3)) == {"kl": (3, kl(encoded().posterior).item())}


@pytest.mark.parametrize(
    ("time", "capacity"), [(0, 0), (0.1, 7.5), (1 / 6, 12.5), (1 / 3, 25), (0.5, 25), (1, 25)]
)
def test_capacity_rises_to_its_last_value_in_the_first_third(time: float, capacity: float) -> None:
    method = AnnealedVAE(gamma=10, c_max=25)
    assert method.capacity(time) == pytest.approx(capacity)
    (weight, value) = terms(method, time)["from_capacity"]
    assert weight == 10
    assert value == pytest.approx(abs(kl(encoded().posterior).item() - capacity))


def squares(matrix: Any) -> tuple[float, float]:
    """Return the sums of squares that a DIP-VAE makes small: off the diagonal, and of the diagonal less 1."""
    off = [matrix[row, column] ** 2 for row in range(LATENTS) for column in range(LATENTS) if row != column]
    return float(sum(off)), float(sum((matrix[place, place] - 1) ** 2 for place in range(LATENTS)))


def test_dip_vae_i_sees_the_covariance_of_the_means() -> None:
    mean = encoded().posterior.mean[..., 0].numpy()
    off, diagonal = squares(np.cov(mean, rowvar=False, bias=True))
    found = terms(DIPVAEI(lambda_od=5))
    assert found.keys() == {"kl", "off_diagonal", "diagonal"}
    assert found["kl"][0] == 1
    assert found["off_diagonal"] == pytest.approx((5, off))
    assert found["diagonal"] == pytest.approx((50, diagonal))


def test_dip_vae_ii_sees_the_covariance_of_the_codes() -> None:
    mean, log_variance = (part[..., 0].numpy() for part in encoded().posterior)
    whole = np.cov(mean, rowvar=False, bias=True) + np.diag(np.exp(log_variance).mean(0))
    off, diagonal = squares(whole)
    found = terms(DIPVAEII(lambda_od=5))
    assert found["off_diagonal"] == pytest.approx((5, off))
    assert found["diagonal"] == pytest.approx((5, diagonal))


def test_codes_drawn_from_the_posteriors_have_the_covariance_of_dip_vae_ii() -> None:
    mean, log_variance = encoded().posterior
    drawn = mean + (0.5 * log_variance).exp() * torch.randn(
        20_000, *mean.shape, generator=torch.Generator().manual_seed(1), dtype=mean.dtype
    )
    off, diagonal = squares(covariance(drawn.flatten(0, 1)[..., 0]))
    found = terms(DIPVAEII())
    assert found["off_diagonal"][1] == pytest.approx(off, rel=0.03)
    assert found["diagonal"][1] == pytest.approx(diagonal, rel=0.03)


def slow_total_correlation(given: Encoded) -> float:
    mean, log_variance = (part[..., 0].numpy() for part in given.posterior)
    total = 0.0
    for code in given.codes[..., 0].numpy():
        densities = [
            [
                math.exp(-((value - centre) ** 2) / (2 * math.exp(log)))
                / math.sqrt(2 * math.pi * math.exp(log))
                for value, centre, log in zip(code, *row, strict=True)
            ]
            for row in zip(mean, log_variance, strict=True)
        ]
        joint = np.mean([math.prod(row) for row in densities])
        total += math.log(joint) - sum(math.log(column) for column in np.mean(densities, axis=0))
    return total / len(mean)


def test_beta_tcvae_estimates_total_correlation_from_the_batchs_mixture() -> None:
    found = terms(BetaTCVAE(beta=4))
    assert found["kl"] == pytest.approx((1, kl(encoded().posterior).item()))
    assert found["total_correlation"] == pytest.approx((3, slow_total_correlation(encoded())))


@pytest.mark.parametrize("correlation", [0.0, 0.6, 0.9])
def test_on_large_batches_of_normal_codes_the_estimate_is_near_the_truth(correlation: float) -> None:
    images, variance = 1500, 0.3
    generator = torch.Generator().manual_seed(0)
    spread = torch.tensor([[1.0, correlation], [correlation, 1.0]], dtype=torch.float64)
    mean, noise = torch.randn(2, images, 2, generator=generator, dtype=torch.float64)
    mean = mean @ torch.linalg.cholesky(spread).T
    log_variance = torch.full_like(mean, math.log(variance))
    given = Encoded(Posterior(mean, log_variance), mean + math.sqrt(variance) * noise)
    truth = -0.5 * math.log(1 - (correlation / (1 + variance)) ** 2)
    assert batch_total_correlation(given).item() == pytest.approx(truth, abs=0.03)


def correlated(images: int, correlation: float, generator: torch.Generator) -> Tensor:
    first, second, third = torch.randn(3, images, generator=generator)
    second = correlation * first + math.sqrt(1 - correlation**2) * second
    return torch.stack([first, second, third], 1)[..., None]


def trained(correlation: float, steps: int = 200) -> Discriminator:
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(1)
    discriminator = Discriminator(3, SMALL)
    optimizer = torch.optim.Adam(discriminator.parameters(), lr=5e-3)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.autograd.backward(discrimination(discriminator, correlated(256, correlation, generator)))
        optimizer.step()
    return discriminator


@pytest.mark.parametrize(("correlation", "tolerance"), [(0.0, 0.03), (0.9, 0.15)])
def test_a_trained_discriminator_shows_total_correlation(correlation: float, tolerance: float) -> None:
    truth = -0.5 * math.log(1 - correlation**2)
    fresh = correlated(4000, correlation, torch.Generator().manual_seed(2))
    estimate = total_correlation(trained(correlation), fresh).item()
    assert estimate == pytest.approx(truth, abs=tolerance)


def test_codes_and_discriminator_each_learn_from_their_own_loss() -> None:
    torch.manual_seed(0)
    discriminator, codes = Discriminator(LATENTS, SMALL), torch.randn(8, LATENTS, 1, requires_grad=True)
    torch.autograd.backward(total_correlation(discriminator, codes))
    assert all(parameter.grad is None for parameter in discriminator.parameters())
    assert codes.grad is not None
    assert codes.grad.abs().sum() > 0
    codes.grad = None
    torch.autograd.backward(discrimination(discriminator, codes))
    assert codes.grad is None
    assert all(
        parameter.grad is not None and parameter.grad.abs().sum() > 0
        for parameter in discriminator.parameters()
    )


def test_a_discriminator_that_cannot_tell_has_the_entropy_of_a_coin() -> None:
    discriminator = Discriminator(LATENTS, SMALL)
    with torch.no_grad():
        for parameter in discriminator.parameters():
            parameter.zero_()
    codes = torch.randn(8, LATENTS, 1)
    assert discrimination(discriminator, codes).item() == pytest.approx(math.log(2))
    assert total_correlation(discriminator, codes).item() == 0


def test_permuting_keeps_what_each_latent_holds_and_breaks_the_rows() -> None:
    torch.manual_seed(0)
    codes = torch.arange(200.0).view(50, 4, 1).expand(50, 4, 2)
    shuffled = permuted(codes)
    assert torch.equal(shuffled.sort(0).values, codes)
    assert torch.equal(shuffled[..., 0], shuffled[..., 1])
    rows = (shuffled[..., 0] // 4).T
    assert all(not torch.equal(rows[0], other) for other in rows[1:])


@pytest.mark.parametrize("strength", [0.5, 2.0])
def test_strength_scales_every_term_but_the_discriminators_own_loss(strength: float, policy: Policy) -> None:
    """On a stand-in for the model, since what it decodes does not matter here."""
    torch.manual_seed(0)
    method, discriminator = FactorVAE(strength=strength, gamma=20), Discriminator(LATENTS, SMALL)
    posterior = Posterior(*(part.float() for part in encoded().posterior))
    images = torch.rand(IMAGES, 3, 8, 8)
    model: Any = SimpleNamespace(
        posterior=lambda _: posterior, decode_raw=lambda codes: codes.mean() + torch.zeros_like(images)
    )
    objective = vae_objective(
        model,
        lambda drawn, _: method._terms(drawn, discriminator, 192),
        strength=strength,
        policy=policy,
        beside=[discriminator],
    )
    batch: Any = SimpleNamespace(images=images)
    found = objective.losses(batch, 0.5)
    scaled = strength / 192 * (found["kl"] + 20 * found["total_correlation"])
    torch.testing.assert_close(found["loss"], found["reconstruction"] + scaled + found["discrimination"])


def test_nothing_is_trained_beside_a_plain_autoencoder(policy: Policy) -> None:
    model: Any = SimpleNamespace()
    discriminator = Discriminator(LATENTS, SMALL)
    for strength, count in ((0.0, 0), (1.0, 1)):
        objective = vae_objective(
            model, lambda *_: {}, strength=strength, policy=policy, beside=[discriminator]
        )
        assert len(objective.beside) == count
