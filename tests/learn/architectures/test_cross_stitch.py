from typing import Any

import pytest
import torch

from detaux.learn.architectures.cross_stitch import CrossStitch, Stitch
from detaux.learn.architectures.hard_sharing import HardSharing
from detaux.learn.sharing.towers import initial_shares
from detaux.models.backbones.small_cnn import SmallCNN

BACKBONE, SHAPE = SmallCNN(widths=(4, 6), halvings=2), (8, 8, 3)


def test_each_task_goes_on_with_a_mixture_after_each_stage() -> None:
    net: Any = CrossStitch(own_share=0.7).build(BACKBONE, SHAPE, [3, 4], seed=0).eval()
    first, second = net.towers
    mine = yours = torch.rand(2, 3, 8, 8)
    logits = net(mine)
    for stage in range(2):
        mine, yours = first.stages[stage](mine), second.stages[stage](yours)
        mine, yours = 0.7 * mine + 0.3 * yours, 0.7 * yours + 0.3 * mine
    torch.testing.assert_close(logits[0], net.heads[0](mine.flatten(1)))
    torch.testing.assert_close(logits[1], net.heads[1](yours.flatten(1)))


def test_a_task_alone_is_hard_sharing_alone() -> None:
    images = torch.rand(2, 3, 8, 8)
    ours, plain = (
        made.build(BACKBONE, SHAPE, [3], seed=0).eval()(images)[0] for made in (CrossStitch(), HardSharing())
    )
    assert torch.equal(ours, plain)


@pytest.mark.parametrize(
    ("num_tasks", "own", "expected"),
    [(1, 0, [1.0]), (2, 1, [0.2, 0.8]), (3, 0, [0.8, 0.1, 0.1])],
)
def test_the_rest_is_taken_evenly_of_the_others(num_tasks: int, own: int, expected: list[float]) -> None:
    assert initial_shares(num_tasks, own, 0.8) == pytest.approx(expected)


@pytest.mark.parametrize("is_trained", [True, False])
def test_a_stitch_is_a_weighted_sum_whose_weights_may_be_trained(is_trained: bool) -> None:  # noqa: FBT001
    stitch, maps = Stitch([2.0, -1.0, 0.5], 4, is_trained=is_trained), torch.randn(3, 2, 4, 5, 5)
    torch.testing.assert_close(stitch(maps.unbind()), 2 * maps[0] - maps[1] + 0.5 * maps[2])
    assert [parameter.numel() for parameter in stitch.parameters()] == ([12] if is_trained else [])


def test_each_channel_has_its_own_share() -> None:
    stitch, maps = Stitch([1.0, 0.0], 3, is_trained=True), torch.randn(2, 2, 3, 5, 5)
    with torch.no_grad():
        stitch.shares[:, 1] = torch.tensor([0.25, 0.75])[:, None, None]
    mixed = stitch(maps.unbind())
    torch.testing.assert_close(mixed[:, 1], 0.25 * maps[0][:, 1] + 0.75 * maps[1][:, 1])
    assert torch.equal(mixed[:, ::2], maps[0][:, ::2])
