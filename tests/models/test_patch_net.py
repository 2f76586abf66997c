from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from detaux.models.patch_net import MergePatches, PatchNet, SplitPatches, patch_net


def test_splitting_undoes_merging() -> None:
    maps = torch.randn(2, 8, 8, 3)
    assert torch.equal(SplitPatches(4)(MergePatches(4)(maps)), maps)


def test_a_merge_and_a_linear_layer_are_a_convolution_whose_stride_is_its_kernel() -> None:
    torch.manual_seed(0)
    images, linear = torch.randn(2, 3, 8, 8), nn.Linear(48, 5)
    places = linear(MergePatches(4)(images.permute(0, 2, 3, 1))).permute(0, 3, 1, 2)
    kernel = linear.weight.view(5, 4, 4, 3).permute(0, 3, 1, 2)
    torch.testing.assert_close(places, functional.conv2d(images, kernel, linear.bias, stride=4))


def test_the_quick_net_has_as_many_steps_as_the_image_needs() -> None:
    assert patch_net(16) == PatchNet(widths=(64,), hidden=256)
    assert patch_net(32) == PatchNet(widths=(32, 64), hidden=256)
    assert patch_net(64) == PatchNet(widths=(32, 64, 64), hidden=256)
