"""THE training loop: stage one and stage three give it a module and a step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from detaux.core.errors import DivergedError
from detaux.core.progress import Progress, silent
from detaux.core.seeding import derive_seed
from detaux.train.checkpoint import RunState
from detaux.train.history import LOWER, History, LossLog
from detaux.train.options import FitOptions
from detaux.train.policy import Policy
from detaux.train.rates import Rates, rates_at

__all__ = ["FitOptions", "History", "TrainStep", "Validate", "fit"]

TrainStep = Callable[[int], Mapping[str, Tensor]]
"""Takes a step's number, computes the losses AND runs backward; returns the losses to log, each of shape ()."""
Validate = Callable[[], float]
"""Returns the validation score of the module as it stands, higher is better; called in eval mode, without gradients."""

_LOG_ROWS = 100
_BETA2 = 0.999


def fit(
    module: nn.Module,
    train_step: TrainStep,
    *,
    options: FitOptions,
    policy: Policy,
    seed: int,
    work: Path | None = None,
    progress: Progress = silent,
    validate: Validate | None = None,
    chosen: nn.Module | None = None,
) -> History:
    """Train a module in place, and leave it in eval mode with the weights that were chosen.

    Training ends after `options.steps` steps, or where `options.patience` is at its end.

    A step may depend on its number, its seed and the module alone: the caller draws from generators seeded with the step,
    and torch's global generators (dropout) are seeded anew before each step, and given back as they were at the end.
    So a run that was killed and resumed from `work` is equal, bit for bit on the CPU, to an unbroken one.

    Args:
        module: All its parameters are trained; already on `policy.device`.
        train_step: Computes losses and runs backward; the loop does the rest.
        options: Length, optimiser, rates, validation and checkpoints.
        policy: Where the module lives.
        seed: Of the global generators, together with the step.
        work: Folder for the in-job checkpoint, which is resumed if one is there. None: no checkpoints.
        progress: Told the share of steps done and the last losses, about a hundred times.
        validate: Scores the module each `options.validate_every` steps and after the last one; the best weights win.

        chosen: The part of the module that validation chooses the weights of; the rest stays as the last step left it.
            None for the whole module.

    Returns:
        Losses and validation scores, those before a resume included.

    Raises:
        DivergedError: If a loss or, at a validation or the end, a weight is not finite; it names the step, the term and the
            best validation before it.
        ValueError: If only one of `validate` and `options.validate_every` is given.
    """
    if (validate is None) != (options.validate_every is None):
        raise ValueError(
            f"validate_every is {options.validate_every}, but validate is {validate}: give both or neither"
        )
    chosen = module if chosen is None else chosen
    run = RunState(module=module, chosen=chosen, optimizer=_optimizer(module, options), history=History())
    if work is not None:
        run.resume(work)
    with torch.random.fork_rng(devices=[policy.device] if policy.device.type == "cuda" else []):
        _run_steps(
            run,
            train_step,
            options=options,
            policy=policy,
            seed=seed,
            work=work,
            progress=progress,
            validate=validate,
        )
    if run.best is not None:
        chosen.load_state_dict(run.best)
    module.eval()
    return run.history


def _run_steps(
    run: RunState,
    train_step: TrainStep,
    *,
    options: FitOptions,
    policy: Policy,
    seed: int,
    work: Path | None,
    progress: Progress,
    validate: Validate | None,
) -> None:
    log, row_steps, saved = LossLog(), max(1, options.steps // _LOG_ROWS), time.monotonic()
    while not _has_ended(run, options):
        log.add(run.step, _update(run, train_step, options, policy, seed))
        run.step += 1
        is_validated = validate is not None and _is_validated(run.step, options)
        if is_validated or run.step == options.steps:
            _check_weights(run, log)
        if validate is not None and is_validated:
            _validate(run, validate, options)
        last = _has_ended(run, options)
        if not last and run.step % row_steps:
            continue
        row = log.flush(run.history)
        run.history.losses.append({"step": run.step} | row)
        progress(1 if last else run.step / options.steps, _words(run.step, options.steps, row))
        if work is not None and not last and time.monotonic() - saved >= options.checkpoint_seconds:
            run.save(work)
            saved = time.monotonic()


def _has_ended(run: RunState, options: FitOptions) -> bool:
    return run.step >= options.steps or run.history.stopped_step is not None


def _is_validated(step: int, options: FitOptions) -> bool:
    return options.validate_every is not None and (
        step == options.steps or step % options.validate_every == 0
    )


def _update(
    run: RunState, train_step: TrainStep, options: FitOptions, policy: Policy, seed: int
) -> Mapping[str, Tensor]:
    _seed_draws(policy.device, derive_seed("step", seed, run.step))
    _set_rates(run.optimizer, rates_at(run.step, options))
    run.module.train()
    run.optimizer.zero_grad(set_to_none=True)
    losses = train_step(run.step)
    run.optimizer.step()
    return losses


def _set_rates(optimizer: torch.optim.Optimizer, rates: Rates) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rates.learning_rate
        if isinstance(optimizer, torch.optim.SGD):
            group["momentum"] = rates.momentum
        else:
            group["betas"] = rates.momentum, _BETA2


def _seed_draws(device: torch.device, seed: int) -> None:
    """Seed the generators that a step may draw from.

    `torch.manual_seed` would take milliseconds in a CUDA build without a GPU, as it notes the stack for GPUs to come.
    """
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.manual_seed(seed)


def _check_weights(run: RunState, log: LossLog) -> None:
    """Check that the weights are numbers: those that the last update left no loss has told of."""
    if _all_finite(run.module.parameters()):
        return
    log.flush(run.history)
    raise DivergedError(
        f"a weight is not finite after step {run.step - 1}, {run.history.best_words(run.step)}: {LOWER}"
    )


def _all_finite(tensors: Iterable[Tensor]) -> bool:
    found = [tensor.detach().isfinite().all() for tensor in tensors]
    return not found or bool(torch.stack(found).all())


def _validate(run: RunState, validate: Validate, options: FitOptions) -> None:
    run.module.eval()
    with torch.no_grad():
        score = validate()
    run.history.validation.append({"step": run.step, "score": score})
    run.keep_best(score)
    if run.step < options.steps and run.history.has_stalled(options.patience):
        run.history.stopped_step = run.step


def _optimizer(module: nn.Module, options: FitOptions) -> torch.optim.Optimizer:
    """Make the optimiser; its momentum is set before each step.

    SGD is not fused: torch's fused kernel cannot take a parameter whose first gradient comes after that of others.
    """
    parameters, rate, decay = module.parameters(), options.learning_rate, options.weight_decay
    if options.optimizer == "sgd":
        return torch.optim.SGD(parameters, lr=rate, weight_decay=decay)
    kind = torch.optim.Adam if options.optimizer == "adam" else torch.optim.AdamW
    return kind(parameters, lr=rate, weight_decay=decay, fused=True)


def _words(step: int, steps: int, row: Mapping[str, float]) -> str:
    return f"step {step} of {steps}, " + ", ".join(f"{name} {value:.4g}" for name, value in row.items())
