from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import SwinTransformer, resnet18
from torchvision.models.vgg import cfgs, make_layers
from torchvision.ops import StochasticDepth

from detaux.core.errors import DataError
from detaux.core.hashing import file_hash
from detaux.models.backbones.mlp import MLP
from detaux.models.backbones.resnet18 import ResNet18
from detaux.models.backbones.small_cnn import SmallCNN
from detaux.models.backbones.swin_b import SwinB, _stages
from detaux.models.backbones.vgg16 import VGG16
from detaux.models.backbones.vgg16_bn import VGG16BN
from detaux.models.pretrained import cached_weights
from detaux.models.registries import Backbone, backbones
from detaux.models.standardize import IMAGENET_DEVIATION, IMAGENET_MEAN, Standardize
from detaux.models.trunk import Trunk, average
from detaux.models.vgg import _take_over

PRETRAINED = ("resnet18", "swin_b", "vgg16", "vgg16_bn")
SLOW_TO_DRAW = ("swin_b",)
SHAPE = (32, 32, 3)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.slow if name in SLOW_TO_DRAW else ())
        for name in backbones.names()
    ],
)
def network(request: pytest.FixtureRequest) -> Trunk:
    torch.manual_seed(0)
    return backbones.get(request.param)().build(SHAPE)


@pytest.mark.parametrize("name", backbones.names())
def test_says_what_its_stages_and_its_end_give(name: str) -> None:
    with torch.device("meta"):  # shapes without numbers
        trunk, images = backbones.get(name)().build((40, 65, 3)), torch.empty(2, 3, 40, 65)
        maps, features = trunk.maps(images), trunk(images)
    assert [map_.shape[:2] for map_ in maps] == [(2, channels) for channels in trunk.channels]
    assert all(map_.dim() == 4 for map_ in maps)
    assert features.shape == (2, trunk.num_features)
    assert trunk.places == trunk.end(maps[-1][:, :1]).shape[1]


def former(name: str) -> nn.Module:
    """Return a backbone in one piece, written out."""
    if name == "small_cnn":
        layers: list[nn.Module] = [Standardize((0.5,) * 3, (0.5,) * 3)]
        for inputs, outputs, stride in ((3, 16, 2), (16, 32, 2), (32, 64, 2), (64, 64, 1)):
            layers += [
                nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
            ]
        return nn.Sequential(*layers, nn.Flatten())
    if name == "mlp":
        return nn.Sequential(
            Standardize((0.5,) * 3, (0.5,) * 3),
            nn.Flatten(),
            *(nn.Linear(3072, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU()),
        )
    standardize = Standardize(IMAGENET_MEAN, IMAGENET_DEVIATION)
    if name == "resnet18":
        network = resnet18(weights=None)
        network.fc = nn.Identity()
        return nn.Sequential(standardize, network)
    network = make_layers(cfgs["D"], batch_norm=name == "vgg16_bn")
    for layer in network:
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return nn.Sequential(standardize, network, nn.AdaptiveAvgPool2d(1), nn.Flatten())


@pytest.mark.parametrize("name", ["small_cnn", "mlp", "resnet18", "vgg16", "vgg16_bn"])
def test_stages_draw_and_compute_what_one_piece_would(name: str) -> None:
    torch.manual_seed(5)
    whole = former(name)
    torch.manual_seed(5)
    trunk = backbones.get(name)().build(SHAPE)
    pairs = list(zip(whole.state_dict().values(), trunk.state_dict().values(), strict=True))
    assert all(torch.equal(one, other) for one, other in pairs)
    images = torch.rand(2, 3, 32, 32)
    assert torch.equal(whole(images), trunk(images))


def test_stages_of_a_swin_transformer_compute_what_torchvision_s_does() -> None:
    whole = SwinTransformer([4, 4], 8, [1, 2, 1, 1], [1, 2, 2, 2], [7, 7], num_classes=3).eval()
    whole.head = nn.Identity()
    standardize = Standardize(IMAGENET_MEAN, IMAGENET_DEVIATION)
    trunk = Trunk(
        _stages(whole.features, whole.norm), average(), channels=(8, 16, 32, 64), num_features=64
    ).eval()
    images = torch.rand(2, 3, 40, 60)
    torch.testing.assert_close(trunk(images), whole(standardize(images)))
    assert sum(value.numel() for value in trunk.parameters()) == sum(
        value.numel() for value in whole.parameters()
    )


def test_a_batch_of_two_trains_every_parameter(network: Trunk) -> None:
    for module in network.train().modules():
        if isinstance(module, StochasticDepth):
            module.eval()  # it may leave out a branch for both images
    torch.autograd.backward(network(torch.rand(2, 3, 32, 32)).pow(2).sum())
    idle = [name for name, value in network.named_parameters() if value.grad is None or not value.grad.any()]
    assert idle == []


def test_different_images_give_different_features(network: Trunk) -> None:
    features = network.eval()(torch.rand(2, 3, 32, 32))
    assert features.isfinite().all()
    assert not torch.allclose(features[0], features[1])


def test_weights_come_from_torch_s_generator_alone() -> None:
    states = []
    for _ in range(2):
        torch.manual_seed(3)
        states.append(SmallCNN().build((32, 32, 3)).state_dict())
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())


