"""Disentanglers that learn from pairs: their options and their training, whatever their strength."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.progress import Progress, silent
from detaux.core.seeding import derive_seed
from detaux.data.corrupting import Corruption
from detaux.data.dataset import Dataset
from detaux.data.pairs import Pairing, PairSampler
from detaux.data.pictures import check_pictures
from detaux.data.registries import corruptions, pairings
from detaux.disentangle.base import StageOneData
from detaux.disentangle.batches import PairBatches
from detaux.disentangle.model import Architecture, Disentangler
from detaux.disentangle.named_parts import Variant, automatic_pairing, built_part
from detaux.disentangle.objective import Objective
from detaux.disentangle.presets import PRESETS, Preset, PresetName
from detaux.disentangle.training import train_on_pairs
from detaux.models.autoencoders import ConvNet
from detaux.models.patch_net import PatchNet
from detaux.train.history import History
from detaux.train.policy import Policy

_MOST_SUBSPACES = 1_024
_MOST_DIMENSIONS = 65_536


@dataclass(frozen=True, kw_only=True, slots=True)
class PairMethod:
    """Options and training of an autoencoder on pairs, with the terms that `strength` scales.

    | | as described | as released |
    |---|---|---|
    | images trained on | the training part | every part, test images included |
    | held-out pairs that choose the weights, if the preset chooses | validation part | test part |
    | pairs of factor data | `one_factor` | independent images |
    | regularisation | passes its gradient | passes none |

    Source: Skenderi et al. 2025 (Detaux) and its public code.
    """

    strength: float = 1.0
    """Scales every loss term but reconstruction, at least 0; 1 is the paper, 0 a plain autoencoder."""
    subspaces: int = 10
    """K, 2 to 1,024."""
    latent_dim: int = 10
    """D, 1 to 65,536."""
    preset: PresetName = "paper"
    """Net, weights and training: the paper's, or a quick one of ours."""
    variant: Variant = "as_described"
    """What the paper describes, or what its public code executes."""
    pairing: str = "auto"
    """How the two images of a pair are related; `auto` follows the data and the variant."""
    principal_change_rate: float = 0.5
    """How often a pair differs in its principal label, in [0, 1]."""
    pairing_options: Mapping[str, int | float | str | tuple[str, ...]] = field(default_factory=dict)
    """Options of the pairing, such as `{k: 2}` of `k_factors`."""
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
        if not self.strength >= 0:
            raise ValueError(f"strength must be at least 0, but is {self.strength}")
        if not 2 <= self.subspaces <= _MOST_SUBSPACES:  # noqa: PLR2004 (one for the principal task, one for the rest)
            raise ValueError(
                f"subspaces must be at least 2 and at most {_MOST_SUBSPACES}, but is {self.subspaces}"
            )
        if not 1 <= self.latent_dim <= _MOST_DIMENSIONS:
            raise ValueError(
                f"latent_dim must be at least 1 and at most {_MOST_DIMENSIONS}, but is {self.latent_dim}"
            )
        if self.preset not in get_args(PresetName):
            raise ValueError(f"preset must be one of {get_args(PresetName)}, but is {self.preset!r}")
        if self.variant not in get_args(Variant):
            raise ValueError(f"variant must be one of {get_args(Variant)}, but is {self.variant!r}")
        if not 0 <= self.principal_change_rate <= 1:
            raise ValueError(f"principal_change_rate must lie in [0, 1], but is {self.principal_change_rate}")
        if self.steps is not None and self.steps < 1:
            raise ValueError(f"steps must be at least 1, but is {self.steps}")
        built_part("corruption", self.corruption, self.corruption_options, corruptions)
        if self.pairing != "auto":
            built_part("pairing", self.pairing, self.pairing_options, pairings)
        elif self.pairing_options:
            raise ValueError("pairing_options need a pairing by name, but pairing is 'auto'; name one")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that the preset's net and the corruption take the images; see `Method.check_image`."""
        self._net(image_shape)
        self.noise().check_image(image_shape)

    def noise(self) -> Corruption:
        """Return the corruption of the images it is trained on."""
        noise: Corruption = built_part("corruption", self.corruption, self.corruption_options, corruptions)
        return noise

    def pairing_of(self, dataset: Dataset) -> str:
        """Name the pairing that is drawn of a data set."""
        return automatic_pairing(dataset, self.variant) if self.pairing == "auto" else self.pairing

    def check_pairs(
        self, dataset: Dataset, pool: NDArray[np.int64], labels: NDArray[np.int64], principal: Sequence[str]
    ) -> None:
        """Check that the images of a pool make the pairs that training draws; see `Method.check_pairs`."""
        self._sampler(dataset, pool, labels, principal, "cpu")

    def _sampler(
        self,
        dataset: Dataset,
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],
        principal: Sequence[str],
        device: torch.device | str,
    ) -> PairSampler:
        pairing: Pairing = built_part("pairing", self.pairing_of(dataset), self.pairing_options, pairings)
        rate = self.principal_change_rate
        return pairing.sampler(
            dataset, pool, labels, principal=principal, principal_change_rate=rate, device=device
        )

    def fit(
        self,
        data: StageOneData,
        *,
        seed: int,
        policy: Policy,
        work: Path | None = None,
        progress: Progress = silent,
    ) -> tuple[Disentangler, History]:
        """Train a disentangler.

        Args:
            data: Images, split and principal labels.
            seed: Of the initial weights and the pairs; neither depends on the method or its strength.
            policy: Device and precision.
            work: Folder of the in-job checkpoint, which is resumed if one is there; None writes none.
            progress: Told how far training is.

        Returns:
            The model, on the policy's device and in eval mode, and its losses over the steps.

        Raises:
            DivergedError: If a loss is not finite.
            DataError: If the images are not square, embeddings, or of a size that the preset's net does not take.
        """
        preset = PRESETS[self.preset]
        model = _initial_model(self._architecture(data.dataset), seed).to(policy.device)
        pool = self._pool(data)
        held_out = self._held_out(data) if preset.selection == "best" else None
        history = train_on_pairs(
            model,
            self._batches(data, pool, "train", preset=preset, seed=seed, device=policy.device),
            held_out
            if held_out is None
            else self._batches(data, held_out, "held out", preset=preset, seed=seed, device=policy.device),
            objective=Objective(
                weights=preset.weights, strength=self.strength, learn_usage=self.variant == "as_described"
            ),
            ramps=preset.ramps,
            options=preset.fit_options(self.steps or preset.steps(len(pool))),
            policy=policy,
            seed=seed,
            work=work,
            progress=progress,
        )
        return model, history

    def _architecture(self, dataset: Dataset) -> Architecture:
        try:
            net = self._net(dataset.image_shape)
        except DataError as fault:
            raise DataError(f"{dataset.name}: {fault}") from fault
        return Architecture(net=net, subspaces=self.subspaces, latent_dim=self.latent_dim)

    def _net(self, image_shape: tuple[int, int, int]) -> ConvNet | PatchNet:
        check_pictures(image_shape, "stage one has no net for them, so leave out arms that need discovery")
        height, width, _ = image_shape
        if height != width:
            raise DataError(f"the images must be square, but are {height} x {width}; set image_size")
        try:
            return PRESETS[self.preset].net(height)
        except ValueError as error:
            raise DataError(f"{error} for preset {self.preset!r}; set image_size") from error

    def _pool(self, data: StageOneData) -> NDArray[np.int64]:
        return (
            data.split.train
            if self.variant == "as_described"
            else np.sort(np.concatenate(list(data.split.parts.values())))
        )

    def _held_out(self, data: StageOneData) -> NDArray[np.int64]:
        return data.split.validation if self.variant == "as_described" else data.split.test

    def _batches(
        self,
        data: StageOneData,
        pool: NDArray[np.int64],
        part: str,
        *,
        preset: Preset,
        seed: int,
        device: torch.device,
    ) -> PairBatches:
        sampler = self._sampler(data.dataset, pool, data.labels, data.principal, device)
        return PairBatches(
            data,
            pool,
            sampler,
            corruption=self.noise(),
            pairs=preset.pairs,
            mixtures=preset.pairs * preset.mixtures_per_pair,
            subspaces=self.subspaces,
            device=device,
            seed_names=("stage one pairs", part, seed),
        )


def _initial_model(architecture: Architecture, seed: int) -> Disentangler:
    """Return a model whose initial weights depend on its architecture and the seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive_seed("stage one weights", seed))
        return Disentangler(architecture)
