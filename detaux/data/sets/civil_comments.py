"""CivilComments: comments on news sites, toxic or not, by the identities that they mention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detaux.core.hashing import content_hash, file_hash
from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.cache import CacheEntry, cached_array
from detaux.data.dataset import Dataset
from detaux.data.files.image_source import reading
from detaux.data.files.open_source import user_path
from detaux.data.files.regular_file import check_regular
from detaux.data.labelled import LabelledImages
from detaux.data.registries import datasets
from detaux.data.text.comments_table import COLUMN_OF, IDENTITIES, NUM_COMMENTS, read_labels, read_texts
from detaux.data.text.embeddings import Embeddings, write_rows
from detaux.data.text.embeddings_file import EmbeddingsFile
from detaux.data.text.word_counts import WordCountEmbeddings

_SOURCE = (
    "Borkan et al. 2019, Nuanced Metrics, arXiv:1903.04561; parts and groups of Koh et al. 2021, WILDS, "
    "arXiv:2012.07421, wilds.stanford.edu"
)
_LICENCE = "CC0-1.0"
_VERSION = 1


@datasets.register(
    "civil_comments",
    summary="CivilComments of WILDS, embeddings of 448,000 comments with 16 groups, from the user's own copy",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CivilComments:
    """Options of CivilComments.

    The factors are `toxic` and eight identities, all of the values `no` and `yes`; half of a comment's raters make a
    yes, and an empty cell is a no, as in the code of WILDS. Each identity that is mentioned makes two of the 16
    groups of WILDS, toxic or not. Columns and groups are as that code reads them, and the parts have the sizes that
    papers on them print.

    An image is an embedding of E numbers: one row of ceil(E / 3) pixels whose channels are its coordinates in their
    order, then zeros, quantised to 8 bits as vector stores do. The levels 0 to 255 cover a coordinate's 0.1 to 99.9
    percentile among the training comments, or 65,536 of them drawn at random; a number in that range is off by half
    a step at most, one outside is clipped. It takes the backbone `mlp`: neighbouring pixels mean nothing.

    Without `embeddings`, E is 192 and they are made here, once, and cached: hashed words and word pairs, tf-idf,
    truncated SVD; see `WordCountEmbeddings`. They are no pretrained language model's, so that no score can be
    compared with the WILDS leaderboard.

    Source: Borkan, Dixon, Sorensen, Thain and Vasserman 2019, arXiv:1903.04561; Koh et al. 2021, arXiv:2012.07421.
    """

    licence: ClassVar[str] = _LICENCE
    num_images: ClassVar[int | None] = NUM_COMMENTS

    path: str
    """Of `all_data_with_identities.csv`, as WILDS has it."""
    embeddings: str | None = None
    """Of a `.npy` file of floats (448000, E) in the order of the table's rows, made by any encoder."""

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        Raises:
            DataError: If a file is missing, damaged, or not laid out as said; a table's faults are told at once.
        """
        table = user_path(self.path)
        labels, parts = read_labels(table)
        facts = {
            "comments": file_hash(table),
            "embeddings": None if self.embeddings is None else _hash(user_path(self.embeddings)),
            "version": _VERSION,
        }
        entry = self._entry(facts, len(labels), parts["train"], progress or Announcer())
        return LabelledImages(
            name="civil_comments",
            pixels=entry.array,
            rows=np.arange(len(labels)),
            labels=labels,
            class_names=dict.fromkeys(COLUMN_OF, ("no", "yes")),
            licence=_LICENCE,
            source=_SOURCE,
            fingerprint=content_hash(facts),
            official_parts=parts,
            group_factors=dict.fromkeys(IDENTITIES, (1,)),
        )

    def _entry(
        self, facts: Mapping[str, Any], num_rows: int, train: NDArray[np.int64], progress: Progress
    ) -> CacheEntry:
        def fill(path: Path) -> Mapping[str, Any]:
            return write_rows(path, self._embeddings(num_rows, train, progress), progress)

        return cached_array("civil_comments", facts, fill)

    def _embeddings(self, num_rows: int, train: NDArray[np.int64], progress: Progress) -> Embeddings:
        if self.embeddings is not None:
            return EmbeddingsFile(user_path(self.embeddings), num_rows, train)
        table = user_path(self.path)
        return WordCountEmbeddings(lambda: read_texts(table), num_rows, train, progress)


def _hash(path: Path) -> str:
    with reading(path):
        check_regular(path)
        return file_hash(path)
