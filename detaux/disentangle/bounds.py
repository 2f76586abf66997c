"""Most subspaces and dimensions of stage one."""

from __future__ import annotations

MOST_SUBSPACES = 1_024
MOST_DIMENSIONS = 65_536
