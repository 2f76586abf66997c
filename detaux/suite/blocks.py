"""Read the blocks `data:`, `disentangle:`, `discover:` and `measure:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from detaux.suite.block_types import Measure, data_type, discover_type, disentangle_type, unknown_set_type
from detaux.suite.choices import Choice, Point, make_choice, part_points, points_of
from detaux.suite.names import check_metrics
from detaux.suite.nodes import Keys
from detaux.suite.parts import Part, build_part
from detaux.suite.reader import Reader

DISCOVER_DEFAULTS: Mapping[str, Any] = {"noise": "own_class", "min_variance_share": 0.01, "tasks": 1}
"""Plain options of stage two where a suite writes none."""


def read_data(reader: Reader) -> Iterator[Choice]:
    """Read `data:`; the split is random where none is written."""
    for keys, part, point in _block_points(reader, "data", data_type()):
        split = point.values.get("split") or build_part("splits", "random", {})
        plain = {"principal": point.values.get("principal", [])}
        yield make_choice(
            "data", {"dataset": part, "split": split}, plain, point, keys=keys, inline="dataset"
        )
    _check_unknown_sets(reader)


def read_disentangle(reader: Reader, *, is_needed: bool) -> Iterator[Choice]:
    """Read `disentangle:`, which may be left out where no arm needs it."""
    if not is_needed and not reader.has("disentangle"):
        return
    for keys, part, point in _block_points(reader, "disentangle", disentangle_type()):
        yield replace(disentangle_choice(part, point, keys=keys), seeds=point.values.get("seeds"))


def read_discover(reader: Reader) -> Iterator[Choice]:
    """Read `discover:`; the paper's criterion and clustering where none is written."""
    block = reader.parse(("discover",), discover_type()) if reader.has("discover") else discover_type()()
    for point in points_of(reader, ("discover",), block) if block is not None else ():
        parts = {
            "subspace": point.values.get("subspace") or build_part("criteria", "orthogonality", {}),
            "clustering": point.values.get("clustering") or build_part("clusterings", "hdbscan", {}),
        }
        plain = {name: point.values.get(name, default) for name, default in DISCOVER_DEFAULTS.items()}
        yield discover_choice(parts, plain, point, keys=("discover",))


def disentangle_choice(method: Part, point: Point, *, keys: Keys) -> Choice:
    """Put a setting of stage one together."""
    return make_choice("disentangle", {"method": method}, {}, point, keys=keys, inline="method")


def discover_choice(
    parts: Mapping[str, Part], plain: Mapping[str, Any], point: Point, *, keys: Keys
) -> Choice:
    """Put a setting of stage two together; of its plain options a job's config leaves out one task."""
    defaults = {"tasks": DISCOVER_DEFAULTS["tasks"]}
    return make_choice("discover", parts, plain, point, keys=keys, defaults=defaults)


def read_measure(reader: Reader) -> tuple[str, ...]:
    """Read `measure:`, the names of metrics."""
    block = reader.parse(("measure",), Measure) if reader.has("measure") else Measure()
    if block is None:
        return ()
    check_metrics(reader, block.metrics)
    return tuple(block.metrics)


def _check_unknown_sets(reader: Reader) -> None:
    """Check what stands beside the name of a data set that is unknown: its fault is not to hide theirs."""
    written = reader.document.get(("data",))
    indices = range(len(written)) if isinstance(written, list) else ()
    for keys in (("data",), *(("data", index) for index in indices)):
        if reader.is_dropped(keys) and isinstance(reader.document.get(keys), Mapping):
            anew = Reader(reader.document, reader.faults)
            block = anew.parse(keys, unknown_set_type())
            list(points_of(anew, keys, block) if block is not None else ())


def _block_points(reader: Reader, name: str, kind: Any) -> Iterator[tuple[Keys, Part, Point]]:
    """Read a block that is a part, or a list of such blocks, which is then an axis by the block's name."""
    if not reader.has(name):
        reader.fault((), f"needs {name!r}, which is not written; add it")
        return
    is_list = isinstance(reader.document.get((name,)), list)
    blocks = reader.parse((name,), kind) or []
    for index, block in enumerate(blocks):
        keys: Keys = (name, reader.index((name,), index)) if is_list else (name,)
        for part, point in part_points(reader, keys, block):
            here = {"": index} if len(blocks) > 1 else {}
            yield keys, part, Point(values=point.values, positions=here | dict(point.positions))
