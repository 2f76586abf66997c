"""Weights of the losses, against the papers' formulas."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from detaux.learn.updating.scalarized import WeighedUpdate
from detaux.learn.updating.small_adam import SmallAdam
from detaux.learn.weightings.dwa import DynamicWeightAverage
from detaux.learn.weightings.equal import Equal
from detaux.learn.weightings.famo import Famo
from detaux.learn.weightings.fixed import Fixed
from detaux.learn.weightings.gls import GeometricLossStrategy
from detaux.learn.weightings.imtl_l import ImpartialLosses
from detaux.learn.weightings.rlw import RandomLossWeighting
from detaux.learn.weightings.stch import SmoothTchebycheff
from detaux.learn.weightings.uncertainty import Uncertainty, UncertaintyUpdate
from tests.learn.weightings.toy import Toy, gradient, gradient_rows

LOSSES = torch.tensor([0.5, 2.0, 4.0])


def weighed(update: WeighedUpdate, sequence: Sequence[Sequence[float]]) -> list[list[float]]:
    return [update.weigh(torch.tensor(losses)).tolist() for losses in sequence]


def test_equal_descends_the_sum_of_the_losses() -> None:
    toy = Toy()
    toy.backward(Equal().build(2))
    torch.testing.assert_close(gradient(toy.shared), gradient_rows(toy).sum(dim=0))


def test_fixed_gives_every_auxiliary_task_one_weight() -> None:
    toy, update = Toy(3), Fixed(weight=0.25).build(3)
    toy.backward(update)
    torch.testing.assert_close(gradient(toy.shared), torch.tensor([1, 0.25, 0.25]) @ gradient_rows(toy))
    assert update.scores() == {"weight_principal": 1, "weight_auxiliary": 0.25, "weight_auxiliary_2": 0.25}


def test_fixed_refuses_a_weight_below_0() -> None:
    with pytest.raises(ValueError, match="weight must be at least 0"):
        Fixed(weight=-0.1)


def test_uncertainty_starts_as_the_plain_sum() -> None:
    toy = Toy()
    toy.backward(Uncertainty().build(2))
    torch.testing.assert_close(gradient(toy.shared), gradient_rows(toy).sum(dim=0))


def test_uncertainty_weighs_by_the_inverse_variance() -> None:
    toy, update = Toy(), Uncertainty().build(2)
    with torch.no_grad():
        update.log_variances.copy_(torch.tensor([0.5, -1.0]))
    toy.backward(update)
    weights = torch.tensor([0.5, -1.0]).neg().exp()
    torch.testing.assert_close(gradient(toy.shared), weights @ gradient_rows(toy))
    torch.testing.assert_close(update.log_variances.grad, 0.5 - weights * toy.losses().detach())
    assert list(update.scores().values()) == pytest.approx(weights.tolist())


@pytest.mark.parametrize(("kind", "settled"), [(Uncertainty, 0.5), (ImpartialLosses, 1.0)])
def test_learnt_weights_settle_in_inverse_proportion_to_the_losses(
    kind: type[Uncertainty] | type[ImpartialLosses], settled: float
) -> None:
    update, losses = kind().build(2), torch.tensor([0.2, 3.0])
    optimizer = torch.optim.Adam(update.parameters(), lr=0.05)
    for _ in range(400):
        optimizer.zero_grad()
        update.backward(losses, [], [])
        optimizer.step()
    assert list(update.scores().values()) == pytest.approx((settled / losses).tolist(), rel=1e-2)


def test_uncertainty_is_what_it_was() -> None:
    update = UncertaintyUpdate(2)
    update.backward(torch.tensor([0.2, 3.0]), [], [])
    assert update.log_variances.grad is not None
    assert torch.equal(update.log_variances.grad, torch.tensor([0.5 - 0.2, 0.5 - 3.0]))


def test_imtl_l_scales_losses_and_pays_for_the_scale() -> None:
    update = ImpartialLosses().build(3)
    with torch.no_grad():
        update.log_scales.copy_(torch.tensor([0.0, 1.0, -1.0]))
    losses = LOSSES.clone().requires_grad_()
    update.backward(losses, [], [])
    scales = torch.tensor([0.0, 1.0, -1.0]).exp()
    torch.testing.assert_close(losses.grad, scales)
    torch.testing.assert_close(update.log_scales.grad, scales * LOSSES - 1)


def test_dwa_is_the_softmax_of_the_ratio_of_mean_losses() -> None:
    """Means of periods of two steps: (2, 4), (1, 4), (1, 2)."""
    sequence = [(1.0, 4.0), (3.0, 4.0), (0.5, 5.0), (1.5, 3.0), (1.0, 1.0), (1.0, 3.0), (9.0, 9.0)]
    found = weighed(DynamicWeightAverage(period=2, temperature=2.0).build(2), sequence)
    assert found[:4] == [[1, 1]] * 4
    for step, ratios in ((4, (1 / 2, 4 / 4)), (5, (1 / 2, 4 / 4)), (6, (1 / 1, 2 / 4))):
        powers = (torch.tensor(ratios) / 2).exp()
        assert found[step] == pytest.approx((2 * powers / powers.sum()).tolist())


def test_rlw_is_the_softmax_of_normal_numbers_of_the_seed() -> None:
    update = RandomLossWeighting().build(3)
    torch.manual_seed(7)
    numbers = [torch.randn(3) for _ in range(2)]
    torch.manual_seed(7)
    for drawn in numbers:
        torch.testing.assert_close(update.weigh(LOSSES), drawn.exp() / drawn.exp().sum())


def test_gls_is_the_gradient_of_the_geometric_mean() -> None:
    losses = LOSSES.clone().requires_grad_()
    GeometricLossStrategy().build(3).backward(losses, [], [])
    expected = LOSSES.clone().requires_grad_()
    (expected.prod() ** (1 / 3)).backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(losses.grad, expected.grad)


def test_gls_leaves_out_a_loss_of_0() -> None:
    weights = GeometricLossStrategy().build(3).weigh(torch.tensor([0.5, 0.0, 2.0]))
    torch.testing.assert_close(weights, torch.tensor([1 / (2 * 0.5), 0, 1 / (2 * 2)]))


@pytest.mark.parametrize("smoothing", [0.1, 1.0])
def test_stch_is_the_gradient_of_the_smooth_maximum(smoothing: float) -> None:
    losses = LOSSES.clone().requires_grad_()
    SmoothTchebycheff(smoothing=smoothing).build(3).backward(losses, [], [])
    expected = LOSSES.clone().requires_grad_()
    (smoothing * torch.logsumexp(expected / 3 / smoothing, dim=0)).backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(losses.grad, expected.grad)


class Told:
    """A replay that knows of nothing but the losses after the last step."""

    def __init__(self, losses: Sequence[float] | None) -> None:
        self._losses = losses

    def before(self) -> Tensor | None:
        return None if self._losses is None else torch.tensor(self._losses)


def test_famo_follows_its_algorithm() -> None:
    """The paper's, by autograd and torch's own Adam: logits descend the drop of log losses under their shares."""
    before, after = [(0.5, 2.0), (0.4, 1.9), (0.3, 1.2)], [None, (0.45, 1.95), (0.4, 1.0)]
    update, logits = Famo(rate=0.1, decay=0.01).build(2), nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.Adam([logits], lr=0.1, weight_decay=0.01)
    for step, (losses, since) in enumerate(zip(before, after, strict=True)):
        update.prepare(Told(since))  # type: ignore[arg-type]  # it asks for no more
        if since is not None:
            fallen = torch.tensor(before[step - 1]).log() - torch.tensor(since).log()
            optimizer.zero_grad()
            (logits.softmax(dim=0) @ fallen).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        shares = logits.detach().softmax(dim=0) / torch.tensor(losses)
        torch.testing.assert_close(update.weigh(torch.tensor(losses)), shares / shares.sum())


def test_famo_lowers_the_weight_of_the_loss_that_fell_most() -> None:
    update = Famo().build(3)
    update.weigh(torch.ones(3))
    update.prepare(Told((0.9, 0.5, 0.9)))  # type: ignore[arg-type]
    assert update.weigh(torch.ones(3)).argmin() == 1


def test_famo_gives_a_loss_of_0_no_weight() -> None:
    assert torch.equal(Famo().build(2).weigh(torch.tensor([0.7, 0.0])), torch.tensor([1.0, 0.0]))


def test_small_adam_is_torch_s() -> None:
    own, theirs = SmallAdam(LOSSES, rate=0.1, weight_decay=0.05), nn.Parameter(LOSSES.clone())
    optimizer = torch.optim.Adam([theirs], lr=0.1, weight_decay=0.05)
    for step in range(8):
        theirs.grad = one_hot(torch.tensor(step % 3), 3) * (step - 3.0)
        own.descend(theirs.grad)
        optimizer.step()
    torch.testing.assert_close(own.values, theirs.detach())


def test_log_is_the_mean_weight_over_the_steps() -> None:
    update = DynamicWeightAverage(period=1, temperature=0.5).build(2)
    sequence = [(1.0, 1.0), (1.0, 2.0), (2.0, 2.0), (1.0, 3.0)]
    weights = []
    for losses in sequence:
        given = torch.tensor(losses, requires_grad=True)
        update.backward(given, [], [])
        weights.append(given.grad)
    mean = torch.stack([weight for weight in weights if weight is not None]).mean(dim=0)
    assert list(update.scores()) == ["weight_principal", "weight_auxiliary"]
    assert list(update.scores().values()) == pytest.approx(mean.tolist())
