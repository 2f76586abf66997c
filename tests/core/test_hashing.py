import hashlib
import math
from pathlib import Path

import pytest

from detaux.core.hashing import canonical_json, content_hash, file_hash


def test_key_order_and_tuples_do_not_matter() -> None:
    assert (
        canonical_json({"b": (1, 2), "a": None})
        == canonical_json({"a": None, "b": [1, 2]})
        == '{"a":null,"b":[1,2]}'
    )


def test_whole_floats_equal_integers() -> None:
    assert content_hash({"strength": 1.0}) == content_hash({"strength": 1})
    assert content_hash({"strength": 1.5}) != content_hash({"strength": 1})


def test_booleans_are_not_numbers() -> None:
    assert content_hash({"x": True}) != content_hash({"x": 1})


@pytest.mark.parametrize("value", [math.nan, math.inf, object(), {1, 2}, b"bytes"])
def test_what_has_no_canonical_text_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"x": value})


def test_known_hash() -> None:
    expected = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # sha256 of "{}"
    assert content_hash({}) == expected


def test_file_hash_reads_past_one_piece(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "file").write_bytes(content)
    assert file_hash(tmp_path / "file") == hashlib.sha256(content).hexdigest()
