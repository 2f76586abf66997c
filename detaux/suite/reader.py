"""Check parts of a document against types, and turn what pydantic says into faults that name place and remedy."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from detaux.suite.axes import MARK, required_keys
from detaux.suite.catalogue import registry
from detaux.suite.documents import Document
from detaux.suite.faults import Fault, guess
from detaux.suite.loading import Keys
from detaux.suite.parts import PartModel

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

    def has(self, key: str) -> bool:
        """Say whether a top-level key is written."""
        return key in self.document.data

    def fault(self, keys: Keys, text: str) -> None:
        """Note a fault of the value that keys lead to."""
        self.faults.append(Fault(place=self.document.place(keys), text=text))

    def parse(self, keys: Keys, kind: Any) -> Any:
        """Check the value that keys lead to, and note every fault in it.

        Faulty keys are then left out and the rest is read, so that one run of the checks finds all faults.

        Returns:
            The value as `kind` holds it; None if too much of it is faulty.
        """
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        value = copy.deepcopy(self.document.get(keys))
        for round_ in range(_ROUNDS):
            try:
                return adapter.validate_python(value)
            except ValidationError as found:
                errors = found.errors(include_url=False)
            if round_ == 0:
                for error in errors:
                    self._tell(keys, kind, error)
            for place in sorted(
                {self._keys_of(keys, error["loc"]) for error in errors}, key=_position, reverse=True
            ):
                _remove(value, place[len(keys) :])
        return None

    def tell_missing(self, keys: Keys, model: BaseModel) -> frozenset[str]:
        """Note every required key that a model lacks, unless it is written but was too faulty to read.

        Returns:
            All required keys that the model lacks, for either reason.
        """
        written = self.document.get(keys)
        lacking = frozenset(required_keys(type(model))) - model.model_fields_set
        for name in sorted(lacking):
            if not isinstance(written, Mapping) or name not in written:
                self.fault(keys, f"needs {name!r}, which is not written")
        return lacking

    def _tell(self, start: Keys, kind: Any, error: Mapping[str, Any]) -> None:
        keys = self._keys_of(start, error["loc"])
        model = _model_at(kind, error["loc"])
        if error["type"] == "extra_forbidden":
            known = tuple(model.model_fields) if model else ()
            text = f"unknown key {keys[-1]!r}; {guess(keys[-1], known)}"
        elif error["type"] == "missing":
            text = f"needs {error['loc'][-1]!r}, which is not written"
        elif error["type"] == "union_tag_invalid":
            keys, text = self._unknown_part(keys, error["ctx"]["tag"])
        else:
            text = f"is {error['input']!r}, but {error['msg'].replace('Input should', 'should', 1)}"
        self.fault(keys, text)

    def _unknown_part(self, keys: Keys, found: str) -> tuple[Keys, str]:
        kind, _, name = found.removeprefix(MARK).partition(":")
        names = registry(kind).names()
        value = self.document.get(keys)
        if not name:
            return keys, f"is {value!r}, but names none of the {kind}: {', '.join(names)}"
        for tag in ("name", "method"):
            if isinstance(value, Mapping) and tag in value:
                keys = (*keys, tag)
        return keys, f"unknown name {name!r} among {kind}; {guess(name, names)}"

    def _keys_of(self, start: Keys, steps: Sequence[str | int]) -> Keys:
        """Return the keys in the document that an error's location means: pydantic adds words of its own."""
        keys, value = start, self.document.get(start)
        for step in steps:
            if isinstance(value, Mapping) and isinstance(step, str) and not step.startswith(MARK):
                keys, value = (*keys, step), value.get(step)
            elif isinstance(value, list) and isinstance(step, int):
                keys, value = (*keys, step), value[step]
        return keys


def _model_at(kind: Any, steps: Sequence[str | int]) -> type[BaseModel] | None:
    """Return the model that the last step was a key of."""
    models = {f"{MARK}{model.kind}:{model.__name__.partition(':')[2]}": model for model in _part_models(kind)}
    model = _first_model(kind)
    for step in steps[:-1]:
        if step in models:
            model = models[str(step)]
        elif model is not None and step in model.model_fields:
            field = model.model_fields[str(step)].annotation
            models |= {f"{MARK}{part.__name__}": part for part in _part_models(field)}
            model = _first_model(field)
    return model


def _models(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for argument in get_args(kind) for model in _models(argument)]


def _part_models(kind: Any) -> list[type[PartModel]]:
    return [model for model in _models(kind) if issubclass(model, PartModel)]


def _first_model(kind: Any) -> type[BaseModel] | None:
    return next(iter(_models(kind)), None)


def _position(keys: Keys) -> tuple[tuple[int, int, str], ...]:
    return tuple((1, key, "") if isinstance(key, int) else (0, 0, key) for key in keys)


def _remove(value: Any, keys: Keys) -> None:
    for key in keys[:-1]:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return
    if keys and isinstance(value, dict | list):
        try:
            del value[keys[-1]]  # type: ignore[arg-type]  # a key of the kind that its container has
        except (KeyError, IndexError, TypeError):
            return
