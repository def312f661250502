"""The standards of banks: worked by hand from the grammar, with the dirt that real files hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from recon.channels.reader import read_file
from recon.channels.spec import Spec
from recon.channels.standards.records import decoded
from recon.ledger.statement import Statement, Unread

Reader = Callable[..., list[Statement | Unread]]


@pytest.fixture
def booked(tmp_path: Path, specs: Mapping[str, Spec]) -> Callable[[str | bytes], list[Statement]]:
    """Read bytes whose every part is a statement."""

    def reader(data: str | bytes) -> list[Statement]:
        path = tmp_path / "statement"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        found = read_file(path, "statement", specs)
        assert all(isinstance(one, Statement) for one in found), found
        return [one for one in found if isinstance(one, Statement)]

    return reader


Booked = Callable[[str | bytes], list[Statement]]


def amounts(one: Statement) -> list[int]:
    return list(one.table["amount"].to_pylist())


# MT940

HEAD = ":20:R1\n:25:123/456\n:28C:1/1\n:60F:C261001EUR100,\n"


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ("2610021002C10,NTRFNONREF", 1000),
        ("2610021002D10,5NTRFNONREF", -1050),
        ("2610021002RC10,00NTRFNONREF", -1000),
        ("2610021002RD10,00NTRFNONREF", 1000),
        ("2610021002DR10,00NTRFNONREF", -1000),
        ("2610021002RDR10,00NTRFNONREF", 1000),
        ("2610021002CR10,00NTRFNONREF", 1000),
        ("261002C500NTRF", 50000),
        ("261002    DD212,39N192NONREF", -21239),
    ],
)
def test_mark_funds_letter_and_amount_of_a_movement(booked: Booked, line: str, amount: int) -> None:
    (one,) = booked(f"{HEAD}:61:{line}\n:86:text\n")
    assert amounts(one) == [amount]


def test_expected_movements_are_not_booked(booked: Booked) -> None:
    (one,) = booked(
        ":20:R\n:25:1\n:34F:EUR0,\n:61:2610021002EC5,NTRFX\n:61:2610021002C7,NTRFX\n:90D:0EUR0,\n:90C:1EUR7,\n-\n"
    )
    assert (one.channel, amounts(one)) == ("mt942", [700])
    assert one.skipped == ((4, "expected, not booked"),)


@pytest.mark.parametrize(
    ("value", "entry", "day"),
    [
        ("261231", "0102", "2027-01-02"),
        ("270102", "1231", "2026-12-31"),
        ("261002", "1003", "2026-10-03"),
        ("280229", "0229", "2028-02-29"),
    ],
)
def test_the_entry_day_takes_the_year_that_is_near(booked: Booked, value: str, entry: str, day: str) -> None:
    (one,) = booked(f"{HEAD}:61:{value}{entry}C1,NTRFNONREF\n")
    when = one.table["occurred_at"].to_pylist()[0]
    assert when is not None
    assert when.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat() == day


def test_a_text_behind_the_closing_balance_is_no_movements(booked: Booked) -> None:
    (one,) = booked(f"{HEAD}:61:2610021002C1,NTRFNONREF\n:86:mine\n:62F:C261002EUR101,\n:86:of the statement\n-")
    assert one.table["memo"].to_pylist() == ["mine"]
    assert one.balance_chain == "ok"


def test_several_texts_of_one_movement_are_joined(booked: Booked) -> None:
    (one,) = booked(f"{HEAD}:61:2610021002C1,NTRFNONREF\n:86:one\n:86:two\nthree\n")
    assert one.table["memo"].to_pylist() == ["one two three"]


def test_a_broken_movement_is_quarantined_alone(booked: Booked) -> None:
    (one,) = booked(f"{HEAD}:61:nonsense\n:61:2610021002C1,NTRFNONREF\n")
    assert (one.rows, one.booked_rows, [fault.row for fault in one.quarantined]) == (2, 1, [5])


@pytest.mark.parametrize("mark", ["?", "+", ">"])
def test_german_fields_with_any_mark(booked: Booked, mark: str) -> None:
    text = "166?00GUTSCHRIFT?20EREF+A1?21SVWZ+pay?22ment?31DE1?32Karl?33 Kaufmann".replace("?", mark)
    (one,) = booked(f"{HEAD}:61:2610021002C1,NTRFNONREF\n:86:{text[:30]}\n{text[30:]}\n")
    memo = "GUTSCHRIFT EREF+A1 SVWZ+payment"
    assert one.table["memo"].to_pylist() == [memo]
    assert one.table["counterparty"].to_pylist() == ["Karl Kaufmann"]


def test_many_messages_are_many_statements_that_chain(booked: Booked) -> None:
    page = (
        "{1:F01X}{2:O940}{4:\r\n:20:R\r\n:25:1\r\n:28C:1/%s\r\n:60%s:C261001EUR%s,\r\n"
        ":61:2610021002C1,NTRFX\r\n:62%s:C261002EUR%s,\r\n-}\r\n"
    )
    found = booked(page % (1, "F", 100, "M", 101) + page % (2, "M", 101, "F", 102))
    assert [(one.file, one.balance_chain, one.accounts[0].closing) for one in found] == [
        ("statement#1", "ok", 10100),
        ("statement#2", "ok", 10200),
    ]


def test_a_statement_that_does_not_foot_is_read_unproven(booked: Booked) -> None:
    (one,) = booked(f"{HEAD}:61:2610021002C1,NTRFX\n:62F:C261002EUR109,\n-")
    assert (one.control_total, one.balance_chain, one.proven) == ("none", "broken", False)
    assert one.problems[0].en == "期末余额: printed 109.00, from the rows 101.00."


# CAMT


def camt(
    inside: str, message: str = "053", container: str = "BkToCstmrStmt", node: str = "Stmt", version: str = "02"
) -> str:
    return (
        f'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.{version}">'
        f"<{container}>"
        f"<{node}><Acct><Id><IBAN>DE1</IBAN></Id><Ccy>EUR</Ccy></Acct>{inside}</{node}></{container}></Document>"
    )


def entry(
    amount: str,
    side: str,
    more: str = "",
    day: str = "<BookgDt><Dt>2026-10-02+02:00</Dt></BookgDt>",
    currency: str = "EUR",
) -> str:
    return f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}{day}</Ntry>'


def balance(code: str, amount: str, currency: str = "EUR", side: str = "") -> str:
    sign = f"<CdtDbtInd>{side}</CdtDbtInd>" if side else ""
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f'<Bal>{kind}<Amt Ccy="{currency}">{amount}</Amt>{sign}<Dt><Dt>2026-10-05</Dt></Dt></Bal>'


def test_a_reversal_keeps_the_sign_of_its_indicator(booked: Booked) -> None:
    (one,) = booked(
        camt(entry("5.000", "CRDT", "<RvslInd>true</RvslInd>") + entry("3", "DBIT", "<RvslInd>true</RvslInd>"))
    )
    assert amounts(one) == [500, -300]


@pytest.mark.parametrize(
    ("status", "booked_rows"),
    [("<Sts>BOOK</Sts>", 1), ("<Sts><Cd>BOOK</Cd></Sts>", 1), ("", 1), ("<Sts>PDNG</Sts>", 0), ("<Sts>INFO</Sts>", 0)],
)
def test_only_booked_entries_are_money(booked: Booked, status: str, booked_rows: int) -> None:
    (one,) = booked(camt(entry("5.00", "CRDT", status)))
    assert (one.rows, one.booked_rows) == (1, booked_rows)


def test_balances_in_another_currency_are_not_compared(booked: Booked) -> None:
    (one,) = booked(
        camt(balance("OPBD", "1.00", side="CRDT") + balance("CLBD", "9.00", "SEK", "CRDT") + entry("5.00", "CRDT"))
    )
    assert (one.control_total, one.accounts[0].opening, one.accounts[0].closing) == ("none", 100, None)


def test_a_balance_without_indicator_is_positive_and_prcd_stands_for_opbd(booked: Booked) -> None:
    (one,) = booked(camt(balance("PRCD", "1.00") + balance("CLBD", "6.00") + entry("5.00", "CRDT")))
    assert (one.balance_chain, one.accounts[0].opening) == ("ok", 100)


def test_an_entry_without_a_day_has_the_day_of_the_statement(booked: Booked) -> None:
    (one,) = booked(camt(balance("CLBD", "6.00") + entry("5.00", "CRDT", day="")))
    assert [day.isoformat() for day in one.table["value_date"].to_pylist()] == ["2026-10-05"]


def test_more_decimals_than_the_currency_has_are_refused(booked: Booked) -> None:
    (one,) = booked(camt(entry("8.851", "CRDT") + entry("8.850", "CRDT")))
    assert (amounts(one), one.quarantined[0].value) == ([885], "8.851")


def test_without_a_currency_it_stays_without(booked: Booked) -> None:
    text = camt(entry("5.00", "CRDT", currency="XXX")).replace("<Ccy>EUR</Ccy>", "")
    (one,) = booked(text)
    assert one.table["currency"].to_pylist() == ["XXX"]


def test_version_one_and_several_statements(booked: Booked) -> None:
    found = booked(
        camt(
            entry("5.00", "CRDT") + "</Rpt><Rpt><Acct><Id><IBAN>DE2</IBAN></Id></Acct>" + entry("1", "DBIT"),
            "052",
            "BkToCstmrAcctRptV01",
            "Rpt",
            "01",
        )
    )
    assert [(one.channel, one.accounts[0].account, amounts(one)) for one in found] == [
        ("camt.052", "DE1", [500]),
        ("camt.052", "DE2", [-100]),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            camt(entry("5.00", "CRDT")).replace("<Document", '<!DOCTYPE x [<!ENTITY a "b">]><Document'),
            "the XML has a document type, which no statement needs",
        ),
        (camt(entry("5.00", "CRDT"))[:-30], "the XML is damaged or cut short"),
        (camt("", "029", "RsltnOfInvstgtn", "Sts"), "is an ISO 20022 message, but no statement of an account"),
    ],
)
def test_a_document_that_is_refused_says_why(unread: Callable[..., Unread], text: str, problem: str) -> None:
    assert unread(text).fault.problem.startswith(problem)


def test_entities_are_never_expanded(unread: Callable[..., Unread]) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><Document'
    text = camt(entry("5.00", "CRDT", "<AddtlNtryInf>&b;</AddtlNtryInf>")).replace("<Document", bomb)
    assert "document type" in unread(text).fault.problem


# OFX


def ofx(rows: str, head: str = "OFXHEADER:100\n\n", tail: str = "") -> str:
    account = "<CURDEF>USD<BANKACCTFROM><ACCTID>12</BANKACCTFROM>"
    return f"{head}<OFX><STMTRS>{account}<BANKTRANLIST>{rows}</BANKTRANLIST>{tail}</STMTRS></OFX>"


def movement(amount: str, fitid: str = "A", kind: str = "DEBIT", day: str = "20261002") -> str:
    return f"<STMTTRN><TRNTYPE>{kind}<DTPOSTED>{day}<TRNAMT>{amount}<FITID>{fitid}<NAME>X</STMTTRN>"


@pytest.mark.parametrize(
    ("text", "amount"),
    [("-5.00", -500), ("+5", 500), ("5,25", 525), ("1.234,50", 123450), ("1,234.50", 123450), ("0.5300", 53)],
)
def test_amounts_are_signed_as_printed(booked: Booked, text: str, amount: int) -> None:
    (one,) = booked(ofx(movement(text)))
    assert amounts(one) == [amount]


@pytest.mark.parametrize(
    "head",
    [
        "",
        "<!-- OFXHEADER:100 -->\n",
        '<?xml version="1.0"?>\n<?OFX OFXHEADER="200"?>\n',
        "OFXHEADER:100 DATA:OFXSGML VERSION:102\n",
    ],
)
def test_any_header_or_none(booked: Booked, head: str) -> None:
    (one,) = booked(ofx(movement("-5.00"), head))
    assert (one.channel, amounts(one)) == ("ofx", [-500])


def test_one_fitid_on_two_rows_of_different_amounts(booked: Booked) -> None:
    (one,) = booked(ofx(movement("-5.00") + movement("-6.00") + movement("-5.00")))
    assert (amounts(one), one.repeated) == ([-500, -600], 1)


def test_equal_rows_without_an_id_are_all_real(booked: Booked) -> None:
    (one,) = booked(ofx(movement("-5.00", "") + movement("-5.00", "")))
    assert amounts(one) == [-500, -500]


def test_a_movement_behind_the_list_and_late_end_tags(booked: Booked) -> None:
    head = "<OFX><CCSTMTRS><CURDEF>USD<CCACCTFROM><ACCTID>9</ACCTID></CCACCTFROM></CURDEF><BANKTRANLIST>"
    text = head + movement("-5.00") + "</BANKTRANLIST>" + movement("-6.00", "B") + "</CCSTMTRS></OFX>"
    (one,) = booked(text)
    assert (amounts(one), one.accounts[0].account) == ([-500, -600], "9")


def test_the_day_is_that_which_is_printed(booked: Booked) -> None:
    (one,) = booked(ofx(movement("-5.00", day="20261002020000.000[+8:CST]")))
    assert [day.isoformat() for day in one.table["value_date"].to_pylist()] == ["2026-10-02"]


def test_a_correction_is_not_booked(booked: Booked) -> None:
    (one,) = booked(ofx(movement("-5.00").replace("<NAME>", "<CORRECTFITID>Z<CORRECTACTION>DELETE<NAME>")))
    assert (one.booked_rows, len(one.quarantined)) == (0, 1)


@pytest.mark.parametrize(("as_of", "closing"), [("20261002", 4200), ("20261001", None)])
def test_a_balance_counts_where_the_list_reaches_its_day(booked: Booked, as_of: str, closing: int | None) -> None:
    (one,) = booked(ofx(movement("-5.00"), tail=f"<LEDGERBAL><BALAMT>42.00<DTASOF>{as_of}</LEDGERBAL>"))
    assert one.accounts[0].closing == closing


# BAI2


def bai2(body: str) -> str:
    total = sum(map(int, re.findall(r"^49,(\d+)", body, re.MULTILINE)))
    return f"01,A,B,261001,0600,1,,,2/\n02,B,A,1,261001,,USD,2/\n{body}\n98,{total},1,1/\n99,{total},1,1/\n"


@pytest.mark.parametrize(
    "summary",
    [
        "010,100,,,015,300,,,/",
        "010,100,,,015,300,,/",
        ",,,,010,100,,,015,300,,/",
        "010,100,,,015/\n88,300,,/",
        "010,100,,V,261001,,015,300,,/",
        "010,100,,S,1,2,3,015,300,,/",
        "010,100,,D,2,1,50,2,50,015,300,,/",
    ],
)
def test_the_groups_of_a_summary(booked: Booked, summary: str) -> None:
    (one,) = booked(bai2(f"03,12,USD,{summary}\n16,142,200,,/\n49,600,3/"))
    facts = one.accounts[0]
    assert (facts.opening, facts.closing, amounts(one)) == (100, 300, [200])


@pytest.mark.parametrize(
    ("code", "amount"), [("142", 200), ("399", 200), ("401", -200), ("698", -200), ("925", 200), ("965", -200)]
)
def test_the_sign_is_that_of_the_type_code(booked: Booked, code: str, amount: int) -> None:
    (one,) = booked(bai2(f"03,12,USD,/\n16,{code},200,Z,,,text/\n49,200,3/"))
    assert (amounts(one), one.control_total) == ([amount], "ok")


def test_a_wrong_total_is_a_finding_with_both_numbers(booked: Booked) -> None:
    (one,) = booked(bai2("03,12,USD,/\n16,142,200,Z,,,text/\n49,999,4/"))
    assert (
        one.problems[0].en
        == "控制合计（49）: printed 9.99, from the rows 2.00; 记录数（49）: printed 4, from the rows 3."
    )
    assert (one.proven, amounts(one)) == (False, [200])


@pytest.mark.parametrize(("record", "name"), [("98", "组控制合计（98）"), ("99", "文件控制合计（99）")])
def test_an_account_that_is_missing_breaks_the_total_of_the_group_or_file(
    booked: Booked, record: str, name: str
) -> None:
    whole = bai2("03,12,USD,/\n16,142,200,Z,,,x/\n49,200,3/\n03,13,USD,/\n16,142,300,Z,,,y/\n49,300,3/")
    assert [one.control_total for one in booked(whole)] == ["ok", "ok"]
    first, last = booked(whole.replace(f"{record},500", f"{record},900"))
    shown = [problem.en for problem in last.problems]
    assert (first.proven, last.proven) == (True, False)
    assert f"{name}: printed 9.00, from the rows 5.00" in shown[0]


def test_records_on_one_line_and_texts_with_commas(booked: Booked) -> None:
    (one,) = booked(bai2("03,12,USD,/ 16,142,200,Z,R1,,paid, in full/   16,142,300,Z,,,\n88,EREF: 1/2,3\n49,,5/"))
    assert amounts(one) == [200, 300]
    assert one.table["memo"].to_pylist() == ["paid, in full", "EREF: 1/2,3"]


@pytest.mark.parametrize("status", ["2", "3", "4"])
def test_groups_that_delete_correct_or_test_are_no_movements(booked: Booked, status: str) -> None:
    (one,) = booked(bai2("03,12,USD,/\n16,142,200,Z,,,x/\n49,200,3/").replace("02,B,A,1,", f"02,B,A,{status},"))
    assert (one.booked_rows, len(one.skipped)) == (0, 1)


# QIF


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["1/2'26", "12/31'26"], "2026-01-02"),
        (["1/2/26", "31/12/26"], "2026-02-01"),
        (["2/14'2020", " 2/ 1'2020"], "2020-02-14"),
        (["2026-10-01", "2026-10-02"], "2026-10-01"),
        (["5/5/2026"], "2026-05-05"),
    ],
)
def test_the_order_of_day_and_month_is_that_in_which_all_fit(booked: Booked, dates: list[str], first: str) -> None:
    (one,) = booked("!Type:Bank\n" + "".join(f"D{day}\nT1.00\nPX\n^\n" for day in dates))
    assert one.table["value_date"].to_pylist()[0].isoformat() == first


@pytest.mark.parametrize(
    ("dates", "problem"),
    [
        (["1/2/26", "3/4/26"], "every date fits more than one order"),
        (["13/08/15", "14/08/15"], "every date fits more than one order"),
        (["31/12/26", "12/31/26"], "no order of day, month and year fits all dates"),
    ],
)
def test_dates_that_nothing_decides_are_refused(unread: Callable[..., Unread], dates: list[str], problem: str) -> None:
    text = "!Type:Bank\n" + "".join(f"D{day}\nT1.00\nPX\n^\n" for day in dates)
    assert unread(text).fault.problem.startswith(problem)


def test_splits_that_do_not_add_up(booked: Booked) -> None:
    (one,) = booked("!Type:Bank\nD12/31'26\nT-10.00\nSA\n$-4.00\nSB\n$-5.00\n^\n")
    assert one.quarantined[0].problem == "has split lines that do not add up to its amount"


# Norma 43


def test_norma_43_foots_and_an_unfilled_balance_is_no_finding(booked: Booked) -> None:
    text = (Path(__file__).parents[2] / "samples/channels/norma43/extract.n43").read_bytes()
    (one,) = booked(text)
    assert (one.control_total, one.accounts[0].opening, one.accounts[0].closing) == ("ok", 1000000, 1114500)
    (one,) = booked(text.replace(b"0" + f"{1114500:014d}".encode(), b"0" + b"0" * 14))
    assert (one.control_total, one.accounts[0].closing) == ("ok", None)
    (one,) = booked(text.replace(b"1114500", b"1114501"))
    assert one.balance_chain == "broken"


# A list without header


def test_a_list_without_header_needs_a_balance_that_chains(booked: Booked, unread: Callable[..., Unread]) -> None:
    rows = [
        "10/04/2026,D,,4.00,110.00",
        "10/03/2026,C,1.00,,106.00",
        "10/02/2026,B,,2.00,107.00",
        "10/01/2026,A,,5.00,105.00",
    ]
    (one,) = booked("\n".join(rows) + "\n\n")
    assert (one.channel, amounts(one), one.balance_chain) == ("td.account", [400, -100, 200, 500], "ok")
    assert unread("\n".join(row[:-4] + "9.00" for row in rows)).status == "unknown"


@pytest.mark.parametrize(
    ("data", "text"),
    [("余额".encode("gb18030"), "余额"), ("余额ü".encode(), "余额ü"), ("Müller für".encode("cp1252"), "Müller für")],
)
def test_bytes_of_any_bank_are_text(data: bytes, text: str) -> None:
    assert decoded(data) == text
