from __future__ import annotations

import numpy as np
import pytest

from detaux.metrics.fixed_factor import (
    BATCH_SIZE,
    NUM_TEST,
    NUM_TRAIN,
    Peers,
    draw_points,
    find_peers,
    unit_blocks,
)
from tests.metrics import known_codes

FACTOR = np.array([2, 0, 2, 1, 2, 0, 2, 3, 0, 2])  # 1 and 3 are seen once
PAIRED = np.flatnonzero(np.isin(FACTOR, [0, 2]))


def _peers() -> Peers:
    return find_peers(FACTOR[:, None])[0]


def test_samples_that_share_their_value_are_grouped() -> None:
    peers = _peers()
    assert peers.samples.tolist() == [1, 5, 8, 0, 2, 4, 6, 9]
    assert peers.first.tolist() == [0, 0, 0, 3, 3, 3, 3, 3]
    assert peers.size.tolist() == [3, 3, 3, 5, 5, 5, 5, 5]


def test_pairs_share_their_value_and_are_all_equally_likely_from_a_sample() -> None:
    one, other = _peers().pairs(1_000, np.random.default_rng(0))
    assert one.shape == other.shape == (1_000, BATCH_SIZE)
    assert np.array_equal(FACTOR[one], FACTOR[other])
    counts = np.zeros((10, 10))
    np.add.at(counts, (one, other), 1)
    expected = np.zeros((10, 10))
    for a in PAIRED:
        partners = [b for b in PAIRED if FACTOR[b] == FACTOR[a] and b != a]
        expected[a, partners] = 1 / len(PAIRED) / len(partners)
    np.testing.assert_allclose(counts / one.size, expected, atol=0.003)  # 6 standard errors


def test_batches_are_of_one_value_each_and_values_are_in_proportion() -> None:
    batches = _peers().batches(20_000, np.random.default_rng(0))
    assert batches.shape == (20_000, BATCH_SIZE)
    values = FACTOR[batches]
    assert np.array_equal(values, np.broadcast_to(values[:, :1], values.shape))
    drawn = np.bincount(values[:, 0], minlength=4) / len(values)
    np.testing.assert_allclose(drawn, [3 / 8, 0, 5 / 8, 0], atol=0.02)
    assert np.bincount(batches[values == 2], minlength=10)[[0, 2, 4, 6, 9]].min() > 0


@pytest.mark.parametrize("factor", [[0, 0, 0], [0, 1, 2], [0, 0, 1], [0]])
def test_a_factor_without_two_values_of_two_samples_is_left_out(factor: list[int]) -> None:
    both = np.stack([factor, factor], axis=1)
    assert find_peers(both) == []


def test_points_fix_each_factor_equally_often_and_keep_their_features() -> None:
    peers = find_peers(known_codes.factors())

    def number(of: Peers, count: int, generator: np.random.Generator) -> known_codes.Ints:
        generator.integers(5, size=count)
        return np.full((count, 2), next(i for i, known in enumerate(peers) if known is of))

    fixed, features = draw_points(peers, number, metric="beta_vae", seed=0)
    assert features.shape == (NUM_TRAIN + NUM_TEST, 2)
    assert np.array_equal(features, np.stack([fixed, fixed], axis=1))
    np.testing.assert_allclose(np.bincount(fixed) / len(fixed), 0.25, atol=0.02)


def test_unit_blocks_have_a_total_variance_of_one_about_0() -> None:
    blocks = np.random.default_rng(0).normal(7, 3, size=(500, 3, 4)) * np.array([1e3, 1, 1e-3])[:, None]
    unit = unit_blocks(blocks)
    np.testing.assert_allclose(unit.var(axis=0).sum(axis=-1), 1)
    np.testing.assert_allclose(unit.mean(axis=0), 0, atol=1e-12)
    ratio = unit.std(axis=0) / blocks.std(axis=0)
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[:, :1], ratio.shape))


@pytest.mark.parametrize("value", [0.1, 1e6, -1e-3, 0.0])
def test_constant_blocks_become_0(value: float) -> None:
    assert not unit_blocks(np.full((1_001, 2, 3), value)).any()
    assert not unit_blocks(np.full((1_001, 2, 3), value, dtype=np.float32)).any()
