"""What arms cannot be given: images, labelled images and tasks, asked of the parts that have limits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from detaux.learn.limits import LimitsImages, LimitsLabelled, LimitsTasks
from detaux.suite.choices import Choice
from detaux.suite.discoveries import discoveries
from detaux.suite.experiment import Arm, Experiment, arm_choices
from detaux.suite.factors import factor_learnt
from detaux.suite.facts import Facts
from detaux.suite.reader import Reader
from detaux.suite.refusals import note_refusal
from detaux.suite.selection import is_wanted


def check_arm_images(
    reader: Reader, experiment: Experiment, data: Choice, shape: tuple[int, int, int]
) -> None:
    """Note every auxiliary task that cannot be made of images of a shape (H, W, 3) as a fault."""
    for arm, choice in arm_choices(experiment):
        source = choice.parts["auxiliary"].built
        if isinstance(source, LimitsImages) and is_wanted(experiment, (data, choice), arm=arm.name):
            note_refusal(reader, (*choice.keys, "auxiliary"), source.check_image, shape)


def check_arm_labelled(
    reader: Reader, experiment: Experiment, chosen: tuple[Choice, ...], num_images: int, num_classes: int
) -> None:
    """Note every auxiliary task that needs more labelled images than settings of data and stage three leave as a fault."""

    def check(source: LimitsLabelled) -> None:
        source.check_labelled(num_images, num_classes)

    for arm, choice in arm_choices(experiment):
        source = choice.parts["auxiliary"].built
        if isinstance(source, LimitsLabelled) and is_wanted(experiment, (*chosen, choice), arm=arm.name):
            note_refusal(reader, (*choice.keys, "auxiliary"), check, source)


def check_arm_factors(
    reader: Reader, experiment: Experiment, chosen: tuple[Choice, ...], num_images: int, facts: Facts
) -> None:
    """Note every factor with more values than settings of data and stage three leave labelled images as a fault."""
    num_values = dict(zip(facts.factor_names, facts.factor_sizes, strict=True))
    for arm, choice in arm_choices(experiment):
        name = factor_learnt(choice)
        found = num_values.get(name or "", 0)
        if found > num_images and is_wanted(experiment, (*chosen, choice), arm=arm.name):
            text = f"factor {name!r} has {found} values, more than the {num_images} labelled images"
            reader.fault((*choice.keys, "auxiliary"), f"{text}; choose another, or have more images labelled")


def check_arm_tasks(reader: Reader, experiment: Experiment) -> None:
    """Note every weighting that needs more tasks than its arm has as a fault."""
    for arm, choice in arm_choices(experiment):
        weighting = choice.parts["weighting"].built
        if isinstance(weighting, LimitsTasks) and choice.parts["auxiliary"].name != "none":
            for num_tasks in sorted(set(_numbers_of_tasks(experiment, arm, choice))):
                note_refusal(reader, (*choice.keys, "weighting"), weighting.check_tasks, num_tasks)


def _is_learnt(experiment: Experiment, arm: Arm, chosen: tuple[Choice, ...]) -> bool:
    """Say whether a setting of an arm, with what else is known of its setting, is wanted for some data and stage three."""
    return any(
        is_wanted(experiment, (*pair, *chosen), arm=arm.name)
        for pair in itertools.product(experiment.data, experiment.learn)
    )


def _numbers_of_tasks(experiment: Experiment, arm: Arm, choice: Choice) -> Iterator[int]:
    """Yield how many tasks a setting of an arm learns wherever it is wanted, the principal one included."""
    for found in discoveries(experiment, choice):
        if _is_learnt(experiment, arm, (*found.written, choice)):
            yield 1 + (found.run[-1].values["discover.tasks"] if found.run else _own_number(choice))


def _own_number(choice: Choice) -> int:
    return getattr(choice.parts["auxiliary"].built, "num_tasks", None) or 1
