"""What every disentangler makes and takes: the trained model, its codes and files, and stage one's data."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from detaux.core.progress import Progress
from detaux.data.dataset import Dataset
from detaux.data.split import Split
from detaux.data.staging import Images
from detaux.models.autoencoders import ConvNet
from detaux.models.patch_net import PatchNet
from detaux.models.projectors import Projectors
from detaux.train.history import History
from detaux.train.policy import Policy

_WEIGHTS, _ARCHITECTURE = "model.safetensors", "architecture.json"
_NETS: dict[str, type[ConvNet | PatchNet]] = {net.__name__: net for net in (ConvNet, PatchNet)}


@dataclass(frozen=True, kw_only=True, slots=True)
class StageOneData:
    """What stage one may see; which parts of the split it does see is the method's affair."""

    dataset: Dataset
    """The images."""
    split: Split
    """Its parts."""
    labels: NDArray[np.int64]
    """Principal label of every image of the data set, shape (N,)."""
    principal: tuple[str, ...]
    """Names of the factors that make up the principal label."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Architecture:
    """All that is needed to build a disentangler again before its weights are read."""

    net: ConvNet | PatchNet
    """Encoder and decoder."""
    subspaces: int
    """K, at least 2: subspace 0 belongs to the principal task."""
    latent_dim: int
    """D, the size of one subspace's code."""

    def __post_init__(self) -> None:
        """Check the sizes.

        Raises:
            ValueError: If there are fewer than 2 subspaces or no latent dimension.
        """
        if self.subspaces < 2:  # noqa: PLR2004 (one for the principal task, one for the rest)
            raise ValueError(f"subspaces must be at least 2, but is {self.subspaces}")
        if self.latent_dim < 1:
            raise ValueError(f"latent_dim must be at least 1, but is {self.latent_dim}")


class Disentangler(nn.Module):
    """An autoencoder whose latent is the sum of K projections of one shared encoding.

    Args:
        architecture: Its sizes.

    Source: Fumero et al. 2021 (PMP), Section 4; Skenderi et al. 2025 (Detaux), Section 3.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        self.encoder = architecture.net.encoder(architecture.latent_dim)
        self.projectors = Projectors(architecture.subspaces, architecture.latent_dim)
        self.decoder = architecture.net.decoder(architecture.latent_dim)
        self.to(memory_format=torch.channels_last)

    def encode(self, images: Tensor) -> Tensor:
        """Return the codes (B, K, D), float32, of images (B, 3, H, W), float in [0, 1]."""
        codes: Tensor = self.projectors(self.encoder(images))
        return codes

    def decode(self, codes: Tensor) -> Tensor:
        """Return the images (B, 3, H, W), not clamped, that codes (B, K, D) add up to; in autocast's type if on."""
        images: Tensor = self.decoder(codes.sum(1))
        return images


class Method(Protocol):
    """A registered disentangler: a frozen dataclass whose fields are the options a suite may write."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    @property
    def strength(self) -> float:
        """Factor of every loss term but reconstruction; 0 is a plain autoencoder."""

    @property
    def subspaces(self) -> int:
        """K."""

    @property
    def latent_dim(self) -> int:
        """D."""

    def fit(
        self, data: StageOneData, *, seed: int, policy: Policy, work: Path | None, progress: Progress
    ) -> tuple[Disentangler, History]:
        """Train on the data; everything random follows from `seed`."""


@torch.no_grad()
def codes_of(model: Disentangler, images: Images, policy: Policy, batch: int = 512) -> NDArray[np.float32]:
    """Return the codes of every image of a pool, shape (N, K, D), float32.

    Args:
        model: In eval mode, on `policy.device`.
        images: The pool, on the same device.
        policy: Precision of the encoder.
        batch: Images encoded at once.
    """
    pieces = torch.split(torch.arange(len(images)), batch)
    with policy.autocast():
        codes = [model.encode(images.gather(positions)).cpu() for positions in pieces]
    return torch.cat(codes).numpy()


def save(model: Disentangler, folder: Path) -> None:
    """Write a model's weights and its architecture into a folder that exists."""
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    save_file(weights, folder / _WEIGHTS)
    architecture = dataclasses.asdict(model.architecture)
    architecture["net"]["kind"] = type(model.architecture.net).__name__
    (folder / _ARCHITECTURE).write_text(f"{json.dumps(architecture, indent=2)}\n", encoding="utf-8")


def load(folder: Path, device: torch.device | str) -> Disentangler:
    """Read a model that `save` wrote, onto a device and in eval mode."""
    sizes: dict[str, Any] = json.loads((folder / _ARCHITECTURE).read_text(encoding="utf-8"))
    fields: dict[str, Any] = sizes.pop("net")
    kind = _NETS[fields.pop("kind")]
    options: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    model = Disentangler(Architecture(net=kind(**options), **sizes))
    model.load_state_dict(load_file(folder / _WEIGHTS))
    return model.to(device).eval()
