from collections.abc import Mapping
from typing import Any

import pytest

from detaux.core.errors import SuiteError, UnknownNameError
from detaux.learn.auxiliary.discovered import Discovered
from detaux.learn.auxiliary.factor import Factor
from detaux.learn.auxiliary.none import NoAuxiliary
from detaux.learn.auxiliary.random import Random
from detaux.learn.auxiliary.shuffled import Shuffled
from detaux.learn.parse import parse_auxiliary


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        ("none", NoAuxiliary()),
        ("discovered", Discovered()),
        ("shuffled", Shuffled()),
        ("random", Random()),
        ({"name": "random", "num_classes": 7}, Random(num_classes=7)),
        ("factor:object_hue", Factor(factor="object_hue")),
        ({"name": "factor", "factor": "object_hue"}, Factor(factor="object_hue")),
    ],
)
def test_spelling_means_its_part(spec: str | Mapping[str, Any], part: object) -> None:
    assert parse_auxiliary(spec) == part


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("factor", "needs factor, as in factor:VALUE"),
        ("random:10", "unknown name 'random' among options"),
        ({"name": "random", "num_clases": 7}, "did you mean 'num_classes'"),
        ({"name": "random", "num_classes": 1}, "at least 2, but is 1"),
        ({"num_classes": 7}, "needs a name"),
        ({"name": 7}, "needs a name"),
    ],
)
def test_faulty_spelling_says_what_is_wrong(spec: str | Mapping[str, Any], text: str) -> None:
    with pytest.raises(SuiteError, match=text):
        parse_auxiliary(spec)


def test_unknown_source_is_named_with_near_misses() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'discovered'"):
        parse_auxiliary("discoverd")
