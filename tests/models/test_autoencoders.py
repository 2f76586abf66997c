from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from detaux.models.autoencoders import ConvNet, paper_net
from detaux.models.batch_inside import UnflattenMaps, has_batch_inside
from detaux.models.down_convolution import DownConvolution
from detaux.models.packed_convolution import PackedConvolution, PackedUpConvolution
from detaux.models.patch_net import PatchNet, patch_net
from detaux.models.relu import MapRelu
from detaux.models.up_convolution import UpConvolution

LAYERS = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)


def layers(net: nn.Sequential) -> list[tuple[str, tuple[int, ...]]]:
    """Name each layer that has weights by its kind and the shape of its weights."""
    return [(type(layer).__name__, tuple(layer.weight.shape)) for layer in net if isinstance(layer, LAYERS)]


def test_the_papers_net_is_the_papers() -> None:
    assert layers(paper_net(64).encoder(10)) == [
        ("PackedConvolution", (32, 3, 4, 4)),
        ("DownConvolution", (32, 32, 4, 4)),
        ("DownConvolution", (64, 32, 4, 4)),
        ("DownConvolution", (64, 64, 4, 4)),
        ("Linear", (256, 1024)),
        ("Linear", (10, 256)),
    ]
    assert layers(paper_net(64).decoder(10)) == [
        ("Linear", (256, 10)),
        ("Linear", (256, 256)),
        ("Linear", (1024, 256)),
        ("UpConvolution", (64, 64, 4, 4)),
        ("UpConvolution", (64, 32, 4, 4)),
        ("UpConvolution", (32, 32, 4, 4)),
        ("PackedUpConvolution", (32, 3, 4, 4)),
    ]


def torchs(layer: nn.Module) -> nn.Module:
    """Return torch's own layer with the weights of one of ours."""
    if isinstance(layer, PackedConvolution | DownConvolution | PackedUpConvolution | UpConvolution):
        kind = nn.ConvTranspose2d if isinstance(layer, nn.ConvTranspose2d) else nn.Conv2d
        plain = kind(layer.in_channels, layer.out_channels, 4, stride=2, padding=1)
        plain.load_state_dict(layer.state_dict())
        return plain
    if isinstance(layer, UnflattenMaps):
        return nn.Unflatten(1, (layer.channels, layer.side, layer.side))
    return nn.ReLU() if isinstance(layer, MapRelu) else layer


def both_ways(
    net: ConvNet, images: torch.Tensor, latents: torch.Tensor
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return the latents of images and the images of latents, by our layers and by torch's."""
    encoder, decoder = net.encoder(latents.shape[1]), net.decoder(latents.shape[1])
    by_torch = [nn.Sequential(*map(torchs, module)) for module in (encoder, decoder)]
    return [
        (encoder(net.pack(images)), by_torch[0](images)),
        (net.unpack(decoder(latents)), by_torch[1](latents)),
    ]


def test_the_papers_net_computes_what_torchs_layers_would_of_plain_images() -> None:
    for ours, plain in both_ways(paper_net(64), torch.rand(2, 3, 64, 64), torch.randn(2, 10)):
        torch.testing.assert_close(ours, plain, atol=1e-5, rtol=1e-4)


def test_so_it_does_in_bfloat16_with_the_batch_inside() -> None:
    net, images = paper_net(64), torch.rand(5, 3, 64, 64)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert has_batch_inside(net.pack(images))
        for ours, plain in both_ways(net, images, torch.randn(5, 10)):
            torch.testing.assert_close(ours, plain, atol=2e-3, rtol=2e-2)


@pytest.mark.parametrize("make", [paper_net, patch_net])
@pytest.mark.parametrize("image_size", [16, 32, 64, 128])
def test_images_come_back_in_their_size(make: Callable[[int], ConvNet | PatchNet], image_size: int) -> None:
    net = make(image_size)
    images = torch.rand(2, 3, image_size, image_size)
    latents = net.encoder(7)(net.pack(images))
    assert net.image_size == image_size
    assert latents.shape == (2, 7)
    assert net.unpack(net.decoder(7)(latents)).shape == images.shape
    assert torch.equal(net.unpack(net.pack(images)), images)


@pytest.mark.parametrize("make", [paper_net, patch_net])
@pytest.mark.parametrize("image_size", [0, 4, 28, 48, -8])
def test_sizes_that_do_not_halve_to_four_are_refused(
    make: Callable[[int], ConvNet | PatchNet], image_size: int
) -> None:
    with pytest.raises(ValueError, match=str(image_size)):
        make(image_size)


@pytest.mark.parametrize("widths", [(), (0, 8)])
def test_impossible_widths_are_refused(widths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="widths"):
        ConvNet(widths=widths, encoder_hidden=(8,), decoder_hidden=(8,))
    with pytest.raises(ValueError, match="widths"):
        PatchNet(widths=widths, hidden=8)
