"""One step of stage three: a batch, its noise, a loss a task, one gradient."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from detaux.core.seeding import derive_seed
from detaux.data.corrupting import Corruption
from detaux.data.noisy import noisy_batch
from detaux.data.staging import Images
from detaux.learn.batches import BatchOrder
from detaux.learn.network import MultiTaskNet
from detaux.learn.tasks import UNLABELLED, Task
from detaux.learn.update import Update
from detaux.train.policy import Policy

_LOSS_NAMES = ("principal", "auxiliary")


class LearnStep:
    """Computes the losses of a step and writes the gradients; called with the step's number by the loop.

    Batch and noise depend on the seed and the step alone: neither on the tasks nor on the steps before. The noise of
    an image depends on the seed and the epoch, not on the batch it stands in or on the device.

    Args:
        net: The network, on the device of `policy`.
        update: Rule from losses to one gradient, on the same device.
        images: N training images on that device.
        tasks: The principal task, and the auxiliary one if there is one; (N,) labels each.
        corruption: Noise to draw anew each epoch.
        batch_size: Images a step.
        seed: Seed of the run.
        policy: Device and precision.
    """

    def __init__(
        self,
        net: MultiTaskNet,
        update: Update,
        images: Images,
        tasks: Sequence[Task],
        *,
        corruption: Corruption,
        batch_size: int,
        seed: int,
        policy: Policy,
    ) -> None:
        self._net, self._update, self._images = net, update, images
        self._corruption, self._seed, self._policy = corruption, seed, policy
        self._order = BatchOrder(num_images=len(images), batch_size=batch_size, seed=seed)
        self._labels = torch.stack([torch.from_numpy(task.labels) for task in tasks]).to(policy.device)
        self._shared, self._heads = net.shared_parameters(), net.head_parameters()

    def __call__(self, step: int) -> dict[str, Tensor]:
        """Accumulate the gradients of a step, and return its loss (), float32, of each task by role."""
        losses = self.losses(step)
        self._update.backward(losses, self._shared, self._heads)
        return dict(zip(_LOSS_NAMES, losses.detach().unbind(), strict=False))

    def losses(self, step: int) -> Tensor:
        """Return the loss of each task (T,), float32, with its graph."""
        images, labels = self.batch(step)
        with self._policy.autocast():
            logits = self._net(images)
        return torch.stack([classification_loss(*pair) for pair in zip(logits, labels, strict=True)])

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Return the noisy images (B, 3, H, W) of a step, float in [0, 1], and the tasks' labels (T, B), long."""
        positions = self._order.positions(step).to(self._policy.device)
        images = noisy_batch(
            self._images,
            positions,
            self._corruption,
            seed=derive_seed("learn", "corruption", self._seed),
            occasions=self._order.epochs(step),
        )
        return images, self._labels[:, positions]


def classification_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy (), float32, over the labelled images of a batch, 0 where there is none.

    Args:
        logits: (B, classes), any float type.
        labels: Class indices (B,), long, -1 where an image is left out.
    """
    total = cross_entropy(logits.float(), labels, ignore_index=UNLABELLED, reduction="sum")
    return total / (labels != UNLABELLED).sum().clamp(min=1)
