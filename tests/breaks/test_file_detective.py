"""Holes and unproven files: what waits for them, whose they are, and that nothing beside them is a break."""

from __future__ import annotations

from tests.breaks.ledgers import File, findings, run, waiting

AS_OF = "2026-10-31"


def days(first: int, last: int) -> dict[str, str]:
    return {"first": f"2026-10-{first:02}", "last": f"2026-10-{last:02}"}


def shop(name: str, number: str, wallet: str, skipped: range, **more: str) -> tuple[File, list[File]]:
    """One order a day of October; its money in weekly bills of a wallet, of which those with a skipped day lack."""
    listed, bills = File("shop.orders", name=f"{name}.csv"), []
    for n in range(1, 32):
        listed.order(f"{number}{n:03}", "10.00", f"2026-10-{n:02} 10:00:00", shop=name)
    for first in range(1, 32, 7):
        span = range(first, min(first + 7, 32))
        if set(span) & set(skipped):
            continue
        bill = File(wallet, **days(span[0], span[-1]), **more)
        for n in span:
            bill.payment(f"{number}{n:03}", "10.00", f"2026-10-{n:02} 10:00:05", payment_ref=f"{number}P{n}")
        bills.append(bill)
    return listed, bills


def test_the_same_hole_of_both_books_is_one_finding() -> None:
    listed, trade = shop("S", "N", "wechatpay.trade", range(8, 15))
    _, cash = shop("S", "N", "wechatpay.fundflow", range(8, 15))
    (found,) = findings(run(listed, *trade, *cash, as_of=AS_OF))
    assert (found["code"], found["account"]) == ("missing_file", "1900000109")
    assert "from 2026-10-08 to 2026-10-14: 7 orders, 70.00, wait" in found["explanation"]


def test_orders_wait_for_the_hole_of_the_wallet_that_serves_their_shop() -> None:
    """Two shops, two wallets, a hole in each on other days: no order waits for the other's hole."""
    one, wechat = shop("S", "N", "wechatpay.trade", range(8, 15))
    other, alipay = shop("T", "M", "alipay.cash", range(15, 22))
    result = run(one, other, *wechat, *alipay, as_of=AS_OF)
    told = {f["account"]: f["explanation"] for f in findings(result)}
    assert sorted(told) == ["1900000109", "2088000000000001"]
    assert all("7 orders, 70.00, wait" in text for text in told.values())


def test_a_refund_whose_payment_may_lie_in_a_hole_waits() -> None:
    listed, bills = shop("S", "N", "wechatpay.trade", range(8, 15))
    bills[-1].refund(None, "-3.00", "2026-10-29 10:00:00", payment_ref="NP9", refund_ref="R1")
    result = run(listed, *bills, as_of=AS_OF)
    assert [f["code"] for f in findings(result)] == ["missing_file"]
    assert ("refund", "-3.00", "beyond the files") in {(k, a, r) for k, a, r, _ in waiting(result, "order-gateway")}


def test_a_refund_before_any_hole_has_no_order() -> None:
    listed, bills = shop("S", "N", "wechatpay.trade", range(8, 15))
    bills[0].refund(None, "-3.00", "2026-10-05 10:00:00", payment_ref="X9", refund_ref="R1")
    codes = [f["code"] for f in findings(run(listed, *bills, as_of=AS_OF))]
    assert codes == ["missing_file", "unknown_refund"]


def test_rows_lost_by_the_files_own_count_explain_the_jump_of_its_balance() -> None:
    listed, bills = shop("S", "N", "alipay.cash", range(0))
    bills[1].problem("control_total", "-9.00", "-7.00", "file_cut")
    bills[1].problem("balance_break", "50.00", "41.00", "rows_missing")
    (found,) = findings(run(listed, *bills, as_of=AS_OF))
    assert (found["code"], found["symptoms"]) == ("control_total", "balance_break")
