"""The batches of stage three: images with their noise, and what a task may know of them."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.core.seeding import derive_seed
from detaux.data.augmenting import Augmentation
from detaux.data.corrupting import Corruption
from detaux.data.draws import Draws, image_draws
from detaux.data.noisy import noisy_batch
from detaux.data.staging import Images
from detaux.learn.batches import BatchOrder


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """B training images on the training device."""

    images: Tensor
    """(B, 3, H, W), float in [0, 1], noise and augmentation done."""
    positions: Tensor
    """Places in the pool of training images (B,), long."""
    labels: Tensor
    """Principal class indices (B,), long."""
    index: Tensor
    """Number of each image in its data set (B,), long: with `epochs`, what its draws depend on."""
    epochs: Tensor
    """Epoch in which each image is seen (B,), long, on the CPU."""

    def draws(self, seed: int) -> Draws:
        """Return random numbers of these images in these epochs; see `image_draws`."""
        return image_draws(self.index, self.epochs, seed=seed)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BatchSource:
    """Makes the batch of any step: a function of the seed and the step alone."""

    images: Images
    """N training images on the training device."""
    labels: Tensor
    """Their principal class indices (N,), long, on that device."""
    corruption: Corruption
    """Noise to draw anew each epoch."""
    augmentation: Augmentation
    """Changes to draw anew each epoch, once the noise is on."""
    order: BatchOrder
    """Which images a step sees."""
    seed: int
    """Seed of noise and augmentation; it must not depend on the arm."""

    def batch(self, step: int) -> Batch:
        """Return the batch of a step counted from 0."""
        positions, epochs = self.order.positions(step).to(self.labels.device), self.order.epochs(step)
        seed = derive_seed("learn", "corruption", self.seed)
        noisy = noisy_batch(self.images, positions, self.corruption, seed=seed, occasions=epochs)
        index = self.images.index[positions.to(self.images.index.device)].to(self.labels.device)
        draws = image_draws(index, epochs, seed=derive_seed("learn", "augmentation", self.seed))
        return Batch(
            images=self.augmentation.apply(noisy, draws),
            positions=positions,
            labels=self.labels[positions],
            index=index,
            epochs=epochs,
        )
