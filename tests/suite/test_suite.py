"""Faults: all at once, each with its place, its value and a remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from detaux.core.errors import SuiteError
from detaux.suite.suite import Suite, read_suite

Write = Callable[..., Path]
Read = Callable[..., Suite]

FAULTY = """\
suite: bad
question: q
version: 1
seeds: 0
sed: 3
data: {name: shapes3d, levels: {shap: 2}, principal: [shpe, floor_hue], split: compositional}
disentangle: {method: detaux, strength: [0, one], subspaces: [3, 10], latnt_dim: 3}
discover: {subspace: {name: fixed, index: 5}, clustering: {name: hdbscna}, noise: own_clas}
learn:
  steps: 0
  batch_size: 1
  arms:
    - {name: stl, auxiliary: discovered, weighting: eqal}
    - {name: stl, auxiliary: "factor:object_hu"}
measure: {metrics: [dci_extra_tres]}
variants:
  a: {}
  b: {data: {name: shapes3dd}, dat: 3}
"""
EXPECTED = (
    ":4: seeds: is 0",
    ":5: sed: unknown key 'sed'; did you mean 'seeds'",
    ":6: data.levels: unknown name 'shap' among factors of shapes3d; did you mean 'shape'?",
    ":6: data.principal: 'floor_hue' is held out by the split",
    ":6: data.principal: unknown factor 'shpe'; did you mean 'shape'?",
    ":7: disentangle.latnt_dim: unknown key 'latnt_dim'; did you mean 'latent_dim'?",
    ":7: disentangle.strength[1]: is 'one', but should be a valid number",
    ":8: discover.clustering.name: unknown name 'hdbscna' among clusterings; did you mean 'hdbscan'?",
    ":8: discover.noise: is 'own_clas', but should be 'own_class', 'nearest' or 'ignore'",
    ":8: discover.subspace: index must be below the 3 subspaces",
    ":10: learn.steps: steps must be at least 1, but is 0",
    ":11: learn.batch_size: batch_size must be at least 2 and at most 65536, but is 1",
    ":12: learn.arms: lacks an arm with auxiliary 'none'",
    ":12: learn.arms: lacks an arm with auxiliary 'random'",
    ":12: learn.arms: lacks an arm with auxiliary 'shuffled'",
    ":13: learn.arms[0].weighting: unknown name 'eqal' among weightings; did you mean 'equal'?",
    ":14: learn.arms[1].auxiliary: unknown factor 'object_hu'; did you mean 'object_hue'?",
    ":14: learn.arms[1].name: a second arm is called 'stl'",
    ":15: measure.metrics[0]: unknown name 'dci_extra_tres' among metrics; did you mean 'dci_extra_trees'",
    ":18: variants.b.dat: unknown key 'dat'; did you mean 'data'?",
    ":18: variants.b.data.name: unknown name 'shapes3dd' among datasets; did you mean 'shapes3d' or 'cars3d'?",
)


def test_all_faults_are_told_at_once_by_line(write: Write) -> None:
    file = write(FAULTY)
    with pytest.raises(SuiteError) as refusal:
        read_suite(file)
    first, *lines = str(refusal.value).splitlines()
    assert first == f"{len(EXPECTED)} faults, nothing was started:"
    for line, expected in zip(lines, EXPECTED, strict=True):
        assert line.strip().startswith(f"{file}{expected}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seeds: [1, 2]", "seeds: is [1, 2]"),
        ("seeds: true", "seeds: is True"),
        ("seeds: '3'", "seeds: is '3'"),
        ("version: 2", "version: is 2"),
        ("suite: ../x", "suite: is '../x'"),
        ("search: {a: 1}", "unknown key 'search'"),
        ("data: {path: x}", "data.path: unknown key 'path'"),
        ("data: {name: folder, path: /no/such/folder}", "data.path: there is no folder"),
        ("data: {name: folder}", "needs 'path'"),
        ("data: {principal: class}", "data.principal: is 'class', but should be a valid list"),
        ("data: {split: {name: random, test: 2}}", "data.split.test: validation and test must be positive"),
        ("disentangle: {steps: 1.5}", "disentangle.steps: is 1.5"),
        ("disentangle: 3", "disentangle: is 3, but names none of the disentanglers"),
        ("disentangle: {strength: []}", "disentangle.strength: is []"),
        ("disentangle: {subspaces: 1}", "disentangle.subspaces: subspaces must be at least 2"),
        (
            "data: {image_size: 16}\nlearn: {backbone: vgg16}",
            "data.image_size: vgg16 needs images of 32 x 32",
        ),
        ("data: {image_size: 8}\ndisentangle: {preset: fast}", "data.image_size: image size must be 16"),
        ("data: {image_size: 24}", "data.image_size: image size must be 8, 16"),
        ("disentangle: {seeds: 3}", "disentangle.seeds: is 3, more than the 2 repetitions"),
        (
            "discover: {subspace: {name: fixed, index: 0}}",
            "discover.subspace.index: index must be at least 1",
        ),
        ("discover: {min_variance_share: 2}", "discover.min_variance_share: is 2"),
        ("learn: {steps: 0}", "learn.steps: steps must be at least 1"),
        ("learn: {arms: []}", "learn.arms: is []"),
        ("learn: {arms: [{name: stl, auxiliary: none, rate: 1}]}", "learn.arms[0].rate: unknown key 'rate'"),
        ("learn: {arms: [{auxiliary: none}]}", "learn.arms[0]: needs 'name'"),
        (
            "learn: {arms: [{name: stl, auxiliary: none}, {name: f, auxiliary: 'factor:class'}]}",
            "'class' is part of",
        ),
        ("resources: {lern: {cpus: 1}}", "resources.lern"),
        ("resources: {learn: {cpus: 0}}", "resources.learn.cpus: is 0"),
        ("zip: [[disentangle.strength, learn.steps]]", "zip[0]: 'learn.steps' is no axis"),
        ("exclude: [{learn.weightin: pcgrad}]", "did you mean 'learn.weighting'"),
        ("include: [{strength: 3}]", "unknown path 'strength'"),
        ("include: [{disentangle.strength: x}]", "include[0].disentangle.strength: is 'x'"),
        ("variants: []", "variants: must map names to blocks"),
        ("variants: {a: 3}", "variants.a: must be a mapping"),
        ("variants: {'': {}}", "variants.: is called '', but a name should begin with a letter or digit"),
        ("variants: {../x: {}}", "is called '../x', but a name should begin"),
        ("version: true", "version: is True, but should be 1"),
        ("suite: " + "x" * 101, "and have at most 100 characters"),
        ("suite: .x", "suite: is '.x', but should begin with a letter or digit"),
        ("learn: {learning_rate: .inf}", "learn.learning_rate: is inf, but should be a finite number"),
        (
            "disentangle: {strength: [1, .nan]}",
            "disentangle.strength[1]: is nan, but should be a finite number",
        ),
        ("resources: {learn: {cpus: .inf}}", "resources.learn.cpus: is inf, but should be a finite number"),
        (
            "data: {split: {name: random, test: .nan}}",
            "data.split.test: is nan, but should be a finite number",
        ),
        ("include: [{include: [x]}]", "include[0].include: a row cannot have 'include'"),
        ("include: [{zip: [[x]]}]", "include[0].zip: a row cannot have 'zip'"),
        ("measure: {metrics: [mig, mig]}", "measure.metrics[1]: names 'mig' once more; remove one"),
        ("measure: {metrics: 3}", "measure.metrics: is 3, but should be a valid list"),
        ("measure: {metrics: [accuracy]}", "'accuracy' does not judge codes; choose among "),
        ("measure: {metrics: [mig, silhouette]}", "measure.metrics[1]: 'silhouette' does not judge codes"),
        ("report: {tables: [nope]}", "report.tables[0]: unknown name 'nope' among tables; known: agreement,"),
        (
            "report: {figures: [gain_by_rm]}",
            "report.figures[0]: unknown name 'gain_by_rm' among figures; did you",
        ),
        ("data: {principal: []}", "data.principal: names no factor; choose among class"),
        ("data: {principal: [class, class]}", "data.principal: names 'class' once more; remove one"),
        (
            "data: {name: shapes3d, levels: {shape: 1}, principal: [shape]}",
            "data.principal: 'shape' has a single value here",
        ),
        (
            (
                "data: {name: shapes3d, levels: {scale: 1}, principal: [shape]}\n"
                "learn: {arms: [{name: stl, auxiliary: none}, {name: f, auxiliary: 'factor:scale'}]}"
            ),
            "learn.arms[1].auxiliary: 'scale' has a single value here, so there is nothing to learn",
        ),
        ("learn: {arms: [3]}", "learn.arms[0]: is 3, but should be a mapping"),
        ("data: {principal: class}", "but should be a valid list; write [class]"),
        (
            "disentangle: {pairing: {name: k_factors, k: 2}}",
            "is {'name': 'k_factors', 'k': 2}, but should be a valid string; write its name alone, and its options as pairing_options",
        ),
        (
            "disentangle: {pairing: random, pairing_options: {k: 2}}",
            "disentangle.pairing_options: pairing_options must be left out, as 'random' has none, found {'k': 2}",
        ),
        (
            "disentangle: {pairing: nope}",
            "disentangle.pairing: unknown name 'nope' among pairings. Known: group,",
        ),
    ],
)
def test_one_fault(read: Read, text: str, said: str) -> None:
    with pytest.raises(SuiteError) as refusal:
        read(text)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "selection",
    [
        "zip: [[data.image_size, disentangle.preset]]",
        "exclude: [{data.image_size: 8, disentangle.preset: fast}]",
    ],
)
def test_an_image_size_that_no_wanted_setting_meets_is_no_fault(read: Read, selection: str) -> None:
    read(f"data: {{image_size: [8, 16]}}\ndisentangle: {{preset: [paper, fast]}}\n{selection}")


def test_axes_of_different_length_do_not_zip(read: Read) -> None:
    with pytest.raises(SuiteError, match="must have one length"):
        read("disentangle: {subspaces: [3, 4, 5]}\nzip: [[disentangle.strength, disentangle.subspaces]]")


def test_a_fault_of_the_base_names_the_base(write: Write) -> None:
    base = write("version: 1\nseeds: 0\n", "base.yaml")
    with pytest.raises(SuiteError) as refusal:
        read_suite(write("extends: base.yaml\nsuite: x\n"))
    assert f"{base}:2: seeds: is 0" in str(refusal.value)


def test_missing_blocks_are_named(write: Write) -> None:
    with pytest.raises(SuiteError) as refusal:
        read_suite(write("suite: x\n"))
    for key in ("question", "seeds", "data", "disentangle", "learn"):
        assert f"needs {key!r}" in str(refusal.value)


def test_a_sound_suite_is_read(read: Read) -> None:
    suite = read("resources: {learn: {gpus: 0.5}}\nreport: {tables: [gain_by_arm]}")
    assert (suite.name, suite.question) == ("test", "Does it?")
    assert suite.resources["learn"].gpus == 0.5
    assert suite.report.tables == ["gain_by_arm"]
    assert suite.resolved["seeds"] == 2
    assert "extends" not in suite.resolved