@pytest.mark.parametrize(
    ("shape", "pooling", "features"),
    [((32, 32, 3), "none", 8 * 8 * 8), ((30, 33, 3), "none", 8 * 8 * 9), ((32, 32, 3), "mean", 8)],
)
def test_small_cnn_has_a_feature_a_place_or_a_channel(
    shape: tuple[int, int, int], pooling: Literal["none", "mean"], features: int
) -> None:
    network = SmallCNN(widths=(4, 6, 8), halvings=2, pooling=pooling).build(shape)
    assert network.num_features == features
    assert network(torch.rand(2, 3, *shape[:2])).shape == (2, features)


@pytest.mark.parametrize(
    "options", [{"widths": ()}, {"widths": (8, 0)}, {"halvings": 9}, {"halvings": -1}, {"pooling": "max"}]
)
def test_small_cnn_refuses_what_it_cannot_build(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"widths|halvings|pooling"):
        SmallCNN(**options)


@pytest.mark.parametrize("shape", [(1, 64, 3), (8, 8, 3)])
def test_mlp_is_layers_over_every_pixel_scaled_to_about_zero(shape: tuple[int, int, int]) -> None:
    network = MLP(widths=(5, 4)).build(shape)
    assert network.num_features == 4
    assert [tuple(value.shape) for value in network.parameters()] == [(5, 192), (5,), (4, 5), (4,)]
    images = torch.rand(2, *shape).permute(0, 3, 1, 2)
    first, bias, second, last_bias = network.parameters()
    hidden = ((images.reshape(2, 192) * 2 - 1) @ first.T + bias).relu()
    torch.testing.assert_close(network(images), (hidden @ second.T + last_bias).relu())


@pytest.mark.parametrize("widths", [(), (8, 0), (-1,)])
def test_mlp_refuses_widths_that_it_cannot_build(widths: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="widths"):
        MLP(widths=widths)


def test_mlp_alone_takes_embeddings() -> None:
    for name in backbones.names():
        backbone = backbones.get(name)()
        if name == "mlp":
            backbone.check_image((1, 64, 3))
            continue
        for refuse in (backbone.check_image, backbone.build):
            with pytest.raises(DataError, match="are embeddings, not pictures; use the backbone mlp"):
                refuse((1, 64, 3))


@pytest.mark.parametrize(("part", "smallest"), [(VGG16, 32), (VGG16BN, 32), (SwinB, 4)])
def test_images_that_would_shrink_to_nothing_are_refused(part: type[VGG16 | SwinB], smallest: int) -> None:
    for refuse in (part().check_image, part().build):
        with pytest.raises(DataError, match=f"{smallest} x {smallest} .*too deep for the image size"):
            refuse((smallest - 1, 32, 3))
    with torch.device("meta"):
        assert part().build((smallest, smallest, 3))(torch.empty(2, 3, smallest, smallest)).shape[0] == 2


