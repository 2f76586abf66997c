"""Disentanglers whose codes serve labels: how labels and reconstruction share the encoder."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from detaux.core.bounds import check_range
from detaux.disentangle.batches import Batch
from detaux.disentangle.bounds import MOST_DIMENSIONS
from detaux.disentangle.objective import Objective
from detaux.disentangle.vae import bernoulli
from detaux.disentangle.vector import VectorModel
from detaux.disentangle.vector_method import VectorMethod
from detaux.train.policy import Policy

Supervise = Callable[[Tensor, Batch], tuple[Tensor, Mapping[str, Tensor]]]
"""Takes the codes (2B, K, D) of a batch and the batch; returns the loss of the labels, in nats, and terms to log, each
of shape ()."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SupervisedMethod(VectorMethod, ABC):
    """Training of a `VectorModel` by labels, while its decoder learns to reconstruct."""

    strength: float = 1.0
    """Share of the encoder's gradient that comes from the labels, in [0, 1]: at 1 the decoder only looks on, 0 is a plain
    autoencoder."""
    latent_dim: int = 1
    """D, 1 to 65,536."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        VectorMethod.__post_init__(self)
        if self.strength > 1:
            raise ValueError(f"strength must be at most 1, as it is a share, but is {self.strength}")
        check_range("latent_dim", self.latent_dim, 1, MOST_DIMENSIONS)
        if self.subspaces * self.latent_dim > MOST_DIMENSIONS:
            raise ValueError(
                f"{self.subspaces} subspaces of {self.latent_dim} dimensions are more than {MOST_DIMENSIONS:,} latents; "
                "lower latent_dim or subspaces"
            )


def supervised_objective(
    model: VectorModel,
    supervise: Supervise,
    *,
    strength: float,
    policy: Policy,
    beside: Sequence[nn.Module] = (),
) -> Objective:
    """Return the loss reconstruction + strength * labels, whose reconstruction moves the encoder by 1 - strength alone.

    So the encoder's gradient is strength * d labels + (1 - strength) * d reconstruction, while the decoder's is that of
    reconstruction whatever the strength. Labels count in nats an image, reconstruction in nats a pixel value: summed
    over the image, it would drown them. At strength 0 labels are not looked at.

    Args:
        model: Whose pixels are Bernoulli.
        supervise: Computes the loss of the labels, in float32.
        strength: In [0, 1].
        policy: Device and precision of the net.
        beside: Modules that `supervise` trains; at strength 0 none is.
    """

    def losses(batch: Batch, time: float) -> dict[str, Tensor]:  # noqa: ARG001 - nothing comes in later
        with policy.autocast():
            codes = model.encode(batch.images)
            logits = model.decode_raw(strength * codes.detach() + (1 - strength) * codes)
        reconstruction = bernoulli(logits, batch.images)
        if strength == 0:
            return {"loss": reconstruction, "reconstruction": reconstruction}
        labels, terms = supervise(codes, batch)
        return {"loss": reconstruction + strength * labels, "reconstruction": reconstruction, **terms}

    return Objective(losses, beside if strength > 0 else ())
