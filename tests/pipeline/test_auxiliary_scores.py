"""How well an auxiliary task was learnt, told by images that it was not trained on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from detaux.data.augmentation.none import NoAugmentation
from detaux.data.corruption.none import NoCorruption
from detaux.data.staging import ResidentImages
from detaux.learn.architectures.hard_sharing import HardSharing
from detaux.learn.auxiliary.noise import NoiseTask
from detaux.learn.auxiliary.rotation import RotationTask
from detaux.learn.network import MultiTaskNet
from detaux.learn.options import LearnOptions
from detaux.learn.predict import predict
from detaux.learn.tasks import AnyTask, Task
from detaux.learn.train import Learnt, learn
from detaux.learn.weightings.equal import Equal
from detaux.models.backbones.small_cnn import SmallCNN
from detaux.pipeline.learn_scores import auxiliary_scores
from detaux.train.policy import Policy

CPU = Policy(device=torch.device("cpu"), amp=False)
NUM_IMAGES, SIDE = 24, 8
LABELS = np.arange(NUM_IMAGES) % 3
ROTATION = RotationTask(name="rotation", num_classes=4)
OPTIONS = LearnOptions(
    architecture=HardSharing(),
    backbone=SmallCNN(widths=(8,), halvings=1),
    weighting=Equal(),
    corruption=NoCorruption(),
    augmentation=NoAugmentation(),
    steps=60,
    batch_size=16,
    learning_rate=3e-3,
)


class Corners(MultiTaskNet):
    """Answers the principal task with class 0, and the other by which corner is brightest, counted as images turn."""

    def forward(self, images: Tensor) -> list[Tensor]:
        gray = images.mean(dim=1)
        corners = [gray[:, 0, 0], gray[:, -1, 0], gray[:, -1, -1], gray[:, 0, -1]]
        return [torch.zeros(len(images), 2), torch.stack(corners, dim=1)]

    def shared_parameters(self) -> list[nn.Parameter]:
        return []

    def head_parameters(self) -> list[list[nn.Parameter]]:
        return [[], []]


def bright_corner(num_images: int = NUM_IMAGES) -> ResidentImages:
    pixels = np.random.default_rng(0).integers(0, 100, (num_images, SIDE, SIDE, 3), dtype=np.uint8)
    pixels[:, :2, :2] = 255
    return ResidentImages(torch.from_numpy(pixels))


def asker(net: MultiTaskNet, images: ResidentImages) -> Callable[[int, int], NDArray[np.int64]]:
    def guess(task: int, quarters: int) -> NDArray[np.int64]:
        return predict(
            net, images, corruption=NoCorruption(), seed=0, policy=CPU, task=task, quarters=quarters
        )

    return guess


def test_a_net_that_knows_the_way_up_tells_all_four_turns() -> None:
    scores = auxiliary_scores([ROTATION], NUM_IMAGES, asker(Corners(), bright_corner()))
    assert scores == {("validation", "auxiliary_accuracy"): 1.0}


def test_a_net_that_always_says_the_same_is_right_in_a_quarter() -> None:
    def upright(task: int, quarters: int) -> NDArray[np.int64]:
        del task, quarters
        return np.zeros(NUM_IMAGES, dtype=np.int64)

    scores = auxiliary_scores([ROTATION], NUM_IMAGES, upright)
    assert scores == {("validation", "auxiliary_accuracy"): 0.25}


def test_rotation_is_learnt() -> None:
    images, principal = bright_corner(), Task(name="three", labels=LABELS, num_classes=3)
    learnt: Learnt = learn(
        images, principal, [ROTATION], (images, LABELS), options=OPTIONS, seed=0, policy=CPU
    )
    scores = auxiliary_scores([ROTATION], NUM_IMAGES, asker(learnt.net, images))
    assert scores["validation", "auxiliary_accuracy"] > 0.9


def test_labels_are_asked_where_they_are_known_and_others_have_no_score() -> None:
    known = np.where(LABELS == 2, -1, LABELS)
    tasks: list[AnyTask] = [
        Task(name="blind", labels=LABELS, num_classes=3),
        NoiseTask(name="noise", num_classes=3),
        Task(name="known", labels=LABELS, num_classes=3, validation=known),
        Task(name="unknown", labels=LABELS, num_classes=3, validation=np.full(NUM_IMAGES, -1)),
    ]
    asked: list[tuple[int, int]] = []

    def first_class(task: int, quarters: int) -> NDArray[np.int64]:
        asked.append((task, quarters))
        return np.zeros(NUM_IMAGES, dtype=np.int64)

    scores = auxiliary_scores(tasks, NUM_IMAGES, first_class)
    assert scores == {("validation", "auxiliary_3_accuracy"): 0.5}
    assert asked == [(3, 0)]
