"""`plan` tells of blocks that nothing is made of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from detaux.cli.app import app


def detaux(*words: str) -> Result:
    return CliRunner().invoke(app, words)


_FOUND = (
    "{name: detaux, auxiliary: discovered}, {name: random, auxiliary: random}, "
    "{name: shuffled, auxiliary: shuffled}"
)
_MEASURE, _STAGE_ONE = "measure: {metrics: [mig]}", "disentangle: {method: detaux, subspaces: 4}"


@pytest.mark.parametrize(
    ("blocks", "unused"),
    [
        ("", []),
        (_MEASURE, ["measure"]),
        (f"{_MEASURE}\n{_STAGE_ONE}", ["disentangle", "measure"]),
        ("include: [{measure.metrics: [mig]}]", ["measure"]),
        (f"variants: {{a: {{{_MEASURE}}}}}", ["measure"]),
        (
            (
                f"variants: {{a: {{{_MEASURE}}}, b: {{{_STAGE_ONE}, learn: {{steps: 3, batch_size: 8, "
                f"arms: [{{name: stl, auxiliary: none}}, {_FOUND}]}}}}}}"
            ),
            ["measure"],
        ),
        (
            (
                f"{_MEASURE}\nvariants: {{a: {{}}, b: {{{_STAGE_ONE}, learn: {{steps: 3, batch_size: 8, "
                f"arms: [{{name: stl, auxiliary: none}}, {_FOUND}]}}}}}}"
            ),
            [],
        ),
    ],
)
def test_plan_says_which_blocks_no_arm_uses(tmp_path: Path, blocks: str, unused: list[str]) -> None:
    suite, store = tmp_path / "x.yaml", ("--store", str(tmp_path / "store"))
    arms = "[{name: stl, auxiliary: none}, {name: rotation, auxiliary: rotation}]"
    suite.write_text(
        "suite: x\nquestion: q?\nseeds: 1\ndata: {name: digits, principal: [class]}\n"
        f"learn: {{steps: 3, batch_size: 8, arms: {arms}}}\n{blocks}\n"
    )
    planned = json.loads(detaux("plan", str(suite), *store, "--format", "json").stdout)
    assert planned["unused_blocks"] == unused
    told = " ".join(detaux("plan", str(suite), *store).stdout.split())
    said = f"so nothing is made of: {', '.join(unused)}; an arm"
    assert (said in told) == bool(unused)
