"""Reports of gateways that are no plain tables: what their readers add up, round and leave as it stands."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.channels.reports import rounding
from recon.ledger.statement import Statement, Unread
from tests.channels.sample_tables import SAMPLES

Reader = Callable[..., list[Statement | Unread]]
CENTS = st.integers(-10_000_000, 10_000_000).map(lambda n: Decimal(n).scaleb(-5))


def test_rounded_rows_and_their_rest_are_the_total() -> None:
    @given(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=30), st.sampled_from(["USD", "JPY", "KWD"]))
    def adds_up(rows: list[tuple[Decimal, Decimal]], currency: str) -> None:
        made = [rounding.parts(f"{gross:f}", f"{net:f}", currency) for gross, net in rows]
        found = [one for one in made if one is not None]
        total = sum((net for _, net in rows), Decimal(0))
        booked = sum((Decimal(one.gross) + Decimal(one.charge) for one in found), Decimal(0))
        rest = Decimal(rounding.rest(found, total, currency) or 0)
        assert len(found) == len(rows)
        assert booked + rest == rounding.rounded(total, currency)

    adds_up()


@pytest.mark.parametrize(("text", "found"), [("", "0"), (".5", "0.5"), ("-1.25", "-1.25"), ("1e9", None), ("x", None)])
def test_an_exact_amount(text: str, found: str | None) -> None:
    assert rounding.exact(text) == (None if found is None else Decimal(found))


def test_what_rounding_does_not_explain_is_no_rest() -> None:
    one = rounding.parts("1.00", "1.00", "USD")
    assert one is not None
    assert rounding.rest([one], Decimal("1.02"), "USD") == ""


def changed(path: str, old: str, new: str) -> str:
    text = (SAMPLES / path).read_text(encoding="utf-8-sig")
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("paypal.stl/STL-20261028.01.009.CSV", '"CR",125000,', '"CR",125001,'),
        ("dlocal.settlement/shop_cross_border_report_20261012_030000.csv", ",29.173010,", ",29.273010,"),
        ("trustly.funding/P11KFUN-1002000-20261005120000-20261006120000-0001of0001.csv", ",USD,50.00,", ",USD,51.00,"),
    ],
)
def test_a_changed_amount_fails_the_total(read: Reader, path: str, old: str, new: str) -> None:
    (one,) = read(changed(path, old, new), Path(path).name)
    assert isinstance(one, Statement)
    assert one.control_total == "failed"
    assert not one.proven


def test_a_fee_in_another_currency_is_asked_about(read: Reader) -> None:
    text = changed("paypal.stl/STL-20261028.01.009.CSV", '"DR",3655,"USD"', '"DR",3655,"EUR"')
    (one,) = read(text, "STL.csv")
    assert isinstance(one, Statement)
    assert [fault.problem for fault in one.quarantined] == ["has a fee in another currency"]


def test_two_currencies_are_two_statements(read: Reader) -> None:
    dollars, yen = (
        (SAMPLES / f"paypal.stl/STL-20261028.0{number}.009.CSV").read_text(encoding="utf-8-sig").splitlines()
        for number in (1, 2)
    )
    rows = [line for line in yen if line.startswith('"SB"')]
    both = read("\r\n".join([*dollars[:5], *rows, *dollars[5:]]), "STL.csv")
    assert [sorted(set(one.table["currency"].to_pylist())) for one in both if isinstance(one, Statement)] == [
        ["JPY"],
        ["USD"],
    ]


def test_an_object_that_is_no_json_is_set_aside(read: Reader) -> None:
    text = changed("braintree.disbursements/raw_batch_report_20261007.jsonl", '"id": "tr2", "orderId": "B7002", "c', "")
    (one,) = read(text, "dump.jsonl")
    assert isinstance(one, Statement)
    assert len(one.quarantined) == 1


def test_days_that_tell_no_order_are_refused(read: Reader) -> None:
    path = "paypal.short/Download.CSV"
    text = (SAMPLES / path).read_text(encoding="utf-8-sig")
    for day in range(26, 30):
        text = text.replace(f"10/{day}/2026", f"10/0{day - 20}/2026")
    (one,) = read(text)
    assert isinstance(one, Unread)
    assert one.fault.problem == "every date fits day/month and month/day"


def test_a_file_without_its_currency_is_refused_or_read_as_assumed(read: Reader) -> None:
    short = (SAMPLES / "paypal.short/Download.CSV").read_text(encoding="utf-8-sig")
    (one,) = read(short.replace('"Currency",', "").replace('"USD",', ""))
    assert isinstance(one, Unread)
    assert one.fault.problem == "the file does not say its currency"
    square = next((SAMPLES / "square.transactions").glob("*2026-11-01.csv"))
    (two,) = read(square.read_bytes())
    assert isinstance(two, Statement)
    assert any("USD" in note.en for note in two.notes)


def test_a_file_of_what_was_paid_out_covers_the_days_until_its_last_payment(read: Reader) -> None:
    path = next(path for path in (SAMPLES / "adyen.settlement").iterdir() if "ledger" not in path.name)
    (one,) = read(path.read_bytes())
    assert isinstance(one, Statement)
    (facts,) = one.accounts
    assert (str(facts.period_from), str(facts.period_to)) == ("2026-10-05", "2026-10-06")  # the payout is of the 7th
