"""Commands as a user gives them, on the smoke suite and on files with faults."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from detaux.cli.app import app
from detaux.cli.looking import Kind


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("place")


@pytest.fixture(autouse=True)
def _here(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("COLUMNS", "200")


def detaux(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture(scope="module")
def ran(place: Path) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("COLUMNS", "200")
        return detaux("run", "smoke", "--executor", "inline", "--report")


def test_run_ends_with_the_gains_and_the_report(ran: Result, place: Path) -> None:
    assert ran.exit_code == 0, ran.output
    assert "report: reports/smoke/index.html" in ran.stdout
    assert (place / "reports/smoke/index.html").is_file()
    for arm in ("stl", "detaux", "random", "shuffled"):
        assert arm in ran.stdout


@pytest.mark.usefixtures("ran")
def test_a_second_run_has_nothing_to_do() -> None:
    again = detaux("run", "smoke", "--executor", "inline")
    assert again.exit_code == 0
    assert "done in" not in again.stderr
    assert "14 done" in again.stdout


@pytest.mark.usefixtures("ran")
def test_plan_counts_what_is_there() -> None:
    planned = json.loads(detaux("plan", "smoke", "--format", "json").stdout)
    assert planned["stages"]["learn"] == {"done": 14, "seconds_left": 0.0}
    more = json.loads(detaux("plan", "smoke", "--set", "seeds=3", "--format", "json").stdout)
    assert more["stages"]["learn"]["missing"] == 7
    assert more["stages"]["disentangle"] == planned["stages"]["disentangle"]


@pytest.mark.usefixtures("ran")
def test_status_and_report_read_the_store() -> None:
    assert "14 done" in detaux("status", "smoke").stdout
    assert "report: reports/smoke/index.html" in detaux("report", "smoke").stdout


@pytest.mark.usefixtures("ran")
def test_status_writes_nothing_and_report_nothing_over_what_no_store_has(tmp_path: Path) -> None:
    before = {file.name: file.read_bytes() for file in Path("results/smoke").iterdir()}
    assert "7 missing" in detaux("status", "smoke", "--set", "seeds=3").stdout
    assert detaux("status", "smoke", "--store", str(tmp_path / "empty")).exit_code == 0
    other = str(tmp_path / "store")
    assert detaux("run", "smoke", "--executor", "inline", "--store", other, "--only", "measure",
                  "--results", str(tmp_path / "results")).exit_code == 0  # fmt: skip
    refused = detaux("report", "smoke", "--store", other)
    assert refused.exit_code == 2
    assert "results/smoke holds 14 runs that the store" in refused.stderr
    assert {file.name: file.read_bytes() for file in Path("results/smoke").iterdir()} == before
    elsewhere = ("--results", str(tmp_path / "results"), "--reports", str(tmp_path / "reports"))
    assert detaux("report", "smoke", "--store", other, *elsewhere).exit_code == 0


@pytest.mark.usefixtures("ran")
def test_a_folder_of_tables_is_drawn_without_its_suite_and_store(tmp_path: Path) -> None:
    assert detaux("report", "smoke").exit_code == 0
    without = ("--store", str(tmp_path / "empty"), "--reports", str(tmp_path))
    drawn = detaux("report", "results/smoke", *without)
    assert drawn.exit_code == 0, drawn.output
    gains = "smoke/tables/gain_by_arm.csv"
    assert (tmp_path / gains).read_bytes() == (Path("reports") / gains).read_bytes()


@pytest.mark.usefixtures("ran")
def test_a_store_without_the_runs_changes_no_report(tmp_path: Path) -> None:
    assert detaux("report", "smoke").exit_code == 0
    before = Path("reports/smoke/index.html").read_bytes()
    refused = detaux("report", "smoke", "--store", str(tmp_path / "empty"))
    assert refused.exit_code == 2
    assert "draw the tables that are there: detaux report results/smoke" in refused.stderr
    assert Path("reports/smoke/index.html").read_bytes() == before


@pytest.mark.usefixtures("ran")
@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("runs.parquet", "no table", "runs.parquet: cannot be read"),
        ("suite.json", "[]", "suite.json: is no suite"),
        ("suite.json", '{"report": 5}', "suite.json: is no suite"),
    ],
)
def test_damaged_tables_are_not_drawn(tmp_path: Path, file: str, content: str, said: str) -> None:
    folder = shutil.copytree("results/smoke", tmp_path / "smoke")
    (folder / file).write_text(content)
    refused = detaux("report", str(folder), "--reports", str(tmp_path / "reports"))
    assert refused.exit_code == 2
    assert said in refused.stderr


@pytest.mark.usefixtures("ran")
def test_a_folder_of_tables_takes_no_changes() -> None:
    refused = detaux("report", "results/smoke", "--set", "seeds=3")
    assert refused.exit_code == 2
    assert "--set changes a suite" in refused.stderr


@pytest.mark.parametrize("name", ["x" * 5000, "\0", "", "results"])
def test_a_report_of_no_suite_or_folder_is_refused(name: str) -> None:
    refused = detaux("report", name)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("detaux: unknown name")


def test_only_stops_after_a_stage(tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    assert detaux("run", "smoke", "--executor", "inline", "--only", "data", "--store", store).exit_code == 0
    stages = json.loads(detaux("plan", "smoke", "--store", store, "--format", "json").stdout)["stages"]
    assert stages["data"]["done"] == 1
    assert "done" not in stages["disentangle"]


def test_failed_jobs_give_exit_code_1(tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    failed = detaux(
        "run", "smoke", "--executor", "inline", "--store", store, "--set", "learn.learning_rate=1e30"
    )
    assert failed.exit_code == 1
    assert "14 error" in failed.stdout


def test_faults_give_exit_code_2_and_are_all_told() -> None:
    refused = detaux("run", "smoke", "--set", "data.name=digit", "--set", "seeds=0", "--set", "lern.steps=3")
    assert refused.exit_code == 2
    for words in ("did you mean 'digits'", "seeds", "did you mean 'learn'"):
        assert words in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "smok"), "did you mean 'smoke'"),
        (("run", "smoke", "--set", "seeds"), "no KEY=VALUE"),
        (("run", "smoke", "--nonsense"), "No such option"),
        (("list", "weighting"), "weightings"),
        (("data", "show", "digit"), "did you mean 'digits'"),
        (("data", "show", "digits", "-o", "image_sise=8"), "did you mean 'image_size'"),
        (("report", "smoke", "--set", "suite=never_run", "--set", "nothing=1"), "nothing"),
    ],
)
def test_bad_input_is_answered_with_a_remedy(words: tuple[str, ...], said: str) -> None:
    refused = detaux(*words)
    assert refused.exit_code == 2, refused.output
    assert said in refused.stderr
    assert "Traceback" not in refused.output


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_listed(kind: Kind) -> None:
    from detaux.suite import find_suites
    from detaux.suite.catalogue import registry

    listed = detaux("list", kind)
    assert listed.exit_code == 0
    names = [line.split()[0] for line in listed.stdout.splitlines() if not line.startswith(" ")]
    assert names == list(find_suites() if kind is Kind.suites else registry(kind).names())


def test_only_knows_the_stages_of_the_pipeline() -> None:
    from detaux.pipeline.stage import STAGES

    refused = detaux("run", "smoke", "--only", "report")
    assert refused.exit_code == 2
    assert all(stage in refused.stderr for stage in STAGES)


def test_show_prints_a_suite_with_its_bases() -> None:
    import yaml

    shown = yaml.safe_load(detaux("show", "ablations/strength").stdout)
    assert shown["suite"] == "strength"
    assert shown["data"]["name"] == "shapes3d"


def test_schema_is_the_one_that_is_checked_in() -> None:
    checked_in = Path(__file__).parents[2] / "schema/suite.schema.json"
    assert json.loads(detaux("schema").stdout) == json.loads(checked_in.read_text())


def free_disk(gib: int) -> SimpleNamespace:
    return SimpleNamespace(total=500 << 30, free=gib << 30)


def test_doctor_finds_this_machine_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free_disk(100))
    well = detaux("doctor")
    assert well.exit_code == 0, well.output
    assert "torch" in well.stdout


def test_doctor_warns_of_a_small_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free_disk(4))
    ill = detaux("doctor")
    assert ill.exit_code == 1
    assert "4 GiB free; less than 5 GiB may not be enough" in " ".join(ill.stdout.split())


def test_doctor_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ill = detaux("doctor", "--store", str(tmp_path / "file" / "store"))
    assert ill.exit_code == 1
    assert "name another with --store" in ill.stdout


def test_data_show_writes_a_contact_sheet(tmp_path: Path) -> None:
    from PIL import Image

    shown = detaux(
        "data", "show", "digits", "-o", "image_size=8", "--images", "20", "--out", str(tmp_path / "s.png")
    )
    assert shown.exit_code == 0, shown.output
    with Image.open(tmp_path / "s.png") as sheet:
        assert sheet.size == (16 * 10 - 2, 2 * 10 - 2)
    assert "1,797 images" in shown.stdout
    assert "sheet: 20 images drawn at random, 16 a row, in the set's own order" in shown.stdout


def test_every_command_shows_an_example() -> None:
    for command in ("run", "plan", "status", "report", "list", "show", "doctor", "schema", "data"):
        assert "Example: detaux" in detaux(command, "--help").stdout, command


def test_the_program_exits_with_the_code_of_its_command() -> None:
    command = [sys.executable, "-c", "from detaux.cli import main; main()", "run", "smok"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("detaux: unknown name 'smok'")
