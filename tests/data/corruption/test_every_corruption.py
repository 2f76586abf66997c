"""What every registered corruption keeps, on batches that are not square."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.core.errors import DataError
from detaux.data.corrupting import Corruption
from detaux.data.corruption.crop import Crop
from detaux.data.corruption.none import NoCorruption
from detaux.data.corruption.occlusion import Occlusion
from detaux.data.registries import corruptions
from tests.data.corruption.drawing import corrupted


@pytest.fixture(params=corruptions.names())
def corruption(request: pytest.FixtureRequest) -> Corruption:
    return corruptions.get(request.param)()


@pytest.fixture
def images() -> Tensor:
    return torch.rand(4, 3, 12, 16, generator=torch.Generator().manual_seed(7))


def test_the_draws_decide_the_result(corruption: Corruption, images: Tensor) -> None:
    first, second = (corrupted(corruption, images, 1) for _ in range(2))
    assert torch.equal(first, second)


def test_another_seed_gives_another_result(corruption: Corruption, images: Tensor) -> None:
    first, other = (corrupted(corruption, images, seed) for seed in (1, 2))
    assert torch.equal(first, other) == isinstance(corruption, NoCorruption)


def test_torchs_own_generator_is_left_alone(corruption: Corruption, images: Tensor) -> None:
    state = torch.get_rng_state()
    corrupted(corruption, images)
    assert torch.equal(torch.get_rng_state(), state)


def test_the_input_is_left_as_it_is(corruption: Corruption, images: Tensor) -> None:
    before = images.clone()
    corrupted(corruption, images)
    assert torch.equal(images, before)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_shape_type_memory_format_and_range_stay(
    corruption: Corruption, images: Tensor, dtype: torch.dtype, memory_format: torch.memory_format
) -> None:
    given = images.to(dtype=dtype, memory_format=memory_format)
    result = corrupted(corruption, given)
    assert (result.shape, result.dtype) == (given.shape, dtype)
    assert result.stride() == given.stride()
    assert 0 <= result.min() <= result.max() <= 1
    assert torch.allclose(result.float(), corrupted(corruption, given.float()), atol=0.005)


def test_the_memory_format_changes_no_value(corruption: Corruption, images: Tensor) -> None:
    last = images.contiguous(memory_format=torch.channels_last)
    assert torch.equal(corrupted(corruption, images), corrupted(corruption, last))


@pytest.mark.parametrize("place", range(4))
def test_an_image_does_not_depend_on_the_others(corruption: Corruption, images: Tensor, place: int) -> None:
    others = 1 - images
    others[place] = images[place]
    result, among_others = (corrupted(corruption, batch) for batch in (images, others))
    assert torch.equal(result[place], among_others[place])


def test_each_image_of_a_batch_has_a_draw_of_its_own(corruption: Corruption, images: Tensor) -> None:
    same = corrupted(corruption, images[:1].repeat(8, 1, 1, 1))
    assert (same == same[:1]).all() == isinstance(corruption, NoCorruption)


@pytest.mark.parametrize("shape", [(0, 3, 8, 8), (1, 3, 8, 8), (1, 3, 1, 1), (2, 3, 1, 5)])
def test_the_smallest_batches_and_images_are_taken(
    corruption: Corruption, shape: tuple[int, int, int, int]
) -> None:
    result = corrupted(corruption, torch.full(shape, 0.3))
    assert result.shape == shape
    assert result.isfinite().all()


def test_a_view_of_one_image_is_taken(corruption: Corruption, images: Tensor) -> None:
    view = images[:1].expand(4, -1, -1, -1)
    expected = corrupted(corruption, view.contiguous())
    assert torch.equal(corrupted(corruption, view), expected)


def test_mixed_precision_around_it_changes_no_value(corruption: Corruption, images: Tensor) -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16), torch.inference_mode():
        inside = corrupted(corruption, images)
    assert torch.equal(inside, corrupted(corruption, images))


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_the_result_is_where_the_images_are(
    corruption: Corruption, dtype: torch.dtype, memory_format: torch.memory_format
) -> None:
    with FakeTensorMode():
        images = torch.empty(2, 3, 8, 8, device="cuda", dtype=dtype).to(memory_format=memory_format)
        result = corrupted(corruption, images)
    assert (result.device.type, result.dtype) == ("cuda", dtype)
    assert result.stride() == images.stride()


def test_every_picture_is_taken_and_embeddings_only_where_no_place_counts(corruption: Corruption) -> None:
    corruption.check_image((12, 16, 3))
    if isinstance(corruption, Crop | Occlusion):
        with pytest.raises(DataError, match="embeddings, not pictures; use the corruption gaussian"):
            corruption.check_image((1, 64, 3))
    else:
        corruption.check_image((1, 64, 3))
