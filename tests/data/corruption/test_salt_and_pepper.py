from __future__ import annotations

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.data.corruption.none import NoCorruption
from detaux.data.corruption.salt_and_pepper import SaltAndPepper


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_shares_are_kept_within_three_standard_errors() -> None:
    noisy = SaltAndPepper(salt=0.05, pepper=0.1).apply(torch.full((20, 3, 32, 32), 0.5), generator())
    spread = 3 * (0.09 / noisy.numel()) ** 0.5
    assert abs((noisy == 0.98).float().mean() - 0.05) < spread
    assert abs((noisy == 0.02).float().mean() - 0.1) < spread
    assert sorted(set(noisy.flatten().tolist())) == pytest.approx([0.02, 0.5, 0.98])


def test_channels_are_hit_one_by_one() -> None:
    hit = SaltAndPepper().apply(torch.full((4, 3, 32, 32), 0.5), generator()) != 0.5
    all_three = hit.all(dim=1).float().mean()
    assert all_three < 0.02  # 0.16 cubed is 0.004; whole pixels would give 0.16


def test_the_input_and_its_memory_format_stay() -> None:
    images = torch.rand(2, 3, 8, 8).contiguous(memory_format=torch.channels_last)
    before = images.clone()
    noisy = SaltAndPepper().apply(images, generator())
    assert torch.equal(images, before)
    assert noisy.is_contiguous(memory_format=torch.channels_last)


def test_the_draw_depends_on_the_generator_and_not_on_the_memory_format() -> None:
    images = torch.rand(2, 3, 8, 8)
    noisy = SaltAndPepper().apply(images, generator(1))
    assert torch.equal(
        noisy, SaltAndPepper().apply(images.contiguous(memory_format=torch.channels_last), generator(1))
    )
    assert not torch.equal(noisy, SaltAndPepper().apply(images, generator(2)))


def test_the_result_is_where_the_images_are() -> None:
    with FakeTensorMode():
        images = torch.empty(2, 3, 8, 8, device="cuda")
        assert SaltAndPepper().apply(images, generator()).device.type == "cuda"


@pytest.mark.parametrize(("salt", "pepper"), [(-0.1, 0.1), (0.6, 0.5)])
def test_impossible_shares_are_refused(salt: float, pepper: float) -> None:
    with pytest.raises(ValueError, match=f"found {salt} and {pepper}"):
        SaltAndPepper(salt=salt, pepper=pepper)


def test_none_leaves_images_and_generator_alone() -> None:
    images, source = torch.rand(2, 3, 4, 4), generator()
    state = source.get_state()
    assert NoCorruption().apply(images, source) is images
    assert torch.equal(source.get_state(), state)
