from concurrent.futures import ThreadPoolExecutor

import pytest

from detaux.core.errors import UnknownNameError
from detaux.core.paths import safe_name
from detaux.core.registry import Registry
from detaux.core.seeding import derive_seed


@pytest.fixture
def tools() -> Registry[object]:
    tools: Registry[object] = Registry("tools", "detaux.core")
    tools.register("hammer", summary="drives nails", source="here")(str)
    return tools


def test_a_part_is_found_with_its_summary(tools: Registry[object]) -> None:
    assert tools.get("hammer") is str
    assert tools.entry("hammer").summary == "drives nails"
    assert "hammer" in tools
    assert [entry.name for entry in tools] == ["hammer"]


def test_a_wrong_name_is_answered_with_near_misses(tools: Registry[object]) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'hammer'"):
        tools.get("hamer")


def test_a_name_is_given_once(tools: Registry[object]) -> None:
    with pytest.raises(ValueError, match="'hammer' is taken"):
        tools.register("hammer", summary="", source="")(int)


def test_a_part_of_another_module_is_another_part_whatever_it_is_called(tools: Registry[object]) -> None:
    class Saw:
        pass

    foreign = type("Saw", (), {"__module__": "plugin.saws", "__qualname__": Saw.__qualname__})
    tools.register("saw", summary="ours", source="here")(Saw)
    with pytest.raises(ValueError, match=r"'saw' is taken by .*test_names\..*Saw; register plugin\.saws\."):
        tools.register("saw", summary="theirs", source="there")(foreign)
    assert tools.get("saw") is Saw


def test_a_module_that_is_loaded_again_may_register_its_part_again(tools: Registry[object]) -> None:
    for _ in range(2):
        saw = type("Saw", (), {"__module__": "saws", "__qualname__": "Saw"})
        tools.register("saw", summary="cuts", source="here")(saw)
    assert tools.get("saw") is saw


def test_seeds_depend_on_every_name_and_their_order() -> None:
    seeds = {
        derive_seed("order", 1),
        derive_seed("order", 2),
        derive_seed(1, "order"),
        derive_seed("order", "1"),
    }
    assert len(seeds) == 4
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_a_seed_never_changes() -> None:
    assert derive_seed("order", 1) == 4870246399304513923


def test_a_registry_can_be_asked_by_many_threads_at_once() -> None:
    shelves: Registry[object] = Registry("shelves", "detaux.discover.clusterings")
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: shelves.names(), range(64)))
    assert len(answers) == 1


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a\\b", "a b", "ä", "a\n"])
def test_a_name_cannot_escape_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a file"):
        safe_name(name)


def test_ordinary_names_pass() -> None:
    assert safe_name("paper-shapes3d_v1.2") == "paper-shapes3d_v1.2"
