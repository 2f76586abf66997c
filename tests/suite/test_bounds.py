"""What is too large, and what a data set and its split cannot give: told before any image is made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detaux.core.errors import SuiteError
from detaux.suite.suite import Suite

Read = Callable[..., Suite]
HUNDRED = str([*range(1, 101)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("data: {image_size: 1000000}", "data.image_size: image_size must be at most 1024, but is 1000000"),
        ("seeds: 1000000000", "seeds: is 1000000000, but should be less than or equal to 10000"),
        (
            "disentangle: {seeds: 20000}",
            "disentangle.seeds: is 20000, but should be less than or equal to 10000",
        ),
        (
            "disentangle: {subspaces: 1000000}",
            "disentangle.subspaces: subspaces must be at least 2 and at most 1,024",
        ),
        ("disentangle: {latent_dim: 1000000000}", "latent_dim must be at least 1 and at most 65,536"),
        ("learn: {batch_size: 100000000}", "batch_size must be at least 2 and at most 65536"),
        (
            f"seeds: 10000\nlearn: {{steps: {HUNDRED}}}",
            "multiplies to 7,000,000 runs, more than 100,000; shorten the longest axes: seeds (10,000), learn.steps (100)",
        ),
        (
            f"learn: {{steps: {HUNDRED}, weight_decay: {HUNDRED}, validate_every: {HUNDRED}}}",
            "learn: has 1,000,000 settings, more than 100,000; shorten the longest axes: steps (100),",
        ),
        (
            (
                f"learn: {{steps: {HUNDRED}}}\ndiscover: {{clustering: {{name: kmeans, num_clusters: {HUNDRED[:1]}{HUNDRED[4:]}}}}}\n"
                f"disentangle: {{strength: {HUNDRED}}}\nzip: [[learn.steps, disentangle.strength]]"
            ),
            "before `zip`, more than 1,000,000",
        ),
        (
            "learn: {batch_size: 1000, train_size: 100}",
            "learn.batch_size: batch_size is 1000, more than the 100",
        ),
        ("learn: {batch_size: 1300}", "batch_size is 1300, more than the 1258 labelled images"),
        (
            "learn: {train_size: 1259}",
            "learn.train_size: is 1259, but there are 1258 training images; ask for",
        ),
        ("learn: {train_size: 1}", "learn.train_size: leaves 1 labelled image; training needs at least 2"),
        (
            "learn: {train_size: 9, batch_size: 4}",
            "learn.train_size: is 9, fewer labelled images than the 10 classes; ask for more",
        ),
        (
            "data: {split: {name: random, train_size: 3}}",
            "data.split: the split cannot be made: digits: 3 of 1258 training images are kept, none of classes '",
        ),
        (
            "discover: {clustering: {name: kmeans, num_clusters: 1300}}",
            "discover.clustering.num_clusters: num_clusters is 1300, more than the 1258 labelled images",
        ),
        ("data: {split: {name: random, train_size: 1797}}", "data.split: the split cannot be made: "),
        ("data: {split: {name: random, train_size: 1}}", "data.split: "),
        (
            "data: {split: {name: random, train_size: 10}}",
            "data.split: leaves 10 training images, each of another class: no two of one class to pair",
        ),
        ("data: {split: {name: random, test: 0.99999, validation: 0.000001}}", "part of the split is empty"),
        ("data: {split: official}", "data.split: the split cannot be made: digits comes without a test part"),
        (
            "data: {name: shapes3d, levels: {floor_hue: 1}, principal: [shape], split: compositional}",
            "data.split: the split cannot be made: floor_hue keeps values (0,), all in one half",
        ),
        (
            (
                "data: {name: shapes3d, principal: [shape], split: {name: correlated, factors: [shape, floor_hue],"
                " sigma: 0.001}, levels: {floor_hue: 4, wall_hue: 2, object_hue: 2, scale: 2, orientation: 3}}"
            ),
            "disentangle: auto, which is one_factor, on shapes3d:rendered: no two of the",
        ),
    ],
)
def test_one_fault(read: Read, text: str, said: str) -> None:
    with pytest.raises(SuiteError, match="fault") as refusal:
        read(text)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "data: {image_size: 64}",
        "learn: {train_size: 1258}",
        "learn: {train_size: 32}",
        "learn: {train_size: 10, batch_size: 10}",
        "learn: {train_size: [100, 1000], batch_size: [100, 1000]}\nzip: [[learn.train_size, learn.batch_size]]",
    ],
)
def test_what_is_just_possible_is_sound(read: Read, text: str) -> None:
    read(text)


def test_a_faulty_split_is_not_drawn(read: Read) -> None:
    with pytest.raises(SuiteError, match=r"1 fault,.*\n.*data\.split\.test: validation and test must"):
        read("data: {split: {name: random, test: 2}}\nlearn: {train_size: 1300}")
