"""As many threads for a job as it has cores, so that jobs beside each other do not crowd the machine."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def torch_threads(cpus: float) -> Iterator[None]:
    """Let torch use that many threads for a while: at least one, and no more than this machine has cores.

    Args:
        cpus: Cores that the job is given; a fraction is rounded down.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(max(1, min(math.floor(cpus), os.cpu_count() or 1)))
    try:
        yield
    finally:
        torch.set_num_threads(before)
