"""What a manifest says of where a result comes from."""

import pytest
import torch

from detaux.core.errors import DeviceError
from detaux.pipeline.commits import name_commits
from detaux.pipeline.provenance import provenance
from detaux.train.policy import policy_for

A, B = "a1b2c3d4e5", "d4e5f6a7b8"


@pytest.mark.parametrize(
    ("commits", "named"),
    [
        ({"learn": A, "data": A}, A),
        ({"learn": "", "data": ""}, ""),
        (
            {"learn": A, "disentangle": f"{B}+dirty", "data": A},
            "a1b2c3d (learn, data), d4e5f6a+dirty (disentangle)",
        ),
        ({"learn": A, "data": ""}, "a1b2c3d (learn), unknown (data)"),
        ({"learn": A, "data": f"{A}+dirty"}, "a1b2c3d (learn), a1b2c3d+dirty (data)"),
    ],
)
def test_commits_are_told_apart_where_they_differ(commits: dict[str, str], named: str) -> None:
    assert name_commits(commits) == named


@pytest.mark.parametrize("stage", ["disentangle", "learn"])
def test_a_stage_that_trains_names_its_device_and_precision(stage: str) -> None:
    found = provenance(stage, "cpu")
    assert found["device"] == "cpu"
    assert found["precision"] == ("bfloat16" if policy_for("cpu").amp else "float32")
    assert found["threads"] == torch.get_num_threads()


@pytest.mark.parametrize("stage", ["data", "discover", "measure"])
def test_a_stage_that_leaves_the_device_alone_does_not_look_for_it(stage: str) -> None:
    found = provenance(stage, "cuda:999")
    assert (found["device"], found["precision"]) == ("cpu", "float32")


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(DeviceError):
        provenance("learn", "cuda:999")


@pytest.mark.gpu
def test_a_gpu_is_named_with_its_driver() -> None:
    found = provenance("learn", "auto")
    assert found["device"] == "cuda:0"
    assert found["gpu"] == torch.cuda.get_device_name(0)
    assert found["cuda"] == torch.version.cuda
    assert found["driver"][0].isdigit()
