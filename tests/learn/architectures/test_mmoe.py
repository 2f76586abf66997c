from typing import Any

import torch
from torch import nn

from detaux.learn.architectures.mmoe import MMoE
from detaux.learn.sharing.experts import mix
from detaux.models.backbones.small_cnn import SmallCNN

BACKBONE, SHAPE = SmallCNN(widths=(4, 6), halvings=2), (8, 8, 3)


def build(experts: int) -> Any:
    return MMoE(experts=experts, width=8).build(BACKBONE, SHAPE, [3, 4], seed=0).eval()


def test_a_mixture_is_the_mean_by_the_softmax() -> None:
    answers = torch.randn(2, 5, 3).unbind()
    logits = torch.tensor([0.25, 0.75]).log().expand(5, 2)
    torch.testing.assert_close(mix(logits, answers), 0.25 * answers[0] + 0.75 * answers[1])


def test_each_task_has_its_own_mixture_of_the_same_experts() -> None:
    net, images = build(2), torch.rand(2, 3, 8, 8)
    features = net.backbone(images)
    answers = [(features @ layer.weight.T + layer.bias).relu() for layer, _ in net.experts]
    for gate, head, logits in zip(net.gates, net.heads, net(images), strict=True):
        shares = (features @ gate.weight.T).softmax(dim=1)
        torch.testing.assert_close(logits, head(shares[:, :1] * answers[0] + shares[:, 1:] * answers[1]))


def test_a_gate_may_choose_one_expert() -> None:
    net, images = build(3), torch.rand(2, 3, 8, 8)
    features = net.backbone(images)
    chosen = torch.zeros_like(net.gates[0].weight)
    chosen[1] = 1e4
    net.gates[0].weight = nn.Parameter(chosen)
    torch.testing.assert_close(net(images)[0], net.heads[0](net.experts[1](features)))
