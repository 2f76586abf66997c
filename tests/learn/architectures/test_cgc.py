from typing import Any

import pytest
import torch
from torch import nn

from detaux.learn.architectures.cgc import CGC
from detaux.learn.sharing.extraction import Leaning
from detaux.models.backbones.small_cnn import SmallCNN


def build(levels: int, *, own_share: float = 0.5) -> Any:
    """Return a network whose gates choose by nothing but their lean."""
    made = CGC(levels=levels, own_experts=1, shared_experts=2, width=8, own_share=own_share)
    net: Any = made.build(SmallCNN(widths=(4, 6), halvings=2), (8, 8, 3), [3, 4], seed=0).eval()
    for level in net.levels:
        for gate in [*level.gates, *level.shared_gates]:
            nn.init.zeros_(gate.gate.weight if isinstance(gate, Leaning) else gate.weight)
    return net


def test_one_level_mixes_own_and_shared_experts() -> None:
    net, images = build(1), torch.rand(2, 3, 8, 8)
    features, (level,) = net.backbone(images), net.levels
    shared = sum(expert(features) for expert in level.shared)
    for task, logits in enumerate(net(images)):
        mixed = (level.own[task][0](features) + shared) / 3
        torch.testing.assert_close(logits, net.heads[task](mixed))


def test_of_two_levels_the_shared_experts_see_a_mixture_of_all_below() -> None:
    net, images = build(2), torch.rand(2, 3, 8, 8)
    features, (first, second) = net.backbone(images), net.levels
    below = sum(expert(features) for expert in first.shared)
    own = [experts[0](features) for experts in first.own]
    common = (below + sum(own)) / 4
    above = sum(expert(common) for expert in second.shared)
    for task, logits in enumerate(net(images)):
        mixed = (second.own[task][0]((own[task] + below) / 3) + above) / 3
        torch.testing.assert_close(logits, net.heads[task](mixed))


@pytest.mark.parametrize("own_share", [0.5, 0.9, 1.0])
def test_a_gate_that_leans_gives_what_it_competes_with_its_share(own_share: float) -> None:
    gate = nn.Linear(4, 1, bias=False)
    nn.init.zeros_(gate.weight)
    logits = torch.cat([torch.zeros(2, 1), Leaning(gate, own_share)(torch.randn(2, 4))], dim=1)
    torch.testing.assert_close(logits.softmax(dim=1)[:, 0], torch.full((2,), own_share))


def test_a_level_more_has_gates_of_shared_experts_on_all_but_the_last() -> None:
    assert [len(level.shared_gates) for level in build(3).levels] == [3, 3, 0]
