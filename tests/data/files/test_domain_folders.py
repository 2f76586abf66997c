from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detaux.core.errors import DataError
from detaux.data.files.domain_folders import DomainFacts, find_domains

FACTS = DomainFacts(
    name="zoo",
    num_images={"Real World": 3, "Art": 2},
    classes=("dog", "Alarm_Clock"),
    licence="",
    source="",
)
NAMES = [
    "Art/Alarm_Clock/1.jpg",
    "Art/dog/1.png",
    "Real World/Alarm_Clock/1.JPG",
    "Real World/dog/1.jpg",
    "Real World/dog/2.jpg",
]
PLACES = [(0, 0, NAMES[3]), (0, 0, NAMES[4]), (0, 1, NAMES[2]), (1, 0, NAMES[1]), (1, 1, NAMES[0])]


def places(names: list[str]) -> list[tuple[int, int]]:
    return [(image.domain, image.label) for image in find_domains(names, FACTS, place="here")]


def refusal(names: list[str]) -> str:
    with pytest.raises(DataError) as refused:
        find_domains(names, FACTS, place="here")
    return str(refused.value)


@given(st.permutations(NAMES), st.sampled_from(["", "set/", "OfficeHome_2016/Art/copy/"]))
def test_two_folders_tell_domain_and_class_in_any_order_and_wrapping(names: list[str], wrapping: str) -> None:
    found = find_domains([wrapping, *(wrapping + name for name in names)], FACTS, place="here")
    assert [tuple(image) for image in found] == [
        (domain, label, wrapping + name) for domain, label, name in PLACES
    ]


@pytest.mark.parametrize("folder", ["Real_World", "RealWorld", "real-world", "REAL WORLD"])
def test_spelling_of_a_domain_does_not_matter(folder: str) -> None:
    names = [name.replace("Real World", folder) for name in NAMES]
    assert places(names) == [(domain, label) for domain, label, _ in PLACES]


@pytest.mark.parametrize("folder", ["alarm_clock", "Alarm Clock", "alarmclock"])
def test_spelling_of_a_class_does_not_matter(folder: str) -> None:
    assert places([name.replace("Alarm_Clock", folder) for name in NAMES]) == places(NAMES)


def test_domains_may_lie_in_several_folders() -> None:
    assert places(["a/" + name for name in NAMES[:2]] + ["b/" + name for name in NAMES[2:]]) == places(NAMES)


def test_other_and_hidden_files_do_not_matter() -> None:
    noise = ["list.txt", "Art/", "Art/dog/", "Art/dog/._1.png", "__MACOSX/Art/dog/1.png", "Art/cat/notes.csv"]
    assert places(NAMES + noise) == places(NAMES)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "here holds no image; it should hold <domain>/<class>/<image> of the domains Real World, Art"),
        (["a.txt", "Art/dog/"], "here holds no image"),
        ([*NAMES, "1.png"], "not in <domain>/<class>/<image>: '1.png'; move"),
        ([*NAMES, "dog/1.png"], "not in <domain>/<class>/<image>: 'dog/1.png'; move"),
        ([*NAMES, "Sketch/dog/1.png"], "no domain is called 'Sketch' as in Sketch/dog/1.png; "),
        ([*NAMES, "Art/dog/far/1.png"], "no domain is called 'dog' as in Art/dog/far/1.png; "),
        ([*NAMES, "Art/cat/1.png"], "no class is called 'cat' as in Art/cat/1.png; "),
        ([*NAMES, "Art/cat/1.png"], "known are dog, Alarm_Clock"),
        (
            [*NAMES, "Art/train/1.png", "Art/train/2.png"],
            "no class is called 'train' as in Art/train/1.png; ",
        ),
        ([*NAMES, NAMES[0]], "held more than once: 'Art/Alarm_Clock/1.jpg'; keep"),
        ([*NAMES, "Art/DOG/2.png"], "the folders 'Art/DOG', 'Art/dog'; keep one"),
        ([*NAMES, "x/Art/dog/2.png"], "the folders 'Art/dog', 'x/Art/dog'; keep one"),
        ([*NAMES, "Real World/dog/3.jpg"], "Real World has 4 images where 3 are expected; get it anew"),
        (NAMES[:-1], "Real World has 2 images where 3 are expected; get it anew"),
        (NAMES[1:], "Art has 1 images where 2 are expected, and none of 'Alarm_Clock'; get it anew"),
        ([*NAMES[1:], "Art/dog/2.jpg"], "Art has 2 images where 2 are expected, and none of 'Alarm_Clock'"),
        (NAMES[:2], "Real World has 0 images where 3 are expected, and none of 'dog', 'Alarm_Clock'"),
    ],
)
def test_what_is_unlike_the_published_set_is_told(names: list[str], message: str) -> None:
    assert message in refusal(names)


def test_all_faults_are_told_at_once() -> None:
    told = refusal([*NAMES[1:], NAMES[1], "1.png", "Sketch/dog/1.png", "Art/cat/1.png", "x/Art/dog/1.png"])
    headline = "here cannot be used, it is not zoo as published: "
    assert told.startswith(headline)
    faults = told.removeprefix(headline).split("\n  ")
    assert [re.split(r"[:']", fault)[0] for fault in faults] == [
        "not in <domain>/<class>/<image>",
        "no domain is called ",
        "no class is called ",
        "held more than once",
        "of one domain and class",
        "Art has 3 images where 2 are expected, and none of ",
    ]


def test_of_many_alike_five_are_named() -> None:
    told = refusal([*NAMES, *(f"{number}.png" for number in range(8))])
    assert "'0.png', '1.png', '2.png', '3.png', '4.png' and 3 more; move" in told


def test_a_class_that_a_domain_never_had_is_missed_by_name() -> None:
    facts = dataclasses.replace(FACTS, classes=(*FACTS.classes, "Bed"))
    with pytest.raises(DataError, match=r"(?s)Real World has 3 .* none of 'Bed'.*Art has 2 .* none of 'Bed'"):
        find_domains(NAMES, facts, place="here")
