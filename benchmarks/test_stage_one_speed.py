"""How many images a second stage one trains on: this package against the plain loop most papers' code has.

Rendered 3D Shapes at 64 px, the paper's net, K = 10, D = 10, 32 pairs (64 images) a step, every loss term on. The loss
is the same on both sides, the plain one with torch's own squared error: what differs is the loop around it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader

from detaux.data import load_dataset
from detaux.data.corruption.none import NoCorruption
from detaux.data.dataset import FactorGrid
from detaux.data.pairing.one_factor import OneFactorPairing
from detaux.data.principal import principal_labels
from detaux.data.split import Split
from detaux.disentangle import losses
from detaux.disentangle.base import StageOneData
from detaux.disentangle.batches import PairBatches
from detaux.disentangle.presets import PAPER
from detaux.disentangle.product import ProductArchitecture, ProductModel
from detaux.disentangle.product_objective import ProductObjective
from detaux.disentangle.schedule import Phase
from detaux.models.autoencoders import paper_net
from detaux.train.loop import fit
from detaux.train.options import FitOptions
from detaux.train.policy import policy_for

SIZE, SUBSPACES, LATENT_DIM, PAIRS = 64, 10, 10, PAPER.training.pairs
ON_THE_RAMPS = Phase(principal=0.5, distance=0.5, consistency=0.5, regularisation=0.5, sharpness=1e6)
"""A moment at which every term counts."""
STEPS, ROUNDS = 20, 5
"""Steps enough that what a training does once, such as making its optimiser, counts little."""
LEAST_RATIO = 2.4
"""A guard against regressions, where the processor computes bfloat16: the aim is 3, and 2.7 to 3.6 were measured."""

Steps = Callable[[int], None]
"""Trains for that many steps."""


@pytest.fixture(params=[1, 2], ids=["one-thread", "two-threads"])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    """As many threads as a suite gives a job unless told otherwise, and as many as the machine at hand has cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def dataset() -> FactorGrid:
    grid = load_dataset("shapes3d", origin="rendered", image_size=SIZE)
    assert isinstance(grid, FactorGrid)
    grid.images(np.arange(1))  # renders and caches the maps
    return grid


@pytest.fixture(scope="module")
def ours(dataset: FactorGrid) -> Steps:
    policy = policy_for("cpu")
    torch.manual_seed(0)
    model = ProductModel(ProductArchitecture(net=paper_net(SIZE), subspaces=SUBSPACES, latent_dim=LATENT_DIM))
    objective = ProductObjective(weights=PAPER.weights, strength=1, learn_usage=True)
    batches = _batches(dataset)

    def train_step(step: int) -> dict[str, Tensor]:
        terms = objective.losses(model, batches.draw(step), ON_THE_RAMPS, policy)
        torch.autograd.backward(terms["loss"])
        return terms

    def train(steps: int) -> None:
        options = FitOptions(steps=steps, learning_rate=5e-4, weight_decay=1e-6)
        fit(model, train_step, options=options, policy=policy, seed=0)

    return train


def _batches(dataset: FactorGrid) -> PairBatches:
    pool = np.arange(len(dataset))
    labels, _ = principal_labels(dataset, ["shape"])
    sampler = OneFactorPairing().sampler(
        dataset, pool, labels, principal=["shape"], principal_change_rate=0.5, device="cpu"
    )
    data = StageOneData(
        dataset=dataset,
        split=Split(train=pool[:-2], validation=pool[-2:-1], test=pool[-1:]),
        labels=labels,
        principal=("shape",),
    )
    return PairBatches(
        data,
        pool,
        sampler,
        corruption=NoCorruption(),
        pairs=PAIRS,
        mixtures=2 * PAIRS,
        subspaces=SUBSPACES,
        device=torch.device("cpu"),
        seed_names=("benchmark",),
    )


def _plain_encoder() -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in pairwise((3, 32, 32, 64, 64)):
        layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(1024, 256), nn.ReLU(), nn.Linear(256, LATENT_DIM))


