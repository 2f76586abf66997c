"""How far the memory of a process grows while it does some work; the work is in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

_PROGRAM = """
from pathlib import Path

def peak_kib():  # ru_maxrss would count what the parent held when it forked
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])

{before}
start = peak_kib()
{work}
print(peak_kib() - start)
"""


def grown_mb(before: str, work: str) -> float:
    """Return by how many MB the peak is higher after some work than before it.

    Args:
        before: Code that is run first, such as the imports.
        work: Code that is measured; it prints nothing.
    """
    program = _PROGRAM.format(before=before, work=work)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MALLOC_MMAP_THRESHOLD_": "65536"}  # freed at once
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return int(done.stdout) * 1024 / 1e6
