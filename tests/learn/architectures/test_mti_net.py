from typing import Any

import pytest
import torch
from torch import nn

from detaux.learn.architectures.mti_net import MTINet
from detaux.learn.sharing.scales import Message
from detaux.models.backbones.small_cnn import SmallCNN

BACKBONE, SHAPE = SmallCNN(widths=(4, 6), halvings=2), (8, 8, 3)
IMAGES = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))


def build(*, scales: int = 2, own_share: float = 0.5) -> Any:
    made = MTINet(scales=scales, width=8, own_share=own_share)
    return made.build(BACKBONE, SHAPE, [3, 4], seed=0).eval()


def test_a_message_is_gated_content() -> None:
    message, maps = Message(3, 1.0), torch.randn(2, 3, 4, 5)
    gate, content = (
        torch.einsum("oc,bchw->bohw", layer.weight.flatten(1), maps)
        for layer in (message.gate, message.content)
    )
    torch.testing.assert_close(message(maps), content / (1 + (-gate).exp()))


def test_one_scale_by_hand() -> None:
    net = build(scales=1)
    (scale,), maps = net.scales, net.backbone.maps(IMAGES)[-1]
    mine, yours = (reader(maps) for reader in scale.readers)
    told = mine + scale.distillations[0].messages[0](yours)
    (answer, guess), _ = net.supervised_logits(IMAGES)
    torch.testing.assert_close(answer, net.heads[0](told.flatten(1)))
    layer = net.guesses[0][0][-1]
    torch.testing.assert_close(guess, mine.mean(dim=(2, 3)) @ layer.weight.T + layer.bias)


def test_two_scales_by_hand() -> None:
    net = build()
    (coarse, fine), (large, small) = net.scales, net.backbone.maps(IMAGES)
    first = [reader(small) for reader in coarse.readers]
    knows = [own + coarse.distillations[task].messages[0](first[1 - task]) for task, own in enumerate(first)]
    repeated = [own.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3) for own in knows]
    second = [
        reader(torch.cat([large, own], dim=1)) for reader, own in zip(fine.readers, repeated, strict=True)
    ]
    told = second[1] + fine.distillations[1].messages[0](second[0])
    averaged = nn.functional.avg_pool2d(told, 2)
    expected = net.heads[1](torch.cat([knows[1], averaged], dim=1).flatten(1))
    torch.testing.assert_close(net(IMAGES)[1], expected)


@pytest.mark.parametrize(("scales", "expected"), [(1, 1), (2, 2), (5, 2)])
def test_guesses_at_every_scale_that_the_backbone_has(scales: int, expected: int) -> None:
    supervised = build(scales=scales).supervised_logits(IMAGES)
    assert [[tuple(logits.shape) for logits in task] for task in supervised] == [
        [(2, 3)] * (1 + expected),
        [(2, 4)] * (1 + expected),
    ]


@pytest.mark.parametrize(("own_share", "unmoved"), [(0.5, [False, True, False]), (1.0, [True, True, True])])
def test_what_the_other_task_reads_is_told_after_the_guess(own_share: float, unmoved: list[bool]) -> None:
    """The principal answer and its guesses, coarse and fine, once the other task reads the coarse maps otherwise."""
    net = build(own_share=own_share)
    before = net.supervised_logits(IMAGES)[0]
    nn.init.normal_(net.scales[0].readers[1][0].weight)
    after = net.supervised_logits(IMAGES)[0]
    assert [torch.equal(one, other) for one, other in zip(before, after, strict=True)] == unmoved
