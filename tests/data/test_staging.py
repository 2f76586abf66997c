from __future__ import annotations

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.data import load_dataset
from detaux.data.staging import ResidentImages, StreamedImages, stage

POOL = np.array([5, 1700, 3, 42])
POSITIONS = torch.tensor([3, 0, 0, 2])


@pytest.mark.parametrize("limit_bytes", [2**31, 0])
def test_a_batch_holds_the_images_asked_for(limit_bytes: int) -> None:
    digits = load_dataset("digits", image_size=16)
    batch = stage(digits, POOL, "cpu", limit_bytes=limit_bytes).gather(POSITIONS)
    expected = digits.images(POOL[POSITIONS.numpy()]).transpose(0, 3, 1, 2) / np.float32(255)
    np.testing.assert_array_equal(batch.numpy(), expected)
    assert batch.dtype == torch.float32
    assert batch.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("limit_bytes", [2**31, 0])
def test_a_pool_knows_the_numbers_of_its_images(limit_bytes: int) -> None:
    staged = stage(load_dataset("digits", image_size=8), POOL, "cpu", limit_bytes=limit_bytes)
    assert staged.index.tolist() == POOL.tolist()


def test_the_limit_decides_where_images_stay() -> None:
    digits = load_dataset("digits", image_size=16)
    size = len(POOL) * 16 * 16 * 3
    assert isinstance(stage(digits, POOL, "cpu", limit_bytes=size), ResidentImages)
    assert isinstance(stage(digits, POOL, "cpu", limit_bytes=size - 1), StreamedImages)


def test_a_pool_longer_than_a_piece_is_staged_whole() -> None:
    digits = load_dataset("digits", image_size=8)
    pool = np.tile(np.arange(1797), 3)
    staged = stage(digits, pool, "cpu")
    assert len(staged) == 5391
    last = staged.gather(torch.tensor([5390]))
    np.testing.assert_array_equal(
        last[0].permute(1, 2, 0).numpy(), digits.images(np.array([1796]))[0] / np.float32(255)
    )


def test_batches_are_made_on_the_device_whatever_that_of_the_positions() -> None:
    with FakeTensorMode():
        staged = ResidentImages(torch.empty((9, 8, 8, 3), dtype=torch.uint8, device="cuda"))
        batch = staged.gather(torch.zeros(4, dtype=torch.long))
    assert batch.device.type == "cuda"
    assert batch.shape == (4, 3, 8, 8)


@pytest.mark.gpu
@pytest.mark.parametrize("limit_bytes", [2**31, 0])
def test_batches_on_the_accelerator_equal_those_on_the_cpu(limit_bytes: int) -> None:
    digits = load_dataset("digits", image_size=16)
    batch = stage(digits, POOL, "cuda", limit_bytes=limit_bytes).gather(POSITIONS.cuda())
    assert batch.device.type == "cuda"
    torch.testing.assert_close(batch.cpu(), stage(digits, POOL, "cpu").gather(POSITIONS))
