"""Real layouts of one bank account side by side in one folder, read as a user's are: one of them is the money."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon.config import Config
from recon.intake import Reading, read

SAMPLES = Path(__file__).parents[1] / "samples" / "channels"
MT940 = (SAMPLES / "mt940" / "statement.sta").read_text(encoding="utf-8")
CAMT = next((SAMPLES / "camt.053").glob("*.xml")).read_text(encoding="utf-8")
IBAN = "NL26VAYB8060476890"


def intake(folder: Path, **files: str) -> Reading:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return read([folder], config=Config(), progress=lambda *_: None)


def money(reading: Reading) -> list[tuple[str, int]]:
    """Day and amount of the rows that are no copies, sorted."""
    kept = reading.entries[(reading.entries["book"].astype(str) != "copy").to_numpy()]
    return sorted((str(day), int(amount)) for day, amount in zip(kept["value_date"], kept["amount"], strict=True))


@pytest.mark.parametrize("iban", [IBAN, "DE89370400440532013000"])
def test_camt_and_mt940_of_one_account_are_counted_once(tmp_path: Path, iban: str) -> None:
    number = MT940.replace("37040044/0532013000", iban.removeprefix("DE89"))
    both = intake(tmp_path, statement_xml=CAMT.replace(IBAN, iban), statement_sta=number)
    assert both.exit_code == 0
    assert len(money(both)) == len(both.entries) // 2
    channels = both.entries["channel"].astype(str)[(both.entries["book"].astype(str) == "copy").to_numpy()]
    assert channels.nunique() == 1


def test_the_report_of_the_day_yields_to_the_statement(tmp_path: Path) -> None:
    report = CAMT.replace("camt.053", "camt.052").replace("BkToCstmrStmt", "BkToCstmrAcctRpt")
    report = report.replace("<Stmt>", "<Rpt>").replace("</Stmt>", "</Rpt>")
    both = intake(tmp_path, a_xml=report, b_xml=CAMT)
    copied = (both.entries["book"].astype(str) == "copy").to_numpy()
    assert set(both.entries["channel"].astype(str)[copied]) == {"camt.052"}
    assert copied.sum() * 2 == len(copied)


def test_two_accounts_stay_two(tmp_path: Path) -> None:
    both = intake(tmp_path, statement_xml=CAMT, statement_sta=MT940)
    assert len(money(both)) == len(both.entries)
