"""Where a run reads, and that a result replaces the one before it as a whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from recon.errors import UsageFault, WorkspaceFault
from recon.workspace import discover, is_output, publish, walk

SUMMARY = json.dumps({"version": "0.1.0", "as_of": "2026-10-31", "legs": []})


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SUMMARY if path.name == "summary.json" else "x", encoding="utf-8")
    folder.mkdir(exist_ok=True)
    return folder


def result(**texts: str) -> Callable[[Path], None]:
    """Return a writer: `breaks="a"` writes breaks.csv, beside a summary.json."""

    def write(folder: Path) -> None:
        for name, text in texts.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        (folder / "summary.json").write_text(SUMMARY, encoding="utf-8")

    return write


def contents(folder: Path) -> Mapping[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_a_plain_folder_is_its_own_inbox(tmp_path: Path) -> None:
    folder = make(tmp_path / "october", "a.csv")
    found = discover(folder)
    assert (found.inbox, found.config_path) == (folder, None)
    assert found.out("2026-10") == tmp_path / "october-recon"


def test_a_folder_named_by_a_dot_has_its_real_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make(tmp_path / "october", "a.csv"))
    assert discover(Path()).out("2026-10") == tmp_path / "october-recon"


def test_a_folder_with_a_configuration_is_a_workspace(tmp_path: Path) -> None:
    folder = make(tmp_path / "shop", "recon.yaml", "inbox/a.csv")
    found = discover(folder)
    assert (found.inbox, found.config_path) == (folder / "inbox", folder / "recon.yaml")
    assert found.out("2026-10") == folder / "out" / "2026-10"


def test_out_names_the_output_of_both(tmp_path: Path) -> None:
    plain, shop = make(tmp_path / "a", "a.csv"), make(tmp_path / "b", "recon.yaml", "inbox/a.csv")
    for folder in (plain, shop):
        assert discover(folder, tmp_path / "there").out("2026-10") == tmp_path / "there"


@pytest.mark.parametrize(
    ("folder", "out", "problem"),
    [
        ("none", None, "there is no such folder"),
        ("a.csv", None, "is a file"),
        ("bare", None, "holds a recon.yaml, so its input lies in inbox/, which is missing"),
        ("plain", "plain", "is or holds the input"),
        ("shop", "shop", "is or holds the input"),
        ("plain", "a.csv", "is a file"),
    ],
)
def test_places_that_cannot_be_used(tmp_path: Path, folder: str, out: str | None, problem: str) -> None:
    make(tmp_path, "a.csv", "bare/recon.yaml", "plain/a.csv", "shop/recon.yaml", "shop/inbox/a.csv")
    with pytest.raises(UsageFault, match=problem):
        discover(tmp_path / folder, tmp_path / out if out else None)


def test_the_walk_is_deep_sorted_and_passes_over_clutter(tmp_path: Path) -> None:
    make(
        tmp_path, "b/账单.csv", "b/a.zip", "a.csv", "B.csv", ".hidden", ".git/x.csv", "~$a.xlsx", "Thumbs.db",
        "b/.DS_Store", "Desktop.ini", "b-recon/summary.json", "b-recon/breaks.csv", "month-recon/a.csv",
    )  # fmt: skip
    found = [path.relative_to(tmp_path).as_posix() for path in walk(tmp_path)]
    assert found == ["B.csv", "a.csv", "b/a.zip", "b/账单.csv", "month-recon/a.csv"]


def test_a_folder_of_clutter_is_empty(tmp_path: Path) -> None:
    make(tmp_path, ".DS_Store", "old-recon/summary.json")
    with pytest.raises(UsageFault, match="holds no files"):
        walk(tmp_path)


def test_links_do_not_lead_in_circles(tmp_path: Path) -> None:
    make(tmp_path, "a/a.csv")
    (tmp_path / "a" / "back").symlink_to(tmp_path, target_is_directory=True)
    assert [path.name for path in walk(tmp_path)] == ["a.csv"]


def test_a_first_result(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    publish(out, result(breaks="1"))
    assert contents(out) == {"breaks.csv": "1", "summary.json": SUMMARY}
    assert is_output(out)


def test_a_rerun_replaces_its_own_files_only(tmp_path: Path) -> None:
    publish(tmp_path, result(breaks="1", quarantine="1"))
    make(tmp_path, "notes.txt", "mine.csv", "sub/a.csv")
    publish(tmp_path, result(breaks="2", matches="2"))
    assert {path.name for path in tmp_path.iterdir()} == {
        "breaks.csv", "matches.csv", "summary.json", "notes.txt", "mine.csv", "sub",
    }  # fmt: skip
    assert (tmp_path / "breaks.csv").read_text(encoding="utf-8") == "2"


def test_files_that_are_not_ours_are_never_overwritten(tmp_path: Path) -> None:
    make(tmp_path, "breaks.csv", "files.csv")
    with pytest.raises(WorkspaceFault, match=r"did not write: breaks\.csv\. Name another --out"):
        publish(tmp_path, result(breaks="2"))
    assert contents(tmp_path) == {"breaks.csv": "x", "files.csv": "x"}


def test_files_that_are_not_ours_are_never_removed(tmp_path: Path) -> None:
    make(tmp_path, "files.csv")
    publish(tmp_path, result(breaks="2"))
    assert contents(tmp_path)["files.csv"] == "x"


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_a_failed_writer_leaves_the_old_result(tmp_path: Path, error: type[BaseException]) -> None:
    def fail(folder: Path) -> None:
        (folder / "breaks.csv").write_text("half", encoding="utf-8")
        raise error

    publish(tmp_path / "old", result(breaks="1"))
    for out in (tmp_path / "old", tmp_path / "new" / "deep"):
        with pytest.raises(error):
            publish(out, fail)
    assert contents(tmp_path / "old") == {"breaks.csv": "1", "summary.json": SUMMARY}
    assert not (tmp_path / "new").exists()


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        raise OSError(28, "No space left on device", str(folder / "breaks.csv"))

    with pytest.raises(WorkspaceFault, match=r"breaks\.csv: cannot be written: No space left on device\."):
        publish(tmp_path / "out", fail)
    assert not (tmp_path / "out").exists()


def test_a_file_held_by_another_program_is_told_before_anything_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def held(path: Path, mode: str = "r", **options: str) -> object:
        if path == tmp_path / "breaks.csv" and "+" in mode:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, mode, **options)

    publish(tmp_path, result(breaks="1"))
    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(WorkspaceFault, match="is open in another program or read-only"):
        publish(tmp_path, result(breaks="2"))
    monkeypatch.undo()
    assert contents(tmp_path) == {"breaks.csv": "1", "summary.json": SUMMARY}


@pytest.mark.parametrize("moves", range(5))
def test_a_crash_leaves_the_old_or_the_new_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int) -> None:
    """The power fails at each of the steps that change the folder; the next look at it finishes what was begun."""
    publish(tmp_path, result(breaks="1", quarantine="1"))
    steps = iter(range(moves))

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            if next(steps, None) is None:
                raise MemoryError
            return real(*arguments, **options)

        return step

    with monkeypatch.context() as power:
        power.setattr(Path, "rename", counted(Path.rename))
        power.setattr(Path, "replace", counted(Path.replace))
        power.setattr("recon.workspace._discard", lambda out, made: None)
        with pytest.raises(MemoryError):
            publish(tmp_path, result(breaks="2", files="2", matches="2"))

    if (tmp_path / ".recon-ready").exists():
        with pytest.raises(ZeroDivisionError):
            publish(tmp_path, lambda _: 1 / 0)
        assert contents(tmp_path) == {"breaks.csv": "2", "files.csv": "2", "matches.csv": "2", "summary.json": SUMMARY}
    else:
        assert (tmp_path / "breaks.csv").read_text(encoding="utf-8") == "1"
        publish(tmp_path, result(breaks="3"))
        assert contents(tmp_path) == {"breaks.csv": "3", "summary.json": SUMMARY}


def test_a_result_is_of_known_names_with_a_summary(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"strange\.csv"):
        publish(tmp_path / "out", result(strange="1"))
    with pytest.raises(ValueError, match="without summary"):
        publish(tmp_path / "out", lambda _: None)
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    make(tmp_path, "file")
    with pytest.raises(WorkspaceFault, match="cannot be written"):
        publish(tmp_path / "file" / "out", result(breaks="1"))
