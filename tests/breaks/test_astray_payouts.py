"""Payouts that came into another bank account than the wallet's."""

from __future__ import annotations

import pytest

from tests.breaks.ledgers import File, brief, findings, run

OCTOBER = {"first": "2026-10-01", "last": "2026-10-31"}
AS_OF = "2026-10-31"
HOME, OTHER = "6222000000000001", "6222000000000002"


def world(usual, odd, memo="提现"):
    """Payouts by number: `usual` of them reach the home account, `odd` another one."""
    wallet, home, other = File("alipay.cash", **OCTOBER), File("bank", HOME, **OCTOBER), File("bank", OTHER, **OCTOBER)
    for n in range(usual + odd):
        number, day = f"PO2026100{n:04}", f"2026-10-{1 + n % 27:02}"
        bank = other if n >= usual else home
        wallet.row("payout", f"-{1000 + n}.00", day, payment_ref=number, memo=memo if n >= usual else "提现")
        bank.row("receipt", f"{1000 + n}.00", day, counterparty="支付宝", memo=number)
    return wallet, home, other


def test_one_of_many_payouts_came_elsewhere():
    result = run(*world(20, 1), as_of=AS_OF)
    assert brief(result) == [("wrong_account", "1020.00", "0.00", None, "missing_payout;unknown_receipt", "high")]
    (found,) = findings(result)
    assert (found["leg"], found["reach_rows"]) == ("gateway-bank", 2)
    assert OTHER in found["explanation"]


@pytest.mark.parametrize(("usual", "odd"), [(19, 1), (20, 20), (0, 3)])
def test_where_no_account_is_home_nothing_is_astray(usual, odd):
    assert findings(run(*world(usual, odd), as_of=AS_OF)) == []


@pytest.mark.parametrize(("tail", "codes"), [("0001", ["wrong_account"]), ("0002", []), ("7777", [])])
def test_the_account_that_a_payout_prints_is_its_home(tail, codes):
    found = findings(run(*world(1, 1, memo=f"提现到银行卡 尾号{tail}"), as_of=AS_OF))
    assert [f["code"] for f in found] == codes
