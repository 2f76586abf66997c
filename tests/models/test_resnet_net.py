from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from detaux.models.map_projectors import MapProjectors
from detaux.models.projectors import Projectors
from detaux.models.resnet_net import Latents, ResNetNet, map_resnet, vector_resnet

WIDTHS = (4, 6, 8)
DIM = 5

both = pytest.mark.parametrize("latents", ["map", "vector"])


def tiny(latents: Latents, image_size: int = 32) -> ResNetNet:
    torch.manual_seed(0)
    return ResNetNet(image_size=image_size, latents=latents, widths=WIDTHS)


def codes_shape(net: ResNetNet) -> tuple[int, ...]:
    return (DIM, net.image_size // 32, net.image_size // 32) if net.latents == "map" else (DIM,)


@both
@pytest.mark.parametrize("image_size", [32, 64, 96, 224])
def test_images_come_back_in_their_size(latents: Latents, image_size: int) -> None:
    net = tiny(latents, image_size)
    images = torch.rand(2, 3, image_size, image_size)
    found = net.encoder(DIM)(net.pack(images))
    assert found.shape == (2, *codes_shape(net))
    assert net.unpack(net.decoder(DIM)(found.flatten(1))).shape == images.shape
    assert torch.equal(net.unpack(net.pack(images)), images)


def trunk(latent_dim: int) -> nn.Module:
    """Return torchvision's ResNet-18 whose last stage is latent_dim wide, and which gives that stage's maps flattened."""
    from torchvision.models.resnet import BasicBlock, resnet18

    network: nn.Module = resnet18(weights=None)
    beside = nn.Sequential(nn.Conv2d(256, latent_dim, 1, stride=2, bias=False), nn.BatchNorm2d(latent_dim))
    network.layer4 = nn.Sequential(BasicBlock(256, latent_dim, 2, beside), BasicBlock(latent_dim, latent_dim))
    network.avgpool = network.fc = nn.Identity()
    return network


def test_the_encoder_is_torchvisions_resnet_18_with_a_narrow_last_stage() -> None:
    torch.manual_seed(0)
    images = torch.rand(2, 3, 64, 64)
    encoder = map_resnet(64).encoder(DIM)
    network = trunk(DIM)
    network.load_state_dict(dict(zip(network.state_dict(), encoder.state_dict().values(), strict=True)))
    torch.testing.assert_close(encoder.eval()(images).flatten(1), network.eval()(images))


@both
def test_the_decoder_has_as_many_blocks_of_the_same_widths(latents: Latents) -> None:
    net = vector_resnet(64) if latents == "vector" else map_resnet(64)
    blocks = [
        [
            module.conv1.in_channels
            for module in part.modules()
            if type(module).__name__ == "BasicBlock" and isinstance(module.conv1, nn.Conv2d)
        ]
        for part in (net.encoder(DIM), net.decoder(DIM))
    ]
    assert blocks == [[64, 64, 64, 128, 128, 256, 256, DIM], [DIM, DIM, 256, 256, 128, 128, 64, 64]]


@both
def test_one_batch_trains_every_parameter(latents: Latents) -> None:
    net = tiny(latents, 64)
    parts = nn.ModuleList([net.encoder(DIM), net.projectors(2, DIM), net.decoder(DIM)])
    encoder, projectors, decoder = parts
    decoded = decoder(projectors(encoder(torch.rand(4, 3, 64, 64))).sum(1))
    torch.autograd.backward(decoded.square().sum())
    idle = [name for name, value in parts.named_parameters() if value.grad is None or not value.grad.any()]
    assert idle == []


def test_projectors_fit_the_latents() -> None:
    assert isinstance(tiny("map").projectors(3, DIM), MapProjectors)
    assert isinstance(tiny("vector").projectors(3, DIM), Projectors)


@both
def test_in_eval_mode_an_image_is_its_own(latents: Latents) -> None:
    net = tiny(latents)
    encoder, images = net.encoder(DIM), torch.rand(6, 3, 32, 32)
    encoder(images)  # moves the running statistics away from where they start
    together = encoder.eval()(images)
    torch.testing.assert_close(encoder(images[2:3]), together[2:3])
    assert not torch.allclose(encoder.train()(images[:3]), together[:3])


@pytest.mark.parametrize("image_size", [0, 16, 28, 48, -32])
def test_sizes_that_do_not_halve_five_times_are_refused(image_size: int) -> None:
    for make in (map_resnet, vector_resnet):
        with pytest.raises(ValueError, match=f"multiple of 32, but is {image_size}"):
            make(image_size)


def test_impossible_widths_are_refused() -> None:
    options: dict[str, Any] = {"image_size": 32, "latents": "map"}
    with pytest.raises(ValueError, match="widths"):
        ResNetNet(widths=(8, 0, 8), **options)
