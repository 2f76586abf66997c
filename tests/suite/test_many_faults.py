"""Several faults in one suite: none hides another, and none makes one that is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detaux.core.errors import SuiteError
from detaux.suite.suite import Suite

Read = Callable[..., Suite]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (
            """
            learn:
              steps: ten
              batch_size: 1
              arms: [{name: a, auxiliary: discovered}, {name: b, auxiliary: "factor:clss"}]
            """,
            (
                "learn.arms: lacks an arm with auxiliary 'none'",
                "learn.arms: lacks an arm with auxiliary 'random'",
                "learn.arms: lacks an arm with auxiliary 'shuffled'",
                "learn.arms[1].auxiliary: unknown factor 'clss'",
                "learn.batch_size: batch_size must be at least 2",
                "learn.steps: is 'ten'",
            ),
        ),
        (
            "learn: {arms: 3, weight_decay: -1, backbone: vgg17}",
            (
                "learn.arms: is 3",
                "learn.backbone: unknown name 'vgg17'",
                "learn.weight_decay: weight_decay must",
            ),
        ),
        (
            "data: {name: shapes3d, principal: 3, split: {name: compositional, factors: [flor_hue, wall_hue]}}",
            ("data.principal: is 3", "data.split: unknown factor 'flor_hue'"),
        ),
        (
            "data: {principal: [clss], split: {name: random, test: 2}}",
            ("data.principal: unknown factor 'clss'", "data.split.test: validation and test must"),
        ),
        (
            "learn: {arms: [{auxiliary: none}, {auxiliary: factor}, {name: a, auxiliary: nne}]}",
            (
                "learn.arms[0]: needs 'name'",
                "learn.arms[1]: needs 'name'",
                "learn.arms[1].auxiliary: needs 'factor'",
                "learn.arms[2].auxiliary: unknown name 'nne'",
            ),
        ),
        ("seeds: ten\ndisentangle: {seeds: 3}", ("seeds: is 'ten'",)),
        (
            """
            data: {name: digits, image_size: 3, principal: [klass], split: compositional}
            learn: {arms: [{name: stl, auxiliary: none}, {name: f, auxiliary: "factor:hue"}]}
            """,
            (
                "data.image_size: image_size must be at least 8",
                "data.principal: unknown factor 'klass'",
                "data.split: unknown factor 'floor_hue'",
                "data.split: unknown factor 'wall_hue'",
                "learn.arms[1].auxiliary: unknown factor 'hue'",
            ),
        ),
        (
            "data: {name: folder, path: /nope, image_size: 0}",
            ("data.image_size: image_size must be at least 1", "data.path: there is no folder"),
        ),
        (
            "data: {name: digitz, principal: 3, split: {name: random, test: 2}}",
            (
                "data.name: unknown name 'digitz'",
                "data.principal: is 3",
                "data.split.test: validation and test must",
            ),
        ),
        (
            "data: [{name: digitz, principal: [class]}, {name: digits, principal: [clss]}]",
            ("data[0].name: unknown name 'digitz'", "data[1].principal: unknown factor 'clss'"),
        ),
        (
            "learn: {stepz: 3, steps: 0, steps: 10}\nfoo: 1\nseeds: 0",
            (
                "learn.stepz: unknown key",
                "learn.steps: steps must be at least 1",
                "learn.steps: is said twice",
                "foo: unknown key",
                "seeds: is 0",
            ),
        ),
        (
            "learn: {steps: !!int x, batch_size: 1}",
            ("learn.steps: is 'x', which is no int", "learn.batch_size: batch_size must"),
        ),
        (
            """
            learn:
              arms:
                - {name: stl, auxiliary: none}
                - {name: detaux, auxiliary: discovered}
                - {name: random, auxiliary: "random:3"}
                - {name: shuffled, auxiliary: shuffled}
            """,
            (
                "learn.arms[2].auxiliary: is 'random:3', but 'random' takes nothing after a colon; write {name: random",
            ),
        ),
        (
            "learn: {arms: [{name: stl, auxiliary: none}, {name: d, auxiliary: {name: discovered, rate: 1}}]}",
            (
                "learn.arms: lacks an arm with auxiliary 'random'",
                "learn.arms: lacks an arm with auxiliary 'shuffled'",
                "learn.arms[1].auxiliary.rate: unknown key 'rate'",
            ),
        ),
        (
            "disentangle: {pairing: k_factors, pairing_options: {k: 1}, corruption: gaussian, corruption_options: {sgma: 1}}",
            (
                "disentangle.corruption_options: unknown name 'sgma'",
                "disentangle.pairing: k_factors on digits: digits is no grid of factors",
            ),
        ),
        (
            "disentangle: [{method: sparse_shared, preset: fast}, {method: pca, subspaces: 5000}]",
            (
                "disentangle[0].method: sparse_shared makes its tasks of at least 2 factors",
                "disentangle[1].subspaces: subspaces must be at least 2 and at most 1,024",
            ),
        ),
        (
            "disentangle: {pairing: group, pairing_options: {factors: [clss]}}",
            ("disentangle.pairing: group on digits: unknown name 'clss'",),
        ),
        (
            'learn: {arms: [{name: stl, auxiliary: none}, {name: f, auxiliary: "factor:hue"}, {name: c, auxiliary: "factor:class"}]}',
            (
                "learn.arms[1].auxiliary: unknown factor 'hue'; this data set has no other: leave the arm out",
                "learn.arms[2].auxiliary: 'class' is part of the principal task; this data set has no other: leave",
            ),
        ),
        (
            "learn: {arms: [{name: stl, auxiliary: none, weighting: equal}]}",
            ("learn.arms[0].weighting: has no auxiliary task to weigh; leave it out",),
        ),
        (
            "disentangle: {pairing_options: {k: 2}}",
            ("disentangle.pairing_options: pairing_options need a pairing by name",),
        ),
        (
            """
            data: {name: folder, path: /nope, image_size: 3, principal: [klass]}
            disentangle: {pairing: nope}
            learn: {train_size: 3, batch_size: 10}
            measure: {metrics: [nope]}
            """,
            (
                "data.image_size: image size must be 8, 16,",
                "data.image_size: small_cnn needs images of 5 x 5 pixels or more",
                "data.path: there is no folder",
                "disentangle.pairing: unknown name 'nope' among pairings",
                "learn.batch_size: batch_size is 10, more than the 3 labelled images",
                "measure.metrics[0]: unknown name 'nope'",
            ),
        ),
        (
            "data: {name: shapes3d, principal: [shap], split: {name: hold_out, factor: floor_hue, values: [17]}}",
            (
                "data.principal: unknown factor 'shap'",
                "data.split: the split cannot be made: no image of shapes3d:rendered has the value 17",
            ),
        ),
        (
            "data: {name: shapes3d, principal: [shape, shape], split: {name: correlated, factors: [shape, hue]}}",
            (
                "data.principal: names 'shape' once more",
                "data.split: the split cannot be made: unknown name 'hue'",
            ),
        ),
        (
            "data: {principal: [clss]}\nlearn: {train_size: 1259}",
            ("data.principal: unknown factor 'clss'", "learn.train_size: is 1259, but there are 1258"),
        ),
        (
            "data: {split: {name: by_group, factor: user}}\nlearn: {train_size: 1}",
            ("data.split: unknown factor 'user'", "learn.train_size: leaves 1 labelled image"),
        ),
        (
            "data: {split: official}\nlearn: {train_size: 16}",
            (
                "data.split: the split cannot be made: digits comes without a test part",
                "learn: batch_size is 32, more than the 16 labelled images",
            ),
        ),
        (
            "data: {name: shapes3d, principal: [shape], split: {name: hold_out, factor: scale, values: [a]}}",
            (
                "data.split: the split cannot be made: unknown name 'a': the values of scale in shapes3d:rendered have no",
            ),
        ),
        (
            "data: {name: shapes3d, principal: [scale], split: {name: hold_out, factor: shape, values: [cub]}}",
            (
                "data.split: the split cannot be made: unknown name 'cub' among values of shape in shapes3d:rendered; did",
            ),
        ),
        (
            "data: {name: shapes3d, principal: [shape], split: {name: hold_out, factor: scale, values: [true]}}",
            ("data.split.values[0]: is True, but should be a whole number or a word",),
        ),
        (
            "data: {name: shapes3d, principal: [shape], split: {name: compositional, factors: [scale, 3]}}",
            ("data.split.factors[1]: is 3, but should be a valid string",),
        ),
        (
            "disentangle: {pairing: same_class, pairing_options: [{k: true}, {k: null}]}",
            ("disentangle.pairing_options[0].k: is True", "disentangle.pairing_options[1].k: is None"),
        ),
        (
            "discover: {clustering: [hdbscna, {name: kmeans, num_clusters: 0}]}",
            (
                "discover.clustering[0]: unknown name 'hdbscna'",
                "discover.clustering[1].num_clusters: num_clusters must",
            ),
        ),
    ],
)
def test_a_fault_hides_no_other_and_makes_none(read: Read, text: str, faults: tuple[str, ...]) -> None:
    with pytest.raises(SuiteError) as refusal:
        read(text)
    told = str(refusal.value).splitlines()[1:]
    assert len(told) == len(faults)
    for fault in faults:
        assert any(f": {fault}" in line for line in told), fault
