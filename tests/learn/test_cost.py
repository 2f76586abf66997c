import torch

from detaux.learn.architectures.hard_sharing import HardSharing
from detaux.learn.cost import Cost, cost
from detaux.models.backbones.small_cnn import SmallCNN

BACKBONE, SHAPE = SmallCNN(widths=(4, 6), halvings=2, pooling="mean"), (8, 8, 3)


def head_cost(features: int, classes: int) -> tuple[int, int]:
    """Return the weights of a head, and its operations."""
    matrices = features * 512 + 512 * classes
    return matrices + 512 + classes, 2 * matrices


def test_counts_weights_and_twice_the_multiplications() -> None:
    net = HardSharing().build(BACKBONE, SHAPE, [5], seed=0)
    convolutions = 4 * 3 * 9, 6 * 4 * 9
    weights, operations = head_cost(6, 5)
    assert cost(net, SHAPE) == Cost(
        parameters=sum(convolutions) + 2 * 4 + 2 * 6 + weights,
        flops=2 * (convolutions[0] * 4 * 4 + convolutions[1] * 2 * 2) + operations,
    )


def test_a_task_more_costs_hard_sharing_a_head() -> None:
    alone, beside = (
        cost(HardSharing().build(BACKBONE, SHAPE, classes, seed=0), SHAPE) for classes in ([5], [5, 7])
    )
    added = beside.parameters - alone.parameters, beside.flops - alone.flops
    assert added == head_cost(6, 7)


def test_leaves_the_network_as_it_was() -> None:
    net = HardSharing().build(BACKBONE, SHAPE, [5], seed=0).train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    cost(net, SHAPE)
    assert net.training
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert {value.device.type for value in net.state_dict().values()} == {"cpu"}
