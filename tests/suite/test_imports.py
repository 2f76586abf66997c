from __future__ import annotations

import subprocess
import sys


def test_reading_the_room_imports_neither_torch_nor_ray() -> None:
    modules = (
        "suite",
        "expand",
        "plan",
        "collect",
        "api",
        "schema",
        "progress",
        "executors.ray",
        "executors.inline",
    )
    imports = "; ".join(f"import detaux.suite.{module}" for module in modules)
    heavy = "[name for name in ('torch', 'ray', 'sklearn', 'pandas') if name in sys.modules]"
    said = subprocess.run(
        [sys.executable, "-c", f"import sys; {imports}; print({heavy})"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"
