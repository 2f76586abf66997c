"""Numbers of images: what a split can give, and what is asked of it."""

from __future__ import annotations

import itertools
from typing import Any

from detaux.core.errors import DataError
from detaux.suite.arm_limits import check_arm_factors, check_arm_labelled
from detaux.suite.choices import Choice
from detaux.suite.discoveries import stage_ones
from detaux.suite.experiment import Experiment, any_discovers, arm_choices, needs_discovery
from detaux.suite.facts import SplitFacts, facts_of, pair_refusal_of, split_facts_of
from detaux.suite.reader import Reader
from detaux.suite.selection import is_wanted

_LEAST = 2
_BY_CLASS = ("auto", "same_class")


def check_sizes(reader: Reader, experiment: Experiment, data: Choice) -> None:
    """Note a split that cannot be made, and numbers of images that it does not give, as faults.

    Args:
        reader: Told of faults.
        experiment: Whose settings are checked.
        data: Its data set; without principal factors, what depends on classes is not checked.
    """
    facts = _split_facts_or_fault(reader, data)
    check_labelled(reader, experiment, data, facts)
    if facts and data.config["principal"] and any_discovers(experiment.arms):
        _check_pairs(reader, experiment, data, facts)


def check_labelled(
    reader: Reader, experiment: Experiment, data: Choice, facts: SplitFacts | None = None
) -> None:
    """Note numbers of labelled images that do not fit the split, where its facts are known, or each other as faults."""
    for learn in experiment.learn:
        if is_wanted(experiment, (data, learn)):
            _check_learn(reader, learn, facts)
            num_labelled = _num_labelled(learn, facts)
            if num_labelled is not None:
                check_arm_labelled(
                    reader, experiment, (data, learn), num_labelled, len(facts.class_counts) if facts else 0
                )
                _check_clusters(reader, experiment, (data, learn), num_labelled)
                if facts:
                    read = facts_of(data.parts["dataset"])
                    check_arm_factors(reader, experiment, (data, learn), num_labelled, read)


def _split_facts_or_fault(reader: Reader, data: Choice) -> SplitFacts | None:
    split = (*data.keys, "split")
    if reader.is_faulty(split):
        return None
    try:
        return split_facts_of(data)
    except (DataError, ValueError) as refusal:
        reader.fault(split, f"the split cannot be made: {refusal}")
        return None


def _num_labelled(learn: Choice, facts: SplitFacts | None) -> int | None:
    """Return how many labelled images a setting leaves; None where nothing tells."""
    asked: int | None = learn.values["learn.train_size"]
    return min(asked or facts.num_train, facts.num_train) if facts else asked


def _check_learn(reader: Reader, learn: Choice, facts: SplitFacts | None) -> None:
    keys, labelled = ("learn", "train_size"), _num_labelled(learn, facts)
    asked, batch = learn.values["learn.train_size"], learn.values["learn.batch_size"]
    if labelled is None:
        return
    num_classes = len(facts.class_counts) if facts else 0
    if asked is not None and asked > labelled:
        reader.fault(keys, f"is {asked}, but there are {labelled} training images; ask for fewer")
    elif labelled < _LEAST:
        reader.fault(keys, f"leaves {labelled} labelled image; training needs at least {_LEAST}")
    elif labelled < num_classes:
        reader.fault(keys, f"is {asked}, fewer labelled images than the {num_classes} classes; ask for more")
    elif batch > labelled and not reader.is_faulty(("learn", "batch_size")):
        text = f"batch_size is {batch}, more than the {labelled} labelled images; write at most {labelled}"
        reader.fault(("learn", "batch_size"), text)


def _check_pairs(reader: Reader, experiment: Experiment, data: Choice, facts: SplitFacts) -> None:
    """Check that stage one can draw from the training images what it needs; of pairs by one label, counts of classes tell."""
    is_labelled = len(facts_of(data.parts["dataset"]).factor_names) == 1
    for disentangle, is_own in stage_ones(experiment):
        method = disentangle.parts["method"].built
        if not is_wanted(experiment, (data, disentangle)) or not _draws_training_images(method):
            continue
        if is_labelled and getattr(method, "pairing", "") in _BY_CLASS:
            text = _lacks_pairs(method.principal_change_rate, facts.class_counts)
            if text:
                reader.fault((*data.keys, "split"), f"{text} to pair in stage one; give it more images")
        elif refusal := pair_refusal_of(data, method):
            place = ("pairing" if hasattr(method, "pairing_of") else "method",) if is_own else ()
            reader.fault((*disentangle.keys, *place), refusal)


def _any_learns(experiment: Experiment, chosen: tuple[Choice, ...]) -> bool:
    """Say whether some arm learns labels of stage two in a setting, whatever its stage one."""
    arms = [(arm, choice) for arm, choice in arm_choices(experiment) if needs_discovery(choice)]
    return any(
        is_wanted(experiment, (*chosen, disentangle, choice), arm=arm.name)
        for disentangle, (arm, choice) in itertools.product(experiment.disentangle, arms)
    )


def _draws_training_images(method: Any) -> bool:
    return str(getattr(method, "variant", "as_described")) == "as_described"


def _lacks_pairs(rate: float, class_counts: tuple[int, ...]) -> str | None:
    if rate > 0 and len(class_counts) == 1:
        return f"leaves {sum(class_counts)} training images, all of one class: no two of different classes"
    if rate < 1 and max(class_counts) == 1:
        return f"leaves {sum(class_counts)} training images, each of another class: no two of one class"
    return None


def _check_clusters(
    reader: Reader, experiment: Experiment, chosen: tuple[Choice, ...], num_labelled: int
) -> None:
    """Check that clusters, each a class of the auxiliary task, are no more than the images that it is learnt on."""
    for discover in experiment.discover:
        wanted = getattr(discover.parts["clustering"].built, "num_clusters", None) or 0
        if wanted > num_labelled and _any_learns(experiment, (*chosen, discover)):
            text = f"num_clusters is {wanted}, more than the {num_labelled} labelled images; write fewer"
            reader.fault(("discover", "clustering", "num_clusters"), text)
