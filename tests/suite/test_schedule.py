from __future__ import annotations

import random

import pytest

from detaux.pipeline.job import Job
from detaux.pipeline.store import Standing
from detaux.suite.executors.schedule import Schedule
from detaux.suite.graph import JobGraph


def diamond() -> tuple[JobGraph, dict[str, str]]:
    """data -> a, b (disentangle) -> their discoveries -> measure of each; one learn needs data alone."""
    graph = JobGraph()
    keys = {"data": graph.add(Job(stage="data", config={}))}
    for name in ("a", "b"):
        keys[name] = graph.add(Job(stage="disentangle", config={"name": name}, inputs={"data": keys["data"]}))
        inputs = {"data": keys["data"], "disentangle": keys[name]}
        keys[f"{name}2"] = graph.add(Job(stage="discover", config={}, inputs=inputs))
        keys[f"{name}3"] = graph.add(
            Job(stage="measure", config={}, inputs={**inputs, "discover": keys[f"{name}2"]})
        )
    keys["stl"] = graph.add(Job(stage="learn", config={}, inputs={"data": keys["data"]}))
    return graph, keys


def test_a_part_of_a_graph_holds_what_its_stage_needs() -> None:
    graph, keys = diamond()
    part = graph.up_to("discover")
    assert list(part.jobs) == [keys[name] for name in ("data", "a", "a2", "b", "b2")]
    assert part.children[keys["a2"]] == []


def _all_done(graph: JobGraph) -> dict[str, Standing]:
    return dict.fromkeys(graph.jobs, "done")


def _take(schedule: Schedule) -> str:
    job = schedule.next()
    assert job is not None
    return job.key


def test_inputs_come_first_and_long_chains_start_first() -> None:
    graph, keys = diamond()
    schedule = Schedule(graph, {})
    assert _take(schedule) == keys["data"]
    assert schedule.next() is None
    schedule.finish(keys["data"])
    assert [_take(schedule) for _ in range(3)] == [keys["a"], keys["b"], keys["stl"]]
    schedule.finish(keys["b"])
    assert _take(schedule) == keys["b2"]
    assert not schedule.is_finished


def test_within_a_stage_the_longer_chain_starts_first() -> None:
    graph = JobGraph()
    short, long = (graph.add(Job(stage="disentangle", config={"name": name})) for name in ("short", "long"))
    found = graph.add(Job(stage="discover", config={}, inputs={"disentangle": long}))
    assert [_take(Schedule(graph, {})), _take(Schedule(graph, {found: "done"}))] == [long, short]


def test_a_failure_drops_its_descendants_once() -> None:
    graph, keys = diamond()
    schedule = Schedule(graph, {keys["data"]: "done"})
    assert _take(schedule) == keys["a"]
    assert set(schedule.fail(keys["a"])) == {keys["a2"], keys["a3"]}
    assert set(schedule.dropped) == {keys["a2"], keys["a3"]}
    assert keys["a"][:8] in schedule.dropped[keys["a2"]]


def test_what_is_done_is_not_run_again() -> None:
    graph, keys = diamond()
    schedule = Schedule(graph, _all_done(graph) | {keys["a3"]: "missing", keys["b2"]: "damaged"})
    assert {_take(schedule), _take(schedule)} == {keys["a3"], keys["b2"]}


@pytest.mark.parametrize("standing", ["error", "no_auxiliary_task"])
def test_earlier_failures_stand_unless_errors_are_retried(standing: Standing) -> None:
    graph, keys = diamond()
    standings: dict[str, Standing] = _all_done(graph) | {keys["a2"]: standing, keys["a3"]: "missing"}
    schedule = Schedule(graph, standings)
    assert schedule.is_finished
    assert set(schedule.dropped) == {keys["a3"]}
    again = Schedule(graph, standings, retry_failed=True)
    assert again.is_finished == (standing == "no_auxiliary_task")


def test_waiting_for_ever_is_an_error() -> None:
    graph, keys = diamond()
    schedule = Schedule(graph, _all_done(graph) | {keys["a3"]: "missing"})
    schedule.done.discard(keys["a2"])
    assert _take(schedule) == keys["a3"]
    graph, keys = diamond()
    stuck = Schedule(graph, {})
    stuck._ready.clear()
    with pytest.raises(RuntimeError, match="wait for inputs"):
        stuck.next()


@pytest.mark.parametrize("seed", range(20))
def test_any_order_of_events_ends_with_every_job_accounted_for(seed: int) -> None:
    graph, _ = diamond()
    draw = random.Random(seed)  # noqa: S311 - a test's dice
    schedule = Schedule(graph, {})
    ended: set[str] = set()
    while not schedule.is_finished:
        while job := schedule.next():
            assert schedule.done.issuperset(job.inputs.values())
        key = draw.choice(sorted(schedule.running))
        ended.add(key)
        if draw.random() < 0.3:
            ended.update(schedule.fail(key))
        else:
            schedule.finish(key)
    assert ended == set(graph.jobs)
