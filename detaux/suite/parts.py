"""Registered parts as a suite writes them: a name, or a name with options."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Union, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Tag, create_model

from detaux.suite.axes import MARK, axis, plain_type, required
from detaux.suite.catalogue import registry

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
"""Unknown keys are faults, no value is bent into another type, and every number is one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A registered part with the options that a suite gave it."""

    name: str
    """Name in its registry."""
    options: Mapping[str, Any]
    """Options that differ from their defaults, as plain JSON values."""
    built: Any
    """The options object of the part itself."""

    def config(self, tag: str = "name") -> dict[str, Any]:
        """Return the part as a job's config holds it."""
        return {tag: self.name, **self.options}


def build_part(kind: str, name: str, written: Mapping[str, Any]) -> Part:
    """Build a part from checked options.

    Raises:
        ValueError: If the part refuses a value.
    """
    made = registry(kind).get(name)
    fields = {field.name: field for field in dataclasses.fields(made)}
    built = made(**{option: _frozen(value) for option, value in written.items()})
    options = {
        option: value for option, value in written.items() if _frozen(value) != default_of(fields[option])
    }
    return Part(name=name, options=options, built=built)


def all_options(part: Part) -> dict[str, Any]:
    """Return every option of a part as plain values, defaults included."""
    names = (field.name for field in dataclasses.fields(part.built) if field.init)
    return {name: _thawed(getattr(part.built, name)) for name in names}


def has_default(kind: str, name: str, option: str) -> bool:
    """Say whether an option of a part may be left out."""
    fields = {field.name: field for field in dataclasses.fields(registry(kind).get(name))}
    return default_of(fields[option]) is not dataclasses.MISSING


def default_of(field: dataclasses.Field[Any]) -> Any:
    """Return the default of a field; `dataclasses.MISSING` if it has none."""
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def option_fields(made: type, *, skip: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return pydantic's definitions of the fields of an options class: each may be an axis."""
    hints = get_type_hints(made)
    fields = {}
    for field in dataclasses.fields(made):
        if field.init and field.name not in skip:
            kind = axis(plain_type(hints[field.name]))
            may_be_left_out = default_of(field) is not dataclasses.MISSING
            fields[field.name] = (kind, None) if may_be_left_out else required(kind)
    return fields


class PartModel(BaseModel):
    """A part as written, each option a list of values; made from the part's own options class."""

    model_config = STRICT
    kind: ClassVar[str]
    """Kind of part, as in `catalogue.REGISTRIES`."""
    tag: ClassVar[str]
    """The key that holds the part's name."""

    @classmethod
    def own_options(cls) -> frozenset[str]:
        """Return the keys that are options of the part, without those that its block adds."""
        made = registry(cls.kind).get(cls.__name__.partition(":")[2])
        return frozenset(field.name for field in dataclasses.fields(made))


def choice_of(kind: str, *, tag: str = "name", extra: Mapping[str, Any] | None = None) -> Any:
    """Return the type of a registered part: its name, or a mapping of `tag` to its name, and its options.

    Args:
        kind: Kind of part, as in `catalogue.REGISTRIES`.
        tag: The key that holds the name.
        extra: More keys, as pydantic's field definitions, for blocks that hold more than a part.
    """
    names = registry(kind).names()
    models = [
        Annotated[_model_of(kind, name, tag, extra or {}), Tag(f"{MARK}{kind}:{name}")] for name in names
    ]

    def named(value: Any) -> str:
        name = value.get(tag, "") if isinstance(value, dict) else getattr(value, tag, "")
        return f"{MARK}{kind}:{name}"

    return Annotated[
        Union[tuple(models)],  # noqa: UP007 - the operands are made at run time
        Discriminator(named),
        BeforeValidator(lambda value: _spelled_out(value, kind, tag)),
        _OrName(kind),
    ]


class _OrName:
    """Tells the JSON Schema that a bare name, and `factor:WORD` of parts that need one word, are also parts."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        names = registry(self._kind).names()
        words: list[dict[str, Any]] = [{"enum": list(names)}]
        words += [
            {"type": "string", "pattern": f"^{name}:."} for name in names if _word_option(self._kind, name)
        ]
        return {"anyOf": [*words, handler(core)]}


def _model_of(kind: str, name: str, tag: str, extra: Mapping[str, Any]) -> type[PartModel]:
    entry = registry(kind).entry(name)
    model = create_model(
        f"{kind}:{name}",
        __base__=PartModel,
        __doc__=f"{entry.summary} ({entry.source})",
        **{tag: (Literal[name], ...), **option_fields(entry.part), **extra},
    )
    model.kind, model.tag = kind, tag
    return model


def _spelled_out(value: Any, kind: str, tag: str) -> Any:
    """Write a bare name out; `factor:object_hue` is the part `factor` with its option `factor`."""
    if not isinstance(value, str):
        return value
    name, colon, argument = value.partition(":")
    return {tag: name, _word_option(kind, name) or name: argument} if colon else {tag: name}


def _word_option(kind: str, name: str) -> str | None:
    """Return the one option that must be written of a part, where it is a word; else None."""
    if name not in registry(kind) or not dataclasses.is_dataclass(made := registry(kind).get(name)):
        return None
    fields = [field for field in dataclasses.fields(made) if default_of(field) is dataclasses.MISSING]
    is_word = len(fields) == 1 and get_type_hints(made)[fields[0].name] is str
    return fields[0].name if is_word else None


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _thawed(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_thawed(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value
