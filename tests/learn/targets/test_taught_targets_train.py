"""Taught targets in training: beside the principal task, over a break, in bfloat16 and on CUDA."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from detaux.data.staging import Images, ResidentImages
from detaux.learn.options import LearnOptions
from detaux.learn.tasks import AnyTask, Task
from detaux.learn.train import Learnt
from detaux.train.policy import Policy, policy_for
from tests.learn.targets.teaching import Build, targets_of, taught


def test_trains_from_the_same_principal_loss_as_alone(
    task: AnyTask, corner: Task, run: Callable[..., Learnt], options: LearnOptions
) -> None:
    single = replace(options, steps=1)
    alone, beside, among = run(options=single), run(task, options=single), run(corner, task, options=single)
    first = [learnt.history.losses[0]["principal"] for learnt in (alone, beside, among)]
    assert first[0] == first[1] == first[2]
    losses = run(corner, task).history.losses
    assert list(losses[0]) == ["step", "principal", "auxiliary", "auxiliary_2"]
    assert all(math.isfinite(number) for row in losses for number in row.values())


def test_labels_move(task: AnyTask, assembled: Build) -> None:
    assembly = assembled(task)
    batch = assembly.step._source.batch(0)
    before = targets_of(assembly)(batch).classes
    optimizer = torch.optim.AdamW(assembly.module.parameters(), lr=3e-3, fused=True)
    for step in range(5):
        optimizer.zero_grad()
        assembly.step(step)
        optimizer.step()
    assert (targets_of(assembly)(batch).classes - before).abs().max() > 1e-3


@pytest.mark.usefixtures("checkpoint_each_step")
def test_a_killed_run_resumed_equals_an_unbroken_one(
    task: AnyTask, run: Callable[..., Learnt], tmp_path: Path
) -> None:
    def kill(share: float, text: str) -> None:
        if share > 0.6:
            raise KeyboardInterrupt(text)

    with pytest.raises(KeyboardInterrupt):
        run(task, work=tmp_path, progress=kill)
    resumed, unbroken = run(task, work=tmp_path), run(task)
    assert resumed.history.plain() == unbroken.history.plain()
    theirs = unbroken.net.state_dict()
    assert all(torch.equal(value, theirs[name]) for name, value in resumed.net.state_dict().items())


def test_what_is_taught_is_in_the_checkpoint(task: AnyTask, assembled: Build) -> None:
    kept = assembled(task).module.state_dict()
    assert sum(name.startswith("3.net.layers") for name in kept) == 14


def test_teaches_in_float32_beside_a_network_in_bfloat16(task: AnyTask, assembled: Build) -> None:
    policy = Policy(device=torch.device("cpu"), amp=True)
    gradient = taught(assembled(task, policy=policy))
    assert gradient.dtype == torch.float32
    assert gradient.isfinite().all()
    assert torch.cosine_similarity(gradient, taught(assembled(task)), dim=0) > 0.9


@pytest.mark.gpu
def test_teaching_on_cuda_agrees_with_the_cpu(task: AnyTask, train_images: Images, assembled: Build) -> None:
    pixels = train_images.gather(torch.arange(60)).mul(255).round().to(torch.uint8).permute(0, 2, 3, 1)
    policy = Policy(device=policy_for("cuda").device, amp=False)
    here, there = assembled(task), assembled(task, train=ResidentImages(pixels.cuda()), policy=policy)
    for assembly in (here, there):
        assembly.net.eval()  # dropout draws differ between devices
    near, far = taught(here), taught(there)
    assert far.device.type == "cuda"
    torch.testing.assert_close(far.cpu(), near, rtol=2e-2, atol=2e-2 * near.abs().max().item())
