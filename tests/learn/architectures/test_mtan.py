from typing import Any

import pytest
import torch
from torch import nn

from detaux.learn.architectures.hard_sharing import HardSharing
from detaux.learn.architectures.mtan import MTAN, Attention
from detaux.models.backbones.small_cnn import SmallCNN

BACKBONE, SHAPE = SmallCNN(widths=(4, 6), halvings=2), (8, 8, 3)


def build() -> Any:
    return MTAN().build(BACKBONE, SHAPE, [3, 4], seed=0).eval()


def hold(mask: Any, logit: float) -> None:
    """Make a mask the same everywhere: the sigmoid of a number."""
    norm = mask[-2]
    nn.init.zeros_(norm.weight)
    nn.init.constant_(norm.bias, logit)


def test_masks_of_1_make_it_hard_sharing() -> None:
    net, images = build(), torch.rand(2, 3, 8, 8)
    for attention in net.attentions:
        for mask in attention.masks:
            hold(mask, 40.0)
    plain = HardSharing().build(BACKBONE, SHAPE, [3, 4], seed=0).eval()(images)
    for ours, expected in zip(net(images), plain, strict=True):
        torch.testing.assert_close(ours, expected)


def test_a_mask_multiplies_the_maps_of_the_last_stage() -> None:
    net, images = build(), torch.rand(2, 3, 8, 8)
    hold(net.attentions[1].masks[1], 0.0)
    expected = net.heads[1](0.5 * net.backbone(images))
    torch.testing.assert_close(net(images)[1], expected)


def test_what_is_kept_is_never_more_than_there_is() -> None:
    maps = [torch.rand(2, 4, 8, 8), torch.rand(2, 6, 4, 4)]
    kept = Attention([4, 6])(maps)
    assert ((kept > 0) & (kept < maps[1])).all()


@pytest.mark.parametrize("logit", [-3.0, 3.0])
def test_a_mask_sees_what_was_kept_of_the_stage_before(logit: float) -> None:
    maps = [torch.rand(2, 4, 8, 8), torch.rand(2, 6, 4, 4)]
    attention = Attention([4, 6]).eval()
    before = attention(maps)
    hold(attention.masks[0], logit)
    assert not torch.allclose(attention(maps), before)
