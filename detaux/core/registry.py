"""Named parts that a suite can ask for: one registry a kind, open to other packages by entry points."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from detaux.core.errors import UnknownNameError

PartT = TypeVar("PartT")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(Generic[PartT]):
    """A registered part with what `detaux list` says of it."""

    name: str
    """What a suite writes."""
    part: PartT
    """The class or function itself."""
    summary: str
    """One line: what it is."""
    source: str
    """Paper and section, or the library it wraps."""


class Registry(Generic[PartT]):
    """Parts of one kind by name.

    The modules of `package` register themselves when first asked for, and so do those that other
    packages name under the entry point group `detaux.<kind>`: a new part is a new file, and no list
    of parts is kept anywhere else.

    Args:
        kind: Plural noun, as in `detaux list <kind>`.
        package: Dotted name of the package whose modules hold the built-in parts.
    """

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self._package = package
        self._entries: dict[str, Entry[PartT]] = {}
        self._loaded = False
        self._loading = threading.RLock()

    def register(self, name: str, *, summary: str, source: str) -> Callable[[PartT], PartT]:
        """Return a decorator that files a part under `name`.

        Raises:
            ValueError: If another part has that name; the same one of the same module, loaded again, takes its place.
        """

        def file_part(part: PartT) -> PartT:
            known = self._entries.get(name)
            if known is not None and _origin(known.part) != _origin(part):
                raise ValueError(
                    f"{self.kind}: the name {name!r} is taken by {'.'.join(_origin(known.part))}; "
                    f"register {'.'.join(_origin(part))} by another name"
                )
            self._entries[name] = Entry(name=name, part=part, summary=summary, source=source)
            return part

        return file_part

    def get(self, name: str) -> PartT:
        """Return the part called `name`.

        Raises:
            UnknownNameError: If there is none; near misses are named.
        """
        return self.entry(name).part

    def entry(self, name: str) -> Entry[PartT]:
        """Return the entry called `name`, with its summary and source.

        Raises:
            UnknownNameError: If there is none; near misses are named.
        """
        self._load()
        if name not in self._entries:
            raise UnknownNameError(unknown_name(name, self.names(), kind=self.kind))
        return self._entries[name]

    def names(self) -> tuple[str, ...]:
        """Return all names, sorted."""
        self._load()
        return tuple(sorted(self._entries))

    def __iter__(self) -> Iterator[Entry[PartT]]:
        return (self._entries[name] for name in self.names())

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._entries

    def _load(self) -> None:
        """Import every built-in and plugged-in part, once; a part that asks while it loads sees those before it."""
        with self._loading:
            if self._loaded:
                return
            self._loaded = True
            package = importlib.import_module(self._package)
            for module in pkgutil.iter_modules(package.__path__, f"{self._package}."):
                importlib.import_module(module.name)
            for point in entry_points(group=f"detaux.{self.kind}"):
                point.load()


def _origin(part: object) -> tuple[str, str]:
    """Return the module and the name that a class or function was defined by."""
    kind = type(part)
    return getattr(part, "__module__", kind.__module__), getattr(part, "__qualname__", kind.__qualname__)


def unknown_name(name: str, known: tuple[str, ...], *, kind: str) -> str:
    """Say that `name` is not among `known`, with the nearest of them first."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    guess = f"; did you mean {' or '.join(map(repr, near))}?" if near else "."
    return f"unknown name {name!r} among {kind}{guess} Known: {', '.join(known) or 'none'}"
