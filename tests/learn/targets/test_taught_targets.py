"""What taught targets are: shares of classes, of options in range, for images."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.core.errors import DataError
from detaux.learn.auxiliary.auxilearn import AuxiLearn
from detaux.learn.auxiliary.maxl import Maxl
from detaux.learn.batch import Batch
from detaux.learn.context import AuxiliaryContext
from detaux.learn.limits import LimitsImages
from detaux.learn.registries import Auxiliary, auxiliary
from detaux.learn.targets.subclass import spread, subclass_shares
from detaux.learn.tasks import AnyTask
from tests.learn.targets.teaching import Build, only, targets_of


def test_shares_are_the_softmax_over_the_subclasses_of_the_own_class() -> None:
    draws = np.random.default_rng(0)
    logits, labels = draws.normal(size=(5, 12)), np.array([2, 0, 1, 1, 2])
    expected = np.zeros((5, 12))
    for row, label in enumerate(labels):
        own = slice(4 * label, 4 * label + 4)
        expected[row, own] = np.exp(logits[row, own]) / np.exp(logits[row, own]).sum()
    found = subclass_shares(torch.from_numpy(logits), torch.from_numpy(labels), 4)
    np.testing.assert_allclose(found.numpy(), expected)


def test_spread_is_the_entropy_of_the_mean() -> None:
    shares = torch.tensor([[0.2, 0.8, 0.0], [0.6, 0.4, 0.0]], requires_grad=True)
    assert spread(shares).item() == pytest.approx(-0.4 * math.log(0.4) - 0.6 * math.log(0.6))
    assert spread(torch.eye(6)).item() == pytest.approx(math.log(6))
    (gradient,) = torch.autograd.grad(spread(shares), shares)
    assert gradient.isfinite().all()


def test_names_and_numbers_of_classes(context: AuxiliaryContext) -> None:
    found = {source: only(source, context) for source in (Maxl(), Maxl(subclasses=2), AuxiLearn())}
    assert [(task.name, task.num_classes) for task in found.values()] == [
        ("maxl", 15),
        ("maxl", 6),
        ("auxilearn", 10),
    ]
    for source, task in found.items():
        assert auxiliary.get(task.name) is type(source)
        assert source.discovery is None


def test_targets_are_shares(task: AnyTask, assembled: Build) -> None:
    assembly = assembled(task)
    batch = assembly.step._source.batch(0)
    shares = targets_of(assembly)(batch).classes
    assert shares.shape == (16, task.num_classes)
    torch.testing.assert_close(shares.sum(dim=1), torch.ones(16))
    assert shares.min() >= 0


def test_targets_are_made_on_the_device_of_the_batch(task: AnyTask) -> None:
    with FakeTensorMode(allow_non_fake_inputs=True), torch.device("cuda"), torch.no_grad():
        index, images = torch.arange(4) % 3, torch.zeros(4, 3, 16, 16)
        batch = Batch(images=images, positions=index, labels=index, index=index, epochs=index)
        shares = task.targets(seed=0)(batch).classes
    assert shares.shape == (4, task.num_classes)
    assert shares.device.type == "cuda"


@pytest.mark.parametrize(
    ("source", "option", "value", "text"),
    [
        (Maxl, "subclasses", 1, "at least 2 and at most 1,024, but is 1"),
        (Maxl, "subclasses", 1025, "but is 1025"),
        (Maxl, "inner_rate", 0.0, "at least 1e-06 and at most 1, but is 0.0"),
        (Maxl, "entropy", -0.1, "but is -0.1"),
        (Maxl, "order", "third", "must be 'second' or 'first', but is 'third'"),
        (AuxiLearn, "num_classes", 1, "at least 2 and at most 65,536, but is 1"),
        (AuxiLearn, "inner_rate", math.nan, "but is nan"),
        (AuxiLearn, "neumann_terms", -1, "at least 0 and at most 100, but is -1"),
    ],
)
def test_options_out_of_range_are_named(source: Any, option: str, value: Any, text: str) -> None:
    with pytest.raises(ValueError, match=f"{option} must be .*{text}|{option} {text}"):
        source(**{option: value})


@pytest.mark.parametrize("source", [Maxl(), AuxiLearn()], ids=["maxl", "auxilearn"])
def test_refuses_embeddings(source: Auxiliary, context: AuxiliaryContext) -> None:
    (task,) = source.tasks(context)
    for limited in (source, task):
        assert isinstance(limited, LimitsImages)
        with pytest.raises(DataError, match=r"1 x 8 pixels are embeddings.*labels are not learnt"):
            limited.check_image((1, 8, 3))
