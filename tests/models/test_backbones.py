from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
import torch
from torch import Tensor, nn

from detaux.core.errors import DataError
from detaux.core.hashing import file_hash
from detaux.models.backbones.mlp import MLP
from detaux.models.backbones.resnet18 import ResNet18
from detaux.models.backbones.small_cnn import SmallCNN
from detaux.models.backbones.vgg16 import VGG16, _take_over
from detaux.models.pretrained import cached_weights
from detaux.models.registries import backbones
from detaux.models.standardize import Standardize

PRETRAINED = ("resnet18", "vgg16")


@pytest.fixture(scope="module", params=backbones.names())
def network(request: pytest.FixtureRequest) -> nn.Module:
    torch.manual_seed(0)
    return backbones.get(request.param)().build((32, 32, 3))[0]


@pytest.mark.parametrize("shape", [(32, 32), (40, 64)])
@pytest.mark.parametrize("name", backbones.names())
def test_says_how_many_features_it_gives(name: str, shape: tuple[int, int]) -> None:
    network, features = backbones.get(name)().build((*shape, 3))
    assert network.eval()(torch.rand(2, 3, *shape)).shape == (2, features)


def test_a_batch_of_two_trains_every_parameter(network: nn.Module) -> None:
    network.train()(torch.rand(2, 3, 32, 32)).pow(2).sum().backward()
    idle = [name for name, value in network.named_parameters() if value.grad is None or not value.grad.any()]
    assert idle == []


def test_different_images_give_different_features(network: nn.Module) -> None:
    features = network.eval()(torch.rand(2, 3, 32, 32))
    assert features.isfinite().all()
    assert not torch.allclose(features[0], features[1])


def test_weights_come_from_torch_s_generator_alone() -> None:
    states = []
    for _ in range(2):
        torch.manual_seed(3)
        states.append(SmallCNN().build((32, 32, 3))[0].state_dict())
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())


@pytest.mark.parametrize(
    ("shape", "pooling", "features"),
    [((32, 32, 3), "none", 8 * 8 * 8), ((30, 33, 3), "none", 8 * 8 * 9), ((32, 32, 3), "mean", 8)],
)
def test_small_cnn_has_a_feature_a_place_or_a_channel(
    shape: tuple[int, int, int], pooling: Literal["none", "mean"], features: int
) -> None:
    network, found = SmallCNN(widths=(4, 6, 8), halvings=2, pooling=pooling).build(shape)
    assert found == features
    assert network(torch.rand(2, 3, *shape[:2])).shape == (2, features)


@pytest.mark.parametrize(
    "options", [{"widths": ()}, {"widths": (8, 0)}, {"halvings": 9}, {"halvings": -1}, {"pooling": "max"}]
)
def test_small_cnn_refuses_what_it_cannot_build(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"widths|halvings|pooling"):
        SmallCNN(**options)


@pytest.mark.parametrize("shape", [(1, 64, 3), (8, 8, 3)])
def test_mlp_is_layers_over_every_pixel_scaled_to_about_zero(shape: tuple[int, int, int]) -> None:
    network, features = MLP(widths=(5, 4)).build(shape)
    assert features == 4
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


def test_vgg16_refuses_images_that_five_halvings_would_swallow() -> None:
    with pytest.raises(DataError, match="32 x 32"):
        VGG16().build((16, 32, 3))


@pytest.mark.parametrize("part", [ResNet18, VGG16])
def test_unknown_weights_are_refused(part: type[ResNet18 | VGG16]) -> None:
    with pytest.raises(ValueError, match="'cifar'"):
        part(weights="cifar")  # type: ignore[arg-type]  # what a suite may write


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
