"""Seeds derived from names, never typed: two things share a draw if and only if they share its name."""

from __future__ import annotations

import hashlib


def derive_seed(*names: str | int) -> int:
    """Return a seed in [0, 2**63) that depends on every name and on their order.

    Draws that must be equal across arms (initial weights, data order) are named without the arm;
    draws that must differ are named with it. Adding a new draw leaves the others alone.
    """
    text = "\x1f".join(f"{type(name).__name__}:{name}" for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