def _plain_decoder() -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in pairwise((LATENT_DIM, 256, 256, 1024)):
        layers += [nn.Linear(before, after), nn.ReLU()]
    layers.append(nn.Unflatten(1, (64, 4, 4)))
    for before, after in pairwise((64, 64, 32, 32)):
        layers += [nn.ConvTranspose2d(before, after, 4, stride=2, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.ConvTranspose2d(32, 3, 4, stride=2, padding=1))


class PlainModel(nn.Module):
    """The same net in torch's own layers, with K projectors called one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = _plain_encoder()
        self.decoder = _plain_decoder()
        self.projectors = nn.ModuleList(
            nn.Sequential(nn.Linear(LATENT_DIM, LATENT_DIM), nn.ReLU(), nn.Linear(LATENT_DIM, LATENT_DIM))
            for _ in range(SUBSPACES)
        )

    def encode(self, images: Tensor) -> Tensor:
        latent = self.encoder(images)
        return torch.stack([projector(latent) for projector in self.projectors], dim=1)


class PlainPairs(torch.utils.data.Dataset[tuple[Tensor, Tensor, Tensor]]):
    """Draws and composes one pair at a time; `DataLoader` stacks them, in this process (`num_workers=0`)."""

    def __init__(self, dataset: FactorGrid) -> None:
        self._dataset = dataset
        self._principal = dataset.factor_names.index("shape")
        self._random = np.random.default_rng(0)

    def __len__(self) -> int:
        return len(self._dataset)

    def __getitem__(self, _: int) -> tuple[Tensor, Tensor, Tensor]:
        sizes = self._dataset.factor_sizes
        first = self._random.integers(sizes)
        differ = self._random.random() < 0.5
        others = [column for column in range(len(sizes)) if column != self._principal]
        column = self._principal if differ else self._random.choice(others)
        second = first.copy()
        second[column] = (first[column] + self._random.integers(1, sizes[column])) % sizes[column]
        return self._image(first), self._image(second), torch.tensor(differ)

    def _image(self, factors: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Tensor:
        pixels = self._dataset.images(self._dataset.index(factors[None]))[0]
        return torch.from_numpy(pixels).permute(2, 0, 1).contiguous().float() / 255


@pytest.fixture(scope="module")
def plain(dataset: FactorGrid) -> Steps:
    torch.manual_seed(0)
    model = PlainModel()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-4, weight_decay=1e-6)
    loader = iter(DataLoader(PlainPairs(dataset), batch_size=PAIRS, num_workers=0))

    def train(steps: int) -> None:
        for _ in range(steps):
            loss = _plain_loss(model, loader)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()

    return train


def _plain_loss(model: PlainModel, loader: Iterator[tuple[Tensor, Tensor, Tensor]]) -> Tensor:
    first, second, differ = next(loader)
    images = torch.cat([first, second])
    codes = model.encode(images)
    change = losses.squared_change(codes)
    oracle = losses.forced_oracle(losses.normalised_change(change, codes), differ)
    mixed = losses.mixtures(codes, torch.randperm(SUBSPACES * PAIRS)[: 2 * PAIRS])
    return (
        functional.mse_loss(model.decoder(codes.sum(1)), images)
        + 0.05 * losses.distance(change, oracle, change, margin=0.05, margin_weight=10).mean()
        + 0.05 * losses.sparsity(codes)
        + 50 * losses.consistency(mixed, model.encode(model.decoder(mixed.sum(1))))
        + 0.5e-4 * losses.regularisation(losses.usage(change))
    )


def _seconds(train: Steps) -> float:
    start = time.perf_counter()
    train(STEPS)
    return time.perf_counter() - start


@pytest.mark.parametrize("loop", ["ours", "plain"])
@pytest.mark.benchmark(group="stage one, 64 px, K=10, D=10: 20 steps of 64 images")
def test_stage_one_training(
    benchmark: BenchmarkFixture, loop: str, threads: int, request: pytest.FixtureRequest
) -> None:
    train: Steps = request.getfixturevalue(loop)
    benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin has no types
        train, args=(STEPS,), rounds=3, warmup_rounds=1
    )
    if benchmark.stats is not None:
        per_second = 2 * PAIRS * STEPS / benchmark.stats.stats.median
        benchmark.extra_info |= {"images_per_second": round(per_second), "threads": threads}


def test_stage_one_is_several_times_the_plain_loop(
    ours: Steps, plain: Steps, threads: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both in turn, round by round, so that whatever else the machine does slows both alike."""
    ours(1)
    plain(1)
    ratio = median(_seconds(plain) / _seconds(ours) for _ in range(ROUNDS))
    with capsys.disabled():
        print(f"\nstage one, {threads} threads: {ratio:.2f} times the plain loop")  # noqa: T201 - a benchmark tells its figure
    assert ratio >= (LEAST_RATIO if policy_for("cpu").amp else 1.0)
