import torch

from detaux.learn.architectures.hard_sharing import HardSharing
from detaux.learn.architectures.soft_sharing import SoftParameterSharing, SoftSharing, squared_distance
from detaux.models.backbones.small_cnn import SmallCNN

BACKBONE, SHAPE = SmallCNN(widths=(4, 6), halvings=2), (8, 8, 3)


def build(*num_classes: int, coefficient: float = 0.5) -> SoftParameterSharing:
    return SoftSharing(coefficient=coefficient).build(BACKBONE, SHAPE, num_classes, seed=0)


def part(net: SoftParameterSharing) -> SoftParameterSharing:
    """Move the auxiliary towers off the principal one, each by draws of its own."""
    torch.manual_seed(0)
    with torch.no_grad():
        for tower in net.towers[1:]:
            for parameter in tower.parameters():
                parameter.add_(torch.randn_like(parameter))
    return net


def flat(module: torch.nn.Module) -> torch.Tensor:
    return torch.cat([parameter.flatten() for parameter in module.parameters()])


def test_auxiliary_tasks_pay_for_the_squared_distance_from_the_principal_tower() -> None:
    net = part(build(3, 4, 5))
    principal, first, second = map(flat, net.towers)
    nothing, *paid = net.penalties()
    assert nothing is None
    for penalty, other in zip(paid, (first, second), strict=True):
        assert penalty is not None
        torch.testing.assert_close(penalty, 0.5 * (principal - other).norm() ** 2)


def test_towers_start_from_equal_weights() -> None:
    net = build(3, 4, 5)
    assert [penalty is not None and penalty.item() == 0 for penalty in net.penalties()] == [False, True, True]


def test_a_task_alone_is_hard_sharing_alone() -> None:
    images = torch.rand(2, 3, 8, 8)
    plain = HardSharing().build(BACKBONE, SHAPE, [3], seed=0).eval()
    net = build(3).eval()
    assert torch.equal(net(images)[0], plain(images)[0])
    assert net.penalties() == [None]


def test_the_penalty_draws_the_towers_together() -> None:
    net = part(build(3, 4))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.2)
    start = squared_distance(*net.towers).item()
    for _ in range(5):
        optimizer.zero_grad()
        _, penalty = net.penalties()
        assert penalty is not None
        torch.autograd.backward(penalty)
        optimizer.step()
    assert squared_distance(*net.towers).item() < 0.01 * start
