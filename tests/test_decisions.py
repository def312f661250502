"""decisions.csv: what is read, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.config.decisions import read_decisions
from recon.errors import UsageFault
from recon.ledger.decisions import Decision, Decisions

HEAD = "decision,entry_ids,by,at,note\n"
WRITE_HEAD = "Write decision and entry_ids into the header."
COPY = "Copy it from entry_ids of breaks.csv or entry_id of in_transit.csv."
TWICE = "is matched in line 2 with other entries. Write all of them in one line."


def read(folder: Path, text: str | bytes) -> Decisions:
    path = folder / "decisions.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_decisions(path)


def test_without_a_file_nothing_is_decided() -> None:
    assert read_decisions(None) == Decisions()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_read(tmp_path: Path, mark: bytes, end: str) -> None:
    text = (
        HEAD + "match,order-gateway:0b;order-gateway:0a,Li,2026-11-02,phoned\n"
        "\n,,,,\n"
        'decline, gateway-bank:0c ; 0d ;,,,"two\nlines"\n'
        "decline,0a;0c\n"
        "match,0a;0b,Wang,,the same again\n"
    )
    assert read(tmp_path, mark + text.replace("\n", end).encode()) == Decisions(
        (Decision(2, ("0a", "0b"), "Li", "phoned"),),
        (Decision(5, ("0c", "0d"), "", "two\nlines"), Decision(7, ("0a", "0c"))),
        "decisions.csv",
    )


def test_columns_stand_in_any_order_and_an_owner_goes_before_who_decided(tmp_path: Path) -> None:
    text = "entry_ids,owner,by,decision\n0a;0b,Zhao,Li,match\n"
    assert read(tmp_path, text).matches == (Decision(2, ("0a", "0b"), "Zhao"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": is empty. Write a header with decision and entry_ids."),
        ("decision\n", f":1: the column entry_ids is missing. {WRITE_HEAD}"),
        ("decision,entry_ids,decision\n", f":1: the column decision stands twice. {WRITE_HEAD}"),
        (HEAD + "mach,0a;0b\n", ":2: decision = 'mach': is no decision. Write match or decline."),
        (HEAD + "wait,0a;0b\n", ":2: decision = 'wait': is no decision. Write match or decline."),
        (HEAD + "match,0a;B1!\n", f":2: entry_ids = 'B1!': is no entry id. {COPY}"),
        (HEAD + "match,0a;bank:0b\n", f":2: entry_ids = 'bank:0b': is no entry id. {COPY}"),
        (HEAD + "match,0a;0a\n", ":2: entry_ids = '0a;0a': names fewer than two entries. Put `;` between them."),
        (HEAD + "match\n", ":2: entry_ids = '': names fewer than two entries. Put `;` between them."),
        (HEAD + "match,0a;0b\ndecline,0a;0b\nmatch,0b;0c\n", f":4: entry_ids = '0b': {TWICE}"),
        (HEAD + "match,0a;0b,,,,surplus\n", ":2: has a cell without a column: 'surplus'. Remove it."),
        (HEAD + 'match,"0a;0b\n', ":2: is not csv: unexpected end of data."),
        (HEAD.encode() + "备注".encode("gbk"), ": is not UTF-8. Save it as CSV UTF-8."),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(UsageFault) as refused:
        read(tmp_path, text)
    assert str(refused.value) == f"decisions.csv{message}"


def test_all_faults_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as refused:
        read(tmp_path, HEAD + "match,0a;0b\nmach,0a\nmatch,0a;0c\nmatch,x;0d\n")
    told = str(refused.value).splitlines()
    assert [line.split(": ")[0] for line in told] == [f"decisions.csv:{n}" for n in (3, 4, 5)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match=r"none\.csv: cannot be read: No such file or directory\."):
        read_decisions(tmp_path / "none.csv")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    try:
        told = read(folder, (HEAD + text).encode("utf-8", "surrogatepass"))
    except UsageFault as fault:
        assert str(fault).startswith("decisions.csv")
    else:
        assert all(len(one.entries) > 1 for one in (*told.matches, *told.declines))
