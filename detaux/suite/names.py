"""Names that a suite may write in lists, and the faults of those lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detaux.metrics.registry import metrics_of_codes
from detaux.suite.catalogue import registry
from detaux.suite.faults import guess
from detaux.suite.nodes import Keys
from detaux.suite.reader import Reader


def check_metrics(reader: Reader, names: Sequence[str]) -> None:
    """Note every metric that is unknown, judges no codes, or is named before, as a fault."""
    known, of_codes = registry("metrics").names(), metrics_of_codes()
    check_names(reader, ("measure", "metrics"), names, known)
    for keys, name in _placed(reader, ("measure", "metrics"), names):
        if name in known and name not in of_codes:
            reader.fault(keys, f"{name!r} does not judge codes; choose among {', '.join(of_codes)}")


def check_names(reader: Reader, keys: Keys, names: Sequence[str], known: tuple[str, ...]) -> None:
    """Note every name in a list that is unknown, or stands there before, as a fault."""
    for place, (here, name) in enumerate(_placed(reader, keys, names)):
        if name not in known:
            reader.fault(here, f"unknown name {name!r} among {keys[-1]}; {guess(name, known)}")
        elif name in names[:place]:
            reader.fault(here, f"names {name!r} once more; remove one")


def _placed(reader: Reader, keys: Keys, names: Sequence[str]) -> Iterator[tuple[Keys, str]]:
    """Yield names with their keys; none where the list is not written, or was too faulty to read."""
    if isinstance(reader.document.get(keys), list):
        for place, name in enumerate(names):
            yield (*keys, reader.index(keys, place)), name
