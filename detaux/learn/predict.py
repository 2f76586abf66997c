"""Ask a network of stage three for the class of images."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.data.corrupting import Corruption
from detaux.data.noisy import noisy_batch
from detaux.data.staging import Images
from detaux.learn.network import MultiTaskNet
from detaux.train.policy import Policy

_BATCH_IMAGES = 512


def predict(
    net: MultiTaskNet,
    images: Images,
    *,
    corruption: Corruption,
    seed: int,
    policy: Policy,
    task: int = 0,
    quarters: int = 0,
) -> NDArray[np.int64]:
    """Return the class that the network gives each image, and leave the network in eval mode.

    Args:
        net: On the device of `policy`.
        images: N images.
        corruption: Noise to put on them first.
        seed: Of the noise: the same seed puts the same noise on the same images.
        policy: Device and precision.
        task: Which task's class; 0 is the principal one.
        quarters: By how many quarters to turn the images against the clock, noise and all.

    Returns:
        Class indices (N,).
    """
    net.eval()
    answers = []
    for positions in torch.split(torch.arange(len(images)), _BATCH_IMAGES):
        batch = noisy_batch(images, positions, corruption, seed=seed, occasions=0)
        with torch.inference_mode(), policy.autocast():
            logits = net(batch.rot90(quarters, dims=(2, 3)))[task]
        answers.append(logits.argmax(dim=1))
    return torch.cat(answers).cpu().numpy()
