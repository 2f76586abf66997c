"""Disentanglers that are trained on batches of images: the options and the training that they share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar, get_args

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.core.bounds import check_range, check_weight
from detaux.core.errors import DataError
from detaux.core.progress import Progress, silent
from detaux.core.seeding import derive_seed
from detaux.data.corrupting import Corruption
from detaux.data.dataset import Dataset
from detaux.data.pairs import PairSampler
from detaux.data.registries import corruptions
from detaux.disentangle.base import StageOneData
from detaux.disentangle.batches import PairBatches
from detaux.disentangle.bounds import MOST_SUBSPACES
from detaux.disentangle.model import Architecture, Disentangler
from detaux.disentangle.named_parts import built_part
from detaux.disentangle.nets import MAP_PRESETS, Net, PresetName, net_for
from detaux.disentangle.objective import Objective
from detaux.disentangle.ordering import put_principal_first
from detaux.disentangle.training import Training, train
from detaux.train.history import History
from detaux.train.policy import Policy

ModelT = TypeVar("ModelT", bound=Disentangler)


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainedMethod(ABC, Generic[ModelT]):
    """Options and training of a net on batches of images, by losses that `strength` scales."""

    strength: float = 1.0
    """Scales every loss term but reconstruction, at least 0; 1 is the published method, 0 a plain autoencoder."""
    subspaces: int = 10
    """K, 2 to 1,024."""
    preset: PresetName = "paper"
    """Net and training: the paper's, a quick one of ours, or the paper's large net, its latents maps or vectors."""
    corruption: str = "none"
    """Noise on the images, drawn anew in each step; what is decoded is compared with the noisy image."""
    corruption_options: Mapping[str, int | float | str] = field(default_factory=dict)
    """Options of the corruption, such as `{sigma: 0.2}` of `gaussian`."""
    steps: int | None = None
    """Optimiser steps; None leaves them to the preset."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        check_weight("strength", self.strength)
        check_range("subspaces", self.subspaces, 2, MOST_SUBSPACES)
        if self.preset not in get_args(PresetName):
            raise ValueError(f"preset must be one of {get_args(PresetName)}, but is {self.preset!r}")
        if self.preset in MAP_PRESETS and not self._takes_maps():
            raise ValueError(
                f"preset {self.preset!r} has maps for latents, and this method needs vectors; use 'large_vector'"
            )
        if self.steps is not None and self.steps < 1:
            raise ValueError(f"steps must be at least 1, but is {self.steps}")
        built_part("corruption", self.corruption, self.corruption_options, corruptions)

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that the preset's net and the corruption take the images; see `Method.check_image`."""
        net_for(self.preset, image_shape)
        self.noise().check_image(image_shape)

    def noise(self) -> Corruption:
        """Return the corruption of the images it is trained on."""
        noise: Corruption = built_part("corruption", self.corruption, self.corruption_options, corruptions)
        return noise

    def check_pairs(
        self, dataset: Dataset, pool: NDArray[np.int64], labels: NDArray[np.int64], principal: Sequence[str]
    ) -> None:
        """Check that the images of a pool make the pairs that training draws; see `Method.check_pairs`."""
        self._sampler(dataset, pool, labels, principal, "cpu")

    def fit(
        self,
        data: StageOneData,
        *,
        seed: int,
        policy: Policy,
        work: Path | None = None,
        progress: Progress = silent,
    ) -> tuple[ModelT, History]:
        """Train a disentangler.

        Args:
            data: Images, split and principal labels.
            seed: Of the initial weights and the batches; neither depends on the strength.
            policy: Device and precision.
            work: Folder of the in-job checkpoint, which is resumed if one is there; None writes none.
            progress: Told how far training is.

        Returns:
            The model, on the policy's device and in eval mode, and its losses over the steps. Where training did not
            tie the principal label to a subspace, the one whose codes differ most between classes is made the first.

        Raises:
            DivergedError: If a loss is not finite.
            DataError: If the images are not square, embeddings, or of a size that the preset's net does not take.
        """
        training, pool = self._training(), self._pool(data)
        model = _fresh(self._architecture(_net(self.preset, data.dataset)), seed).to(policy.device)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(derive_seed("stage one objective", seed))
            objective = self._objective(model, data, pool, policy)
        held_out = self._held_out(data) if training.selection == "best" else None
        history = train(
            model,
            objective,
            self._batches(data, pool, "train", seed, policy.device),
            None if held_out is None else self._batches(data, held_out, "held out", seed, policy.device),
            options=training.fit_options(self.steps or training.steps(len(pool))),
            policy=policy,
            seed=seed,
            work=work,
            progress=progress,
        )
        if not (self._owns_subspace_0() and self.strength > 0):
            put_principal_first(
                model, data, pool, self.noise(), seed=derive_seed("stage one order", seed), policy=policy
            )
        return model, history

    @abstractmethod
    def _training(self) -> Training:
        """Return batches, length and rates."""

    @abstractmethod
    def _architecture(self, net: Net) -> Architecture[ModelT]:
        """Return the model's sizes."""

    @abstractmethod
    def _objective(
        self, model: ModelT, data: StageOneData, pool: NDArray[np.int64], policy: Policy
    ) -> Objective:
        """Return the losses of a fresh model, on `policy.device`, over a pool of images (N,)."""

    @abstractmethod
    def _sampler(
        self,
        dataset: Dataset,
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],
        principal: Sequence[str],
        device: torch.device | str,
    ) -> PairSampler:
        """Return what draws pairs of images of a pool."""

    def _takes_maps(self) -> bool:
        """Say whether latents may be maps, where else they are vectors."""
        return False

    def _owns_subspace_0(self) -> bool:
        """Say whether training ties the principal label to subspace 0."""
        return False

    def _pool(self, data: StageOneData) -> NDArray[np.int64]:
        return data.split.train

    def _held_out(self, data: StageOneData) -> NDArray[np.int64]:
        return data.split.validation

    def _mixtures_per_pair(self) -> int:
        return 0

    def _batches(
        self, data: StageOneData, pool: NDArray[np.int64], part: str, seed: int, device: torch.device
    ) -> PairBatches:
        pairs = self._training().pairs
        return PairBatches(
            data,
            pool,
            self._sampler(data.dataset, pool, data.labels, data.principal, device),
            corruption=self.noise(),
            pairs=pairs,
            mixtures=pairs * self._mixtures_per_pair(),
            subspaces=self.subspaces,
            device=device,
            seed_names=("stage one pairs", part, seed),
        )


def _net(preset: PresetName, dataset: Dataset) -> Net:
    try:
        return net_for(preset, dataset.image_shape)
    except DataError as fault:
        raise DataError(f"{dataset.name}: {fault}") from fault


def _fresh(architecture: Architecture[ModelT], seed: int) -> ModelT:
    """Return a model whose initial weights depend on its architecture and the seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive_seed("stage one weights", seed))
        return architecture.build()