def test_the_multilayer_perceptron_takes_a_single_pixel() -> None:
    with torch.device("meta"):
        trunk = backbones.get("mlp")().build((1, 1, 3))
        assert trunk(torch.empty(2, 3, 1, 1)).shape == (2, trunk.num_features)


@pytest.mark.parametrize(
    ("part", "smallest"),
    [(ResNet18(), 17), (SmallCNN(), 5), (SmallCNN(halvings=1), 2), (SmallCNN(halvings=0), 1)],
)
def test_no_convolution_halves_a_map_of_one_place(part: Backbone, smallest: int) -> None:
    """torch 2.14 gives its weights a gradient of garbage in bfloat16."""
    seen: list[tuple[int, ...]] = []
    with torch.device("meta"):
        trunk = part.build((smallest, smallest, 3))
        for layer in trunk.modules():
            if isinstance(layer, nn.Conv2d) and layer.stride != (1, 1):
                layer.register_forward_pre_hook(lambda _, given: seen.append(given[0].shape[2:]))
        trunk(torch.empty(2, 3, smallest, smallest))
    assert (1, 1) not in seen
    if smallest > 1:
        with pytest.raises(DataError, match="too deep for the image size"):
            part.check_image((smallest - 1, smallest - 1, 3))


@pytest.mark.parametrize("name", PRETRAINED)
def test_unknown_weights_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="'cifar'"):
        backbones.get(name)(weights="cifar")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("name", PRETRAINED)
def test_absent_imagenet_weights_are_an_error_that_says_where_they_go(name: str, cache: Path) -> None:
    with pytest.raises(DataError, match="no ImageNet weights") as caught:
        backbones.get(name)(weights="imagenet").build((32, 32, 3))
    assert str(cache) in str(caught.value)
    assert "https://download.pytorch.org/models/" in str(caught.value)


def test_damaged_imagenet_weights_are_not_loaded(cache: Path) -> None:
    (cache / "resnet18-f37072fd.pth").write_bytes(b"cut off")
    with pytest.raises(DataError, match="damaged"):
        ResNet18(weights="imagenet").build((32, 32, 3))


def put(cache: Path, state: dict[str, Tensor], name: str) -> str:
    """File a state under a name that ends in its hash, as torchvision's do; return that name."""
    torch.save(state, cache / "new.pth")
    hashed = f"{name}-{file_hash(cache / 'new.pth')[:8]}.pth"
    (cache / "new.pth").rename(cache / hashed)
    return hashed


def test_cached_weights_are_read(cache: Path) -> None:
    state = nn.Linear(2, 3).state_dict()
    weights: Any = SimpleNamespace(url=f"https://example.org/{put(cache, state, 'linear')}")
    found = cached_weights(weights)
    assert found.keys() == state.keys()
    assert all(torch.equal(found[name], value) for name, value in state.items())


def test_vgg16_takes_over_the_convolutions_of_the_whole_network() -> None:
    own, trained = (nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU(), nn.Conv2d(2, 2, 3)) for _ in range(2))
    whole = {f"features.{name}": value for name, value in trained.state_dict().items()}
    _take_over(own, whole | {"classifier.0.weight": torch.zeros(1)})
    assert all(torch.equal(value, trained.state_dict()[name]) for name, value in own.state_dict().items())


def test_standardize_shifts_and_scales_each_channel() -> None:
    images = torch.tensor([0.5, 0.2, 1.0]).reshape(1, 3, 1, 1)
    standard = Standardize((0.5, 0.1, 0.0), (0.5, 0.1, 0.25))(images)
    torch.testing.assert_close(standard.flatten(), torch.tensor([0.0, 1.0, 4.0]))
