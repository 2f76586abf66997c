"""Making embeddings of a file or of words holds neither all of them, nor all texts or all counts, at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.data.peak_memory import grown_mb

NUM_TEXTS, NUM_WORDS = 8_000, 100

_FROM_FILE = """
import numpy as np
from detaux.core.progress import silent
from detaux.data.text.embeddings import write_rows
from detaux.data.text.embeddings_file import EmbeddingsFile
"""
_FROM_WORDS = """
import numpy as np
from detaux.core.progress import silent
from detaux.data.text import comments_table, embeddings
from detaux.data.text.embeddings import write_rows
from detaux.data.text.word_counts import WordCountEmbeddings

comments_table.CHUNK, embeddings._SAMPLED_ROWS = 250, 50

def convert(table, num_texts):
    def texts():
        return comments_table.read_texts(Path(table))

    made = WordCountEmbeddings(texts, num_texts, np.arange(num_texts), silent)
    write_rows(Path(table).with_suffix(".npy"), made, silent)
"""


def empty_embeddings(folder: Path, num_rows: int, width: int) -> Path:
    """Zeros that take no room on the disk."""
    path = folder / "made.npy"
    np.lib.format.open_memmap(path, "w+", np.float64, (num_rows, width))
    return path


def write_table(path: Path, num_texts: int) -> Path:
    """Texts of numbers, hardly one of which is in two."""
    words = np.random.default_rng(0).integers(100_000, 1_000_000, (num_texts, NUM_WORDS)).tolist()
    path.write_text("\n".join(["comment_text", *(" ".join(map(str, text)) for text in words)]))
    return path


@pytest.mark.parametrize(("num_rows", "width"), [(10_000, 2048), (600, 1 << 15)])
def test_wide_embeddings_of_a_file_are_read_in_small_pieces(
    tmp_path: Path, num_rows: int, width: int
) -> None:
    path = empty_embeddings(tmp_path, num_rows, width)  # 164 and 157 MB, as rows half of it
    work = f"""
file = EmbeddingsFile(Path({str(path)!r}), {num_rows}, np.arange(100))
write_rows(Path({str(path)!r}).with_name("rows.npy"), file, silent)
"""
    assert 0 < grown_mb(_FROM_FILE, work) < 130


def test_a_sample_of_a_file_is_held_once(tmp_path: Path) -> None:
    path = empty_embeddings(tmp_path, 30_000, 2048)
    work = f"EmbeddingsFile(Path({str(path)!r}), 30_000, np.arange(30_000)).training_sample()"
    assert 245 < grown_mb(_FROM_FILE, work) < 245 + 150


def test_memory_does_not_grow_with_the_number_of_texts(tmp_path: Path) -> None:
    few = write_table(tmp_path / "few.csv", 1000)
    many = write_table(tmp_path / "many.csv", NUM_TEXTS)  # 6 MB of text, 13 MB of counts
    before = f"{_FROM_WORDS}\nconvert({str(few)!r}, 1000)"
    assert grown_mb(before, f"convert({str(many)!r}, {NUM_TEXTS})") < 6
