"""Numbers of images: what a split can give, and what is asked of it."""

from __future__ import annotations

from typing import Any

from detaux.core.errors import DataError
from detaux.suite.choices import Choice
from detaux.suite.experiment import Experiment, needs_discovery
from detaux.suite.facts import SplitFacts, facts_of, pair_refusal_of, split_facts_of
from detaux.suite.reader import Reader
from detaux.suite.selection import is_wanted

_LEAST = 2
_BY_CLASS = ("auto", "same_class")


def check_sizes(reader: Reader, experiment: Experiment, data: Choice) -> None:
    """Note a split that cannot be made, and numbers of images that it does not give, as faults."""
    split = (*data.keys, "split")
    if reader.is_faulty(split):
        return
    try:
        facts = split_facts_of(data)
    except (DataError, ValueError) as refusal:
        reader.fault(split, f"the split cannot be made: {refusal}")
        return
    for learn in experiment.learn:
        if is_wanted(experiment, (data, learn)):
            _check_learn(reader, learn, facts.num_train)
    if any(needs_discovery(choice) for arm in experiment.arms for choice in arm.choices):
        _check_pairs(reader, experiment, data, facts)
        _check_clusters(reader, experiment, data, facts.num_train)


def _check_learn(reader: Reader, learn: Choice, num_train: int) -> None:
    asked, batch = learn.values["learn.train_size"], learn.values["learn.batch_size"]
    labelled = min(asked or num_train, num_train)
    if asked is not None and asked > num_train:
        reader.fault(
            ("learn", "train_size"), f"is {asked}, but there are {num_train} training images; ask for fewer"
        )
    elif labelled < _LEAST:
        reader.fault(
            ("learn", "train_size"), f"leaves {labelled} labelled image; training needs at least {_LEAST}"
        )
    elif batch > labelled and not reader.is_faulty(("learn", "batch_size")):
        text = f"batch_size is {batch}, more than the {labelled} labelled images; write at most {labelled}"
        reader.fault(("learn", "batch_size"), text)


def _check_pairs(reader: Reader, experiment: Experiment, data: Choice, facts: SplitFacts) -> None:
    """Check that the training images make the pairs that stage one draws."""
    is_labelled = len(facts_of(data.parts["dataset"]).factor_names) == 1
    for disentangle in experiment.disentangle:
        if is_wanted(experiment, (data, disentangle)):
            method = disentangle.parts["method"].built
            if _names_a_pairing(method):
                _note_refusal(reader, data, method)
            elif is_labelled and (text := _lacks_pairs(method, facts.class_counts)):
                reader.fault((*data.keys, "split"), f"{text} to pair in stage one; give it more images")


def _names_a_pairing(method: Any) -> bool:
    return (
        getattr(method, "pairing", "auto") not in _BY_CLASS
        and getattr(method, "variant", "") == "as_described"
    )


def _note_refusal(reader: Reader, data: Choice, method: Any) -> None:
    refusal = pair_refusal_of(data, method)
    if refusal:
        reader.fault(
            ("disentangle", "pairing"), f"{method.pairing} on {data.config['dataset']['name']}: {refusal}"
        )


def _lacks_pairs(method: Any, class_counts: tuple[int, ...]) -> str | None:
    rate = getattr(method, "principal_change_rate", None)
    if rate is None or method.variant != "as_described" or method.pairing not in _BY_CLASS:
        return None
    if rate > 0 and len(class_counts) == 1:
        return f"leaves {sum(class_counts)} training images, all of one class: no two of different classes"
    if rate < 1 and max(class_counts) == 1:
        return f"leaves {sum(class_counts)} training images, each of another class: no two of one class"
    return None


def _check_clusters(reader: Reader, experiment: Experiment, data: Choice, num_train: int) -> None:
    for discover in experiment.discover:
        wanted = getattr(discover.parts["clustering"].built, "num_clusters", None) or 0
        if wanted > num_train and is_wanted(experiment, (data, discover)):
            text = f"num_clusters is {wanted}, more than the {num_train} training images; write fewer"
            reader.fault(("discover", "clustering", "num_clusters"), text)
