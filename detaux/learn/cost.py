"""What a network costs, in numbers that depend on no machine."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import torch
from torch.func import functional_call
from torch.utils.flop_counter import FlopCounterMode

from detaux.learn.network import MultiTaskNet


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """Size and work of a network."""

    parameters: int
    """Trained numbers."""
    flops: int
    """Floating-point operations of the answers to one image; a multiplication with its addition counts as 2."""


def cost(net: MultiTaskNet, image_shape: tuple[int, int, int]) -> Cost:
    """Count a network's parameters, and the operations of its forward pass in eval mode.

    Nothing is computed: the pass runs on tensors without data. As torch counts them, convolutions and matrix
    products are operations; biases, norms, activations, pooling and weighted sums of maps are not.

    Args:
        net: On any device; left as it is.
        image_shape: Height, width and channels (H, W, 3) of the image, in pixels.
    """
    height, width, channels = image_shape
    named = chain(net.named_parameters(), net.named_buffers())
    empty = {name: torch.empty_like(value, device="meta") for name, value in named}
    image = torch.empty(1, channels, height, width, device="meta")
    training = net.training
    net.eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        functional_call(net, empty, image)
    net.train(training)
    return Cost(
        parameters=sum(parameter.numel() for parameter in net.parameters()), flops=counter.get_total_flops()
    )
