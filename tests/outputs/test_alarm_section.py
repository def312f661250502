"""Alarms as an accountant reads them: on the Summary sheet and in summary.json."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from recon.ledger.alarm import Alarm, AlarmRate, Alarms
from recon.ledger.days import NO_DAY
from recon.outputs.alarm_section import alarm_section, alarms_told, rates_told
from recon.outputs.labels import Language
from recon.outputs.page import Page

RATE = AlarmRate("day_out_of_band", "outside", "0.1%", "day", 1234)
BAND = Alarm("day_out_of_band", "outside", "a:1", "shop", 20_000, "CNY", "words", "amount", 90_000, 100, 30_000)
HOLE = Alarm("file_missing", "missing", "a:1", "", NO_DAY, "CNY", "=words", break_id="B1")
SHARE = Alarm("refund_rate_doubled", "doubled", "a:1", "", 20_000, "CNY", "w", "per_ten_thousand", 3690, 0, 1666)


def laid_out(alarms: Alarms, lang: str) -> list[list[object]]:
    sheet = Workbook().active
    assert sheet is not None
    summary = {"alarms": alarms_told(alarms), "alarm_rate": rates_told(alarms)}
    alarm_section(Page(sheet, 17), summary, Language(lang))
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_amounts_are_texts_and_facts_have_no_rate() -> None:
    band, hole = alarms_told(Alarms((BAND, HOLE), (RATE,)))
    assert (band["value"], band["low"], band["high"], band["day"]) == ("900.00", "1.00", "300.00", "2024-10-04")
    assert (band["false_alarm_rate"], hole["false_alarm_rate"], hole["break_id"]) == ("0.1%", None, "B1")
    assert (hole["value"], hole["day"], hole["shop"]) == (None, None, None)


@pytest.mark.parametrize(("lang", "title"), [("zh", "警报"), ("en", "no breaks")])
def test_the_section_shows_alarms_and_rates(lang: str, title: str) -> None:
    rows = [row for row in laid_out(Alarms((BAND, HOLE, SHARE), (RATE,)), lang) if row]
    assert title in str(rows[0][0])
    assert [str(cell) for cell in rows[2][5:9]] == ["900.00", "1.00", "300.00", "≤ 0.1%"]
    assert rows[3][-1] == "=words"
    assert rows[4][5:8] == ["36.90%", "0.00%", "16.66%"]
    assert "0.1%" in str(rows[5][0])
    assert "1,234" in str(rows[5][0])


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有警报"), ("en", "No alarm")])
def test_no_alarm_is_said_where_something_was_judged(lang: str, said: str) -> None:
    assert [said] in laid_out(Alarms((), (RATE,)), lang)


def test_nothing_judged_takes_no_place() -> None:
    assert laid_out(Alarms(), "en") in ([], [[]])
