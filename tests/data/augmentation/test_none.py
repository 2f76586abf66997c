import torch

from detaux.data.augmentation.none import NoAugmentation
from tests.data.augmentation.drawing import augmented


def test_none_returns_the_images_themselves() -> None:
    images = torch.rand(2, 3, 4, 4)
    assert augmented(NoAugmentation(), images) is images
