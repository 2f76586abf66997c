import pytest
import torch

from detaux.learn.architectures.hard_sharing import HardParameterSharing, HardSharing
from detaux.models.backbones.small_cnn import SmallCNN

BACKBONE = SmallCNN(widths=(4, 8), halvings=2)


def build(*num_classes: int, seed: int = 0) -> HardParameterSharing:
    return HardSharing().build(BACKBONE, (16, 16, 3), num_classes, seed=seed)


def test_gives_logits_for_each_task() -> None:
    logits = build(4, 5)(torch.rand(2, 3, 16, 16))
    assert [answer.shape for answer in logits] == [(2, 4), (2, 5)]


def test_every_parameter_is_shared_or_one_head_s() -> None:
    net = build(4, 5)
    parts = [net.shared_parameters(), *net.head_parameters()]
    names = [id(parameter) for part in parts for parameter in part]
    assert len(parts) == 3
    assert sorted(names) == sorted(id(parameter) for parameter in net.parameters())


@pytest.mark.parametrize("more", [(2,), (7,), (7, 9)])
def test_further_tasks_shift_no_initial_weight(more: tuple[int, ...]) -> None:
    alone, beside = build(4).state_dict(), build(4, *more).state_dict()
    assert alone.keys() < beside.keys()
    assert all(torch.equal(alone[name], beside[name]) for name in alone)


def test_heads_start_differently() -> None:
    first, second = build(4, 4).head_parameters()
    assert not torch.equal(first[0], second[0])


def test_initial_weights_depend_on_the_seed_alone() -> None:
    torch.manual_seed(1)
    first = build(4, 5).state_dict()
    torch.manual_seed(2)
    second, other = build(4, 5).state_dict(), build(4, 5, seed=1).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    (name, *_) = (name for name, _ in build(4, 5).named_parameters())
    assert not torch.equal(first[name], other[name])


def test_leaves_torch_s_generator_as_it_was() -> None:
    before = torch.get_rng_state()
    build(4, 5)
    assert torch.equal(torch.get_rng_state(), before)
