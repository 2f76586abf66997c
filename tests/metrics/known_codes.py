"""Codes of which it is known what a metric must say: 2,000 samples of four factors, in coordinates and in subspaces.

Coordinates have shape (N, F), subspaces (N, F, D); all are float64 and drawn anew from fixed seeds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIZES = (10, 8, 4, 3)
N, F, D = 2_000, 4, 5
NEW_ORDER = [2, 0, 3, 1]


def factors() -> Ints:
    """Return independent factors, each value equally likely, shape (N, F)."""
    generator = np.random.default_rng(0)
    return np.stack([generator.integers(0, size, N) for size in SIZES], axis=1)


def identity(noise: float = 0.05) -> Floats:
    """Return each factor on a coordinate of its own, with a little noise."""
    return factors() + noise * np.random.default_rng(1).normal(size=(N, F))


def permuted() -> Floats:
    """Return `identity` with its coordinates in another order."""
    return identity()[:, NEW_ORDER]


def rescaled() -> Floats:
    """Return `identity` with each coordinate times another scale, one of them negative, far from 0."""
    return np.asarray(identity() * np.array([1e3, -2.0, 1e-3, 5.0]) + 1e6)


def rotated(angle: float = np.pi / 4) -> Floats:
    """Return `identity` at unit variance, coordinates 0 and 1, 2 and 3, then 0 and 2, 1 and 3 turned by an angle."""
    codes = identity()
    codes = (codes - codes.mean(axis=0)) / codes.std(axis=0)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(codes @ np.kron(np.eye(2), turn) @ np.kron(turn, np.eye(2)))


def duplicated() -> Floats:
    """Return `identity` twice, side by side, shape (N, 2 * F)."""
    return np.concatenate([identity(), identity()], axis=1)


def constant() -> Floats:
    """Return coordinates that never change."""
    return np.ones((N, F))


def noise() -> Floats:
    """Return coordinates that have nothing to do with the factors."""
    return np.random.default_rng(5).normal(size=(N, F))


def merged() -> Floats:
    """Return two coordinates that each hold two factors whole, shape (N, 2)."""
    values = factors()
    return np.stack([values[:, 0] + 20.0 * values[:, 2], values[:, 1] + 20.0 * values[:, 3]], axis=1)


def blocks() -> Floats:
    """Return subspaces of one factor each: on a first coordinate, with noise on the others."""
    codes = 0.3 * np.random.default_rng(1).normal(size=(N, F, D))
    codes[:, :, 0] = 3 * (factors() / np.array(SIZES) - 0.5) + 0.02 * codes[:, :, 0]
    return codes


def turned_blocks() -> Floats:
    """Return `blocks`, each subspace turned in itself by another rotation."""
    turns = [_rotation(D, seed) for seed in range(F)]
    return np.stack([blocks()[:, k] @ turn for k, turn in enumerate(turns)], axis=1)


def rescaled_blocks() -> Floats:
    """Return `blocks`, each subspace times another scale."""
    return np.asarray(blocks() * np.array([1e3, 1.0, 1e-3, 5.0])[:, None])


def permuted_blocks() -> Floats:
    """Return `blocks`, subspaces in another order."""
    return blocks()[:, NEW_ORDER]


def mixed_blocks() -> Floats:
    """Return `blocks`, turned as a whole, so that every coordinate of every subspace holds some of all."""
    return np.asarray((blocks().reshape(N, -1) @ _rotation(F * D, 8)).reshape(N, F, D))


def noise_blocks() -> Floats:
    """Return subspaces that have nothing to do with the factors."""
    return np.random.default_rng(5).normal(size=(N, F, D))


def constant_blocks() -> Floats:
    """Return subspaces that never change."""
    return np.ones((N, F, D))


def circles() -> Floats:
    """Return subspaces that each hold one factor's values around a circle of their first two coordinates."""
    angles = 2 * np.pi * factors() / np.array(SIZES)
    codes = 0.3 * np.random.default_rng(9).normal(size=(N, F, D))
    codes[:, :, 0], codes[:, :, 1] = np.cos(angles), np.sin(angles)
    return codes


def _rotation(size: int, seed: int) -> Floats:
    return np.asarray(np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))[0])
