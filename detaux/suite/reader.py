"""Check parts of a document against types, and turn what pydantic says into faults that name place and remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from detaux.suite.axes import MARK, required_keys
from detaux.suite.catalogue import registry
from detaux.suite.documents import Document
from detaux.suite.faults import Fault, guess, shown
from detaux.suite.nodes import UNREAD, Keys
from detaux.suite.reasons import reason
from detaux.suite.unions import one_per_value

_ROUNDS = 4


class Reader:
    """Reads one document and gathers its faults.

    Args:
        document: What to read.
        faults: Where faults are added.
    """

    def __init__(self, document: Document, faults: list[Fault]) -> None:
        self.document = document
        self.faults = faults
        self._dropped: set[Keys] = set()

    def has(self, key: str) -> bool:
        """Say whether a top-level key is written."""
        return key in self.document.data

    def fault(self, keys: Keys, text: str) -> None:
        """Note a fault of the value that keys lead to, unless that could not even be read."""
        if self.document.get(keys) is not UNREAD:
            self.faults.append(Fault(place=self.document.place(keys), text=text))

    def is_faulty(self, keys: Keys) -> bool:
        """Say whether a fault of a written value, or of one inside it, has been noted."""
        if self.document.get(keys) is None:
            return False
        place = self.document.place(keys)
        return any(
            fault.place.file == place.file and fault.place.path.startswith(place.path)
            for fault in self.faults
        )

    def parse(self, keys: Keys, kind: Any) -> Any:
        """Check the value that keys lead to, and note every fault in it.

        Faulty keys are then left out and the rest is read, so that one run of the checks finds all faults.

        Returns:
            The value as `kind` holds it; None if too much of it is faulty.
        """
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        for round_ in range(_ROUNDS):
            try:
                return adapter.validate_python(self._kept(keys))
            except ValidationError as found:
                errors = one_per_value(self._kept(keys), found.errors(include_url=False))
            for error in errors if round_ == 0 else ():
                self._tell(keys, kind, error)
            self._dropped |= {self._keys_of(keys, error["loc"]) for error in errors}
            if keys in self._dropped:
                break
        return None

    def is_dropped(self, keys: Keys) -> bool:
        """Say whether a value was left out as faulty."""
        return keys in self._dropped

    def index(self, keys: Keys, place: int) -> int:
        """Return where an item stands in a list as written, of which faulty items may have been left out."""
        return self._kept_indices(keys)[place]

    def tell_missing(self, keys: Keys, model: BaseModel) -> frozenset[str]:
        """Note every required key that a model lacks, unless it is written there or beside it, which was told as faulty.

        Returns:
            All required keys that the model lacks, for either reason.
        """
        written = self.document.get(keys)
        lacking = frozenset(required_keys(type(model))) - model.model_fields_set
        for name in sorted(lacking):
            is_inside = isinstance(written, Mapping) and name in written
            if not is_inside and not self.is_dropped((*keys[:-1], name)):
                self.fault(keys, f"needs {name!r}, which is not written; add it")
        return lacking

    def _tell(self, start: Keys, kind: Any, error: Mapping[str, Any]) -> None:
        keys = self._keys_of(start, error["loc"])
        if error["type"] == "union_tag_invalid":
            keys, text = self._unknown_part(keys, error["ctx"]["tag"])
        else:
            text = reason(kind, error, keys, self.document.get(keys))
        self.fault(keys, text)

    def _unknown_part(self, keys: Keys, found: str) -> tuple[Keys, str]:
        kind, _, name = found.removeprefix(MARK).partition(":")
        names = registry(kind).names()
        value = self.document.get(keys)
        if not name:
            return keys, f"is {shown(value)}, but names none of the {kind}: {', '.join(names)}"
        for tag in ("name", "method"):
            if isinstance(value, Mapping) and tag in value:
                keys = (*keys, tag)
        return keys, f"unknown name {name!r} among {kind}; {guess(name, names)}"

    def _keys_of(self, start: Keys, steps: Sequence[str | int]) -> Keys:
        """Return the keys in the document that an error's location means: pydantic adds words of its own."""
        keys, value = start, self.document.get(start)
        for step in steps:
            if isinstance(value, Mapping) and isinstance(step, str) and not step.startswith(MARK):
                keys = (*keys, step)
            elif isinstance(value, list) and isinstance(step, int):
                keys = (*keys, self.index(keys, step))
            value = self.document.get(keys)
        return keys

    def _kept(self, keys: Keys) -> Any:
        """Return a value without what was left out of it as faulty."""
        value = self.document.get(keys)
        if isinstance(value, Mapping):
            return {key: self._kept((*keys, key)) for key in value if (*keys, key) not in self._dropped}
        if isinstance(value, list):
            return [self._kept((*keys, index)) for index in self._kept_indices(keys)]
        return value

    def _kept_indices(self, keys: Keys) -> list[int]:
        return [index for index in range(len(self.document.get(keys))) if (*keys, index) not in self._dropped]
