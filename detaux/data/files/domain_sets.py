"""Opening a published set of images by domain and class, of which one domain is the test part."""

from __future__ import annotations

import numpy as np

from detaux.core.hashing import content_hash
from detaux.core.progress import Progress
from detaux.data.files.decoded_images import Decoding, open_decoded
from detaux.data.files.domain_folders import DomainFacts, find_domains
from detaux.data.files.open_source import open_source, user_path
from detaux.data.labelled import LabelledImages


def open_domains(
    facts: DomainFacts, decoding: Decoding, test_domain: str, progress: Progress
) -> LabelledImages:
    """Open a set in the user's own folder or archive, decoding its images first if that has not been done.

    The factors are `class` and `domain`, and every class in every domain is a group. Images are in the order of
    domain, class and name.

    Args:
        facts: Of the set.
        decoding: How to; its `place` is the folder or archive.
        test_domain: Name of the domain that is the official test part; the others are for training.
        progress: Hears of reading and decoding.

    Raises:
        DataError: If the files are missing, damaged, or not the published ones; see `find_domains`.
    """
    source = open_source(user_path(decoding.place))
    found = find_domains(source.names(), facts, place=decoding.place)
    images = open_decoded(facts.name, decoding, source, [image.name for image in found], progress)
    domains = tuple(facts.num_images)
    is_test = np.array([domains[image.domain] == test_domain for image in found])
    return LabelledImages(
        name=facts.name,
        pixels=images.pixels,
        rows=np.array([images.row_of[image.name] for image in found], np.int64),
        labels=np.array([(image.label, image.domain) for image in found], np.int64),
        class_names={"class": tuple(facts.classes), "domain": domains},
        licence=facts.licence,
        source=facts.source,
        fingerprint=content_hash(images.facts),
        official_parts={"train": np.flatnonzero(~is_test), "test": np.flatnonzero(is_test)},
        group_factors={"domain": tuple(range(len(domains)))},
    )
