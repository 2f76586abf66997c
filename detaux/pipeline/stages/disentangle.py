"""Stage `disentangle`: train a disentangler, and keep the codes it gives."""

from __future__ import annotations

from dataclasses import asdict

import torch

from detaux.core.seeding import derive_seed
from detaux.data.noisy import with_fixed_noise
from detaux.data.staging import Images, stage
from detaux.disentangle.base import StageOneData, codes_of
from detaux.disentangle.model import Disentangler
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.saving import save
from detaux.disentangle.traversal import traversal
from detaux.pipeline.files import save_array, save_json, save_picture, save_scores
from detaux.pipeline.loaded import load_data
from detaux.pipeline.parts import build
from detaux.pipeline.stage import Context
from detaux.train.policy import Policy, policy_for

_BATCH = 512


def run(context: Context) -> None:
    """Write the model, its codes of the training and validation images, its history and its traversals.

    A method that trains on noisy images gives codes of noisy images, with one draw of noise for each.

    Config: `method` {name, options}. Input: data.
    """
    data = load_data(context.inputs["data"])
    policy = policy_for(context.device)
    method = build(disentanglers, context.config["method"])
    model, history = method.fit(
        StageOneData(dataset=data.dataset, split=data.split, labels=data.labels, principal=data.principal),
        seed=derive_seed("disentangle", context.seed),
        policy=policy,
        work=context.work,
        progress=context.progress,
    )
    context.progress(1.0, "codes")
    save(model, context.out)
    save_json(context.out / "history.json", asdict(history))
    scores = {}
    for part in ("train", "validation"):
        clean = stage(data.dataset, data.split.parts[part], policy.device)
        noise = method.noise()
        images = with_fixed_noise(clean, noise, seed=derive_seed("codes", part, context.seed))
        codes = codes_of(model, images, policy)
        save_array(context.out / f"codes_{part}.npy", codes)
        scores[part, "reconstruction_error"] = reconstruction_error(model, images, policy)
        if part == "validation":
            save_picture(context.out / "traversal.png", traversal(model, codes))
    save_scores(context.out, scores)


@torch.no_grad()
def reconstruction_error(model: Disentangler, images: Images, policy: Policy) -> float:
    """Return the mean squared error of decoded images, in units of [0, 1] intensities squared."""
    total = torch.zeros((), device=policy.device, dtype=torch.float64)
    for positions in torch.split(torch.arange(len(images)), _BATCH):
        batch = images.gather(positions)
        with policy.autocast():
            decoded = model.decode(model.encode(batch))
        total += (decoded.float() - batch).square().flatten(1).mean(1).sum()
    return float(total) / len(images)
