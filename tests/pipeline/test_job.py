import pytest

from detaux.pipeline.job import Job


def job(**changes: object) -> Job:
    content: dict[str, object] = {
        "stage": "learn",
        "config": {"steps": 5},
        "inputs": {"data": "ab"},
        "seed": 1,
    }
    return Job(**{**content, **changes})  # type: ignore[arg-type]  # each test changes one field


def test_a_key_never_changes_by_itself() -> None:
    """Golden key: if this fails, every artifact of every user would be made anew."""
    assert job().key == "a98ac0b76cd8460ae42df258efc695dab94124f5379ab3e79620d7efdb6a59a7"


@pytest.mark.parametrize(
    "change",
    [
        {"stage": "measure"},
        {"config": {"steps": 6}},
        {"inputs": {"data": "ac"}},
        {"seed": 2},
        {"fingerprint": "f"},
    ],
)
def test_every_field_enters_the_key(change: dict[str, object]) -> None:
    assert job(**change).key != job().key


def test_a_job_survives_the_way_through_plain_values() -> None:
    assert Job(**job().as_dict()) == job()


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown stage 'lern'"):
        job(stage="lern")
