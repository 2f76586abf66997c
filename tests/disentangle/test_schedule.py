from __future__ import annotations

import math

import pytest

from detaux.disentangle.schedule import Ramps


@pytest.mark.parametrize("time", [0, 0.1, 0.25])
def test_reconstruction_is_alone_up_to_the_end_of_the_warm_up(time: float) -> None:
    phase = Ramps(principal_full=0.3).at(time)
    assert (phase.principal, phase.distance, phase.consistency, phase.regularisation) == (0, 0, 0, 0)


@pytest.mark.parametrize("epoch", [11, 13, 16, 20, 39])
def test_ramps_are_the_papers_at_its_epochs(epoch: int) -> None:
    epochs = 40
    b1 = min(math.exp((25 / epochs) * (epoch - 0.4 * epochs)), 1)
    b2 = min(math.exp((25 / epochs) * (epoch - 0.5 * epochs)), 1)
    phase = Ramps().at(epoch / epochs)
    assert phase.distance == pytest.approx(b1)
    assert phase.principal == phase.distance
    assert phase.sharpness == 1e6
    assert phase.regularisation == pytest.approx(1 - b1)
    assert phase.consistency == pytest.approx(b2 if b2 > 0.01 else 0)


def test_known_values() -> None:
    assert Ramps().at(0.3).distance == pytest.approx(math.exp(-2.5))
    assert Ramps().at(0.4).distance == 1
    assert Ramps().at(0.4).consistency == pytest.approx(math.exp(-2.5))
    assert Ramps().at(0.5).consistency == 1


def test_consistency_waits_until_it_weighs_more_than_a_hundredth() -> None:
    threshold = 0.5 + math.log(0.01) / 25
    assert Ramps().at(threshold - 1e-6).consistency == 0
    assert Ramps().at(threshold + 1e-6).consistency == pytest.approx(0.01, rel=1e-3)


def test_at_the_end_everything_but_regularisation_counts_in_full() -> None:
    phase = Ramps(principal_full=0.3).at(1)
    assert (phase.principal, phase.distance, phase.consistency, phase.regularisation) == (1, 1, 1, 0)


def test_the_principal_subspace_can_come_first() -> None:
    ramps = Ramps(warm_up=0.25, principal_full=0.35)
    assert ramps.at(0.3).principal == pytest.approx(0.5)
    assert ramps.at(0.35).principal == 1
    assert ramps.at(0.3).distance == Ramps().at(0.3).distance


def test_the_oracle_can_harden_slowly() -> None:
    ramps = Ramps(warm_up=0.2, first_sharpness=1, last_sharpness=100, sharpness_full=0.6)
    assert [ramps.at(time).sharpness for time in (0.1, 0.2, 0.6, 0.9)] == [1, 1, 100, 100]
    assert ramps.at(0.4).sharpness == pytest.approx(10)


def test_a_falling_sharpness_is_refused() -> None:
    with pytest.raises(ValueError, match="must not fall"):
        Ramps(first_sharpness=10, last_sharpness=1)


@pytest.mark.parametrize("moment", [-0.1, 1.1])
def test_moments_outside_of_training_are_refused(moment: float) -> None:
    with pytest.raises(ValueError, match=str(moment)):
        Ramps(warm_up=moment)
