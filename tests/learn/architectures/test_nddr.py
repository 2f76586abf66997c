from typing import Any

import torch
from torch import nn
from torch.nn.functional import batch_norm

from detaux.learn.architectures.nddr import NDDR, Fusion
from detaux.models.backbones.small_cnn import SmallCNN


def test_a_fusion_starts_as_the_norm_of_a_weighted_sum() -> None:
    mine, yours = torch.randn(2, 6, 4, 5, 5).unbind()
    fused = Fusion([0.8, 0.2], 4)([mine, yours])
    torch.testing.assert_close(fused, batch_norm(0.8 * mine + 0.2 * yours, None, None, training=True))


def test_a_fusion_is_one_matrix_over_all_channels_at_every_place() -> None:
    maps, fusion = torch.randn(2, 6, 4, 5, 5), Fusion([0.8, 0.2], 4)
    nn.init.normal_(fusion.convolution.weight)
    matrix = fusion.convolution.weight.flatten(1)
    expected = torch.einsum("oc,bchw->bohw", matrix, torch.cat(maps.unbind(), dim=1))
    torch.testing.assert_close(fusion(maps.unbind()), batch_norm(expected, None, None, training=True))


def test_there_is_a_fusion_for_each_stage_and_task() -> None:
    net: Any = NDDR(own_share=0.6).build(SmallCNN(widths=(4, 6), halvings=2), (8, 8, 3), [3, 4, 5], seed=0)
    weights = [[mixer.convolution.weight for mixer in stage] for stage in net.mixers]
    assert [[tuple(weight.shape) for weight in stage] for stage in weights] == [
        [(4, 12, 1, 1)] * 3,
        [(6, 18, 1, 1)] * 3,
    ]
    of_first_channel = weights[1][1][0, [0, 6, 12], 0, 0]
    torch.testing.assert_close(of_first_channel, torch.tensor([0.2, 0.6, 0.2]))
