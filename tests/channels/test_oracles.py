"""The readers of the standards of banks against libraries that read them too: entry by entry the same money.

On our samples and, where `RECON_REAL_FILES` names a folder, on the real files in it. What a library gets wrong is
asserted as well, so that a new version which mends it is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from bai2 import bai2
from bai2.exceptions import IntegrityException
from lxml import etree
from mt940.parser import parse_statements
from ofxparse import OfxParser
from ofxparse.ofxparse import OfxParserException
from quiffen import Qif, Transaction

from recon.channels.reader import read_file
from recon.channels.spec import Spec
from recon.ledger.statement import Statement
from tests.channels.real_answers import files_below
from tests.channels.sample_tables import FILES

#: Of ofxparse, which uses old names of its parser, and that for HTML.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::bs4.XMLParsedAsHTMLWarning"),
]


class Money(NamedTuple):
    """One movement: signed minor units (all files here have two decimals), value date, the bank's own number."""

    amount: int
    value_date: str
    number: str


OPENING = "Opening Balance"  # no movement (QIF)
Movements = list[list[Money]]
Library = Callable[[str], Movements]


def minor(amount: Decimal) -> int:
    scaled = amount * 100
    assert scaled == int(scaled)
    return int(scaled)


def ours(path: Path, specs: Mapping[str, Spec]) -> Movements:
    """Movements per statement as our reader gives them, statements without any left out, newest row where it stands."""
    read = [one for one in read_file(path, path.name, specs) if isinstance(one, Statement)]
    assert read
    columns = [one.table.select(["amount", "value_date", "payment_ref"]).to_pylist() for one in read]
    return [
        [Money(row["amount"], str(row["value_date"] or ""), row["payment_ref"] or "") for row in one] for one in columns
    ]


def by_mt940(text: str) -> Movements:
    return [
        [
            Money(minor(one.data["amount"].amount), str(one.data["date"]), one.data.get("bank_reference") or "")
            for one in statement.transactions
        ]
        for statement in parse_statements(text)
    ]


def by_elements(text: str) -> Movements:
    """The booked entries by their paths: the libraries for CAMT drag servers in or want an older pandas."""
    return [
        [
            Money(
                minor(Decimal(entry.findtext("{*}Amt") or ""))
                * (1 if entry.findtext("{*}CdtDbtInd") == "CRDT" else -1),
                (entry.findtext("{*}ValDt/{*}Dt") or "")[:10],
                entry.findtext("{*}AcctSvcrRef") or "",
            )
            for entry in statement.iterfind("{*}Ntry")
            if (entry.findtext("{*}Sts/{*}Cd") or entry.findtext("{*}Sts")) == "BOOK"
        ]
        for kind in ("Stmt", "Rpt", "Ntfctn")
        for statement in etree.fromstring(text.encode()).iterfind(".//{*}" + kind)
    ]


def by_bai2(text: str) -> Movements:
    accounts = [account for group in bai2.parse_from_string(text).children for account in group.children]
    return [
        [
            Money(one.amount * (1 if one.type_code.transaction.value == "credit" else -1), "", one.bank_reference or "")
            for one in account.children
        ]
        for account in accounts
    ]


def by_ofxparse(text: str) -> Movements:
    accounts = OfxParser.parse(BytesIO(text.encode())).accounts
    return [[Money(minor(one.amount), "", one.id) for one in account.statement.transactions] for account in accounts]


def by_quiffen(text: str) -> Movements:
    book = Qif.parse_string(text, day_first=False)
    lists = [rows for account in book.accounts.values() for rows in account.transactions.values()]
    return [
        [Money(minor(one.amount), "", "") for one in rows if isinstance(one, Transaction) and one.payee != OPENING]
        for rows in lists
    ]


