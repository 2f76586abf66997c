"""The objective of variational autoencoders: reconstruction, and terms that `strength` scales."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from detaux.disentangle.batches import Batch
from detaux.disentangle.objective import Objective
from detaux.disentangle.vector import Posterior, VectorModel
from detaux.train.policy import Policy


class Encoded(NamedTuple):
    """A batch of images as the decoder gets it."""

    posterior: Posterior
    """Means and log-variances, each (2B, K, D), float32."""
    codes: Tensor
    """Drawn from them, (2B, K, D), float32."""


Terms = Mapping[str, tuple[float, Tensor]]
"""Weight and value of each term, the values of shape (), in nats an image."""
Regularise = Callable[[Encoded, float], Terms]
"""Takes an encoded batch and the time in [0, 1], the share of training done."""


def vae_objective(
    model: VectorModel,
    regularise: Regularise,
    *,
    strength: float,
    policy: Policy,
    share: Callable[[Posterior], Posterior] = lambda posterior: posterior,
    beside: Sequence[nn.Module] = (),
) -> Objective:
    """Return the loss reconstruction + strength * (weighted terms) / V, for V = H * W * 3 values an image.

    Published losses sum over pixels; divided by V the loss has the same minimum and, under Adam, the same course.
    At strength 0 codes are the means and no term is computed: a plain autoencoder.

    Args:
        model: Whose pixels are Bernoulli.
        regularise: Computes the terms.
        strength: At least 0; 1 is the published method.
        policy: Device and precision.
        share: What pairs of images have in common, told from both posteriors.
        beside: Modules that `regularise` trains; at strength 0 none is.
    """

    def losses(batch: Batch, time: float) -> dict[str, Tensor]:
        with policy.autocast():
            posterior = model.posterior(batch.images)
            encoded = _drawn(share(posterior)) if strength > 0 else Encoded(posterior, posterior.mean)
            logits = model.decode_raw(encoded.codes)
        reconstruction = bernoulli(logits, batch.images)
        if strength == 0:
            return {"loss": reconstruction, "reconstruction": reconstruction}
        terms = regularise(encoded, time)
        scale = strength / batch.images[0].numel()
        weighted = [scale * weight * value for weight, value in terms.values()]
        return {
            "loss": sum(weighted, reconstruction),
            "reconstruction": reconstruction,
            **{name: value for name, (_, value) in terms.items()},
        }

    return Objective(losses, beside if strength > 0 else ())


def bernoulli(logits: Tensor, images: Tensor) -> Tensor:
    """Return the mean binary cross-entropy (), float32, of images (B, 3, H, W) in [0, 1] under logits of that shape."""
    return functional.binary_cross_entropy_with_logits(logits.float(), images)


def kl_to_normal(posterior: Posterior) -> Tensor:
    """Return the KL divergence of each coordinate's distribution to the standard normal one, (B, K, D), in nats."""
    mean, log_variance = posterior
    return 0.5 * (mean.square() + log_variance.exp() - log_variance - 1)


def kl(posterior: Posterior) -> Tensor:
    """Return the KL divergence to the standard normal prior, summed over coordinates, mean over images, shape ()."""
    return kl_to_normal(posterior).flatten(1).sum(1).mean()


def _drawn(posterior: Posterior) -> Encoded:
    mean, log_variance = posterior
    noise = torch.randn_like(mean)
    return Encoded(posterior, mean + noise * (0.5 * log_variance).exp())
