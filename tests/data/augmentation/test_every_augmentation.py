"""What every registered augmentation keeps, on batches that are not square."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.core.errors import DataError
from detaux.data.augmentation.none import NoAugmentation
from detaux.data.augmenting import Augmentation
from detaux.data.draws import image_draws
from detaux.data.registries import augmentations
from tests.data.augmentation.drawing import augmented


@pytest.fixture(params=augmentations.names())
def augmentation(request: pytest.FixtureRequest) -> Augmentation:
    return augmentations.get(request.param)()


@pytest.fixture
def images() -> Tensor:
    return torch.rand(16, 3, 12, 16, generator=torch.Generator().manual_seed(7))


def test_another_seed_gives_another_result(augmentation: Augmentation, images: Tensor) -> None:
    first, again, other = (augmented(augmentation, images, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert torch.equal(first, other) == isinstance(augmentation, NoAugmentation)


def test_another_epoch_gives_another_result(augmentation: Augmentation, images: Tensor) -> None:
    first, other = (
        augmentation.apply(images, image_draws(torch.arange(16), epoch, seed=0)) for epoch in (0, 1)
    )
    assert torch.equal(first, other) == isinstance(augmentation, NoAugmentation)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 16])
def test_an_image_is_the_same_in_whatever_batch_it_stands(
    augmentation: Augmentation, images: Tensor, size: int
) -> None:
    whole = augmented(augmentation, images)
    for places in torch.split(torch.arange(16).flip(0), size):
        part = augmentation.apply(images[places], image_draws(places, 0, seed=0))
        assert torch.equal(part, whole[places])


def test_each_image_of_a_batch_has_a_draw_of_its_own(augmentation: Augmentation, images: Tensor) -> None:
    same = augmented(augmentation, images[:1].repeat(16, 1, 1, 1))
    assert (same == same[:1]).all() == isinstance(augmentation, NoAugmentation)


def test_torchs_own_generator_is_left_alone(augmentation: Augmentation, images: Tensor) -> None:
    state = torch.get_rng_state()
    augmented(augmentation, images)
    assert torch.equal(torch.get_rng_state(), state)


def test_the_input_is_left_as_it_is(augmentation: Augmentation, images: Tensor) -> None:
    before = images.clone()
    augmented(augmentation, images)
    assert torch.equal(images, before)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_shape_type_memory_format_and_range_stay(
    augmentation: Augmentation, images: Tensor, dtype: torch.dtype, memory_format: torch.memory_format
) -> None:
    given = images.to(dtype=dtype, memory_format=memory_format)
    result = augmented(augmentation, given)
    assert (result.shape, result.dtype, result.stride()) == (given.shape, dtype, given.stride())
    assert 0 <= result.min() <= result.max() <= 1
    assert torch.allclose(result.float(), augmented(augmentation, given.float()), atol=0.005)


def test_the_memory_format_changes_no_value(augmentation: Augmentation, images: Tensor) -> None:
    last = images.contiguous(memory_format=torch.channels_last)
    assert torch.equal(augmented(augmentation, images), augmented(augmentation, last))


def test_an_image_of_one_colour_stays_as_it_is(augmentation: Augmentation) -> None:
    images = torch.rand(64, 3, 1, 1).expand(-1, -1, 9, 12)
    assert torch.allclose(augmented(augmentation, images), images, atol=1e-6)


@pytest.mark.parametrize("shape", [(0, 3, 8, 8), (1, 3, 5, 9)])
def test_the_smallest_batches_are_taken(augmentation: Augmentation, shape: tuple[int, int, int, int]) -> None:
    augmentation.check_image((shape[2], shape[3], 3))
    assert augmented(augmentation, torch.full(shape, 0.3)).shape == shape


def test_mixed_precision_around_it_changes_no_value(augmentation: Augmentation, images: Tensor) -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16), torch.inference_mode():
        inside = augmented(augmentation, images)
    assert torch.equal(inside, augmented(augmentation, images))


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_the_result_is_where_the_images_are_and_nothing_waits_for_the_device(
    augmentation: Augmentation, dtype: torch.dtype, memory_format: torch.memory_format
) -> None:
    """A fake tensor has no values, so that whatever fetched one would fail."""
    with FakeTensorMode():
        images = torch.empty(2, 3, 8, 8, device="cuda", dtype=dtype).to(memory_format=memory_format)
        result = augmented(augmentation, images)
    assert (result.device.type, result.dtype, result.stride()) == ("cuda", dtype, images.stride())


def test_pictures_are_taken_and_embeddings_refused(augmentation: Augmentation) -> None:
    augmentation.check_image((12, 16, 3))
    if isinstance(augmentation, NoAugmentation):
        augmentation.check_image((1, 64, 3))
    else:
        with pytest.raises(DataError, match="embeddings, not pictures; use the augmentation none"):
            augmentation.check_image((1, 64, 3))