LIBRARIES: Mapping[str, Library] = {
    "mt940": by_mt940, "mt942": by_mt940, "camt.052": by_elements, "camt.053": by_elements, "camt.054": by_elements,
    "camt": by_elements, "bai2": by_bai2, "ofx": by_ofxparse, "qif": by_quiffen,
}  # fmt: skip
#: Real files that a library refuses or reads wrong, and how.
WRONG: Mapping[str, type[Exception]] = {
    "bai2/moov_sample3.txt": ValueError,  # two records on one line
    "bai2/moov_sample4_newline.txt": IntegrityException,  # totals of the bank that are wrong
    "ofx/checking_empty_ledgerbal.ofx": OfxParserException,
    "ofx/v102_empty_tags.ofx": IndexError,  # values on the line after their tags
}
REAL = files_below("banks")
CASES = {
    **{f"sample/{path.parent.name}/{path.name}": path for path in FILES if path.parent.name in LIBRARIES},
    **{name: path for name, path in REAL.items() if name.split("/", maxsplit=1)[0] in LIBRARIES},
}


FILES_BY_NAME = {path.name: path for path in FILES}


def library_of(name: str) -> Library:
    parts = name.split("/")
    return LIBRARIES[parts[-2]]


def comparable(movements: Movements, as_library: Movements) -> Movements:
    """Leave out what the library does not tell, so that the rest is compared."""
    flat = [one for statement in as_library for one in statement]
    dates, numbers = any(one.value_date for one in flat), any(one.number for one in flat)
    return [
        [Money(one.amount, one.value_date if dates else "", one.number if numbers else "") for one in statement]
        for statement in movements
        if statement
    ]


@pytest.mark.parametrize("name", CASES)
def test_the_library_reads_the_same_money(name: str, specs: Mapping[str, Spec]) -> None:
    path, library = CASES[name], library_of(name)
    if name in WRONG:
        with pytest.raises(WRONG[name]):
            library(path.read_text(encoding="utf-8"))
        return
    theirs = library(path.read_text(encoding="utf-8"))
    assert comparable(ours(path, specs), theirs) == [one for one in theirs if one]


def alone(text: str, name: str, folder: Path, specs: Mapping[str, Spec]) -> list[int]:
    """Amounts that our reader finds in a text."""
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return [one.amount for statement in ours(path, specs) for one in statement]


HEAD = ":20:R1\n:25:123/456\n:28C:1/1\n"
SWIFT = HEAD + ":60F:C261001EUR100,\n:61:2610021002{0}10,NTRFNONREF\n:86:text\n:62F:C261031EUR{1},\n"


def test_mt940_keeps_the_sign_of_a_reversed_credit(tmp_path: Path, specs: Mapping[str, Spec]) -> None:
    text = SWIFT.format("RC", 90)
    assert [one.amount for one in by_mt940(text)[0]] == [1000]  # wrong: the money goes out again
    assert alone(text, "a.sta", tmp_path, specs) == [-1000]
    text = SWIFT.format("RD", 110)
    assert [one.amount for one in by_mt940(text)[0]] == alone(text, "b.sta", tmp_path, specs) == [1000]


def test_mt940_glues_a_text_of_the_statement_to_its_last_movement(tmp_path: Path, specs: Mapping[str, Spec]) -> None:
    text = SWIFT.format("C", 110) + ":86:of the statement\n"
    (statement,) = parse_statements(text)
    assert "of the statement" in str(statement.transactions[-1].data)
    path = tmp_path / "a.sta"
    path.write_text(text, encoding="utf-8")
    (read,) = read_file(path, path.name, specs)
    assert isinstance(read, Statement)
    assert read.table["memo"].to_pylist() == ["text"]


def test_mt940_refuses_expected_entries(tmp_path: Path, specs: Mapping[str, Spec]) -> None:
    text = HEAD + ":34F:EUR0,\n:61:2610021002{0}10,NTRFNONREF\n:61:2610021002C7,NTRFNONREF\n"
    with pytest.raises(RuntimeError):
        by_mt940(text.format("EC"))
    assert alone(text.format("EC"), "a.sta", tmp_path, specs) == [700]


def test_ofxparse_spoils_utf_8_under_another_charset() -> None:
    text = FILES_BY_NAME["checking.ofx"].read_text(encoding="utf-8")
    assert "CHARSET:1252" in text
    spoilt = OfxParser.parse(BytesIO(text.replace("STRIPE TRANSFER", "货款 TRANSFER").encode()))
    assert not any("货款" in one.memo for one in spoilt.accounts[0].statement.transactions)
