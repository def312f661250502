"""The events that vouchers record: order of numbering, titles and summaries.

A voucher records one event; events of different kind never share one (会计基础工作规范 art. 51 (3)). Single events
(suspense, duplicates, disputes) are never summed: one voucher per finding and day.
"""

from __future__ import annotations

from dataclasses import dataclass

SUMMARY_LIMIT = 60
_REFUSED = {ord(sign): " " for sign in ",\"'，\t\r\n"}


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event.

    rank: its place among the vouchers of a day. by_account: vouchers are kept apart by money account (those
    of no shop always are). single: one
    voucher per finding (or entry), whatever the grain. zh, en: its title, also the action of the summary. unit_zh,
    unit_en: what the summary counts.
    """

    name: str
    rank: int
    zh: str
    en: str
    by_account: bool = True
    single: bool = False
    unit_zh: str = "笔"
    unit_en: str = "items"


_EVENTS = (
    Event("sale", 10, "确认收货", "sale", by_account=False, unit_zh="单", unit_en="orders"),
    Event("delivery", 11, "交付", "delivery of prepaid orders", by_account=False, unit_zh="单", unit_en="orders"),
    Event("prepaid", 20, "预收", "payment before delivery"),
    Event("settlement", 21, "结算", "settlement"),
    Event("receipt", 22, "收款", "receipts without order"),
    Event("opening_settlement", 23, "期初款项结算", "settlement of opening items"),
    Event("fee", 30, "手续费", "charges"),
    Event("deposit", 31, "保证金", "deposit"),
    Event("reserve", 31, "预留资金", "reserve held or released"),
    Event("interest", 32, "利息", "interest"),
    Event("tax", 33, "缴税", "taxes paid"),
    Event("red_sale", 40, "退货退款 冲减收入", "revenue reversed for refunds", by_account=False),
    Event("refund", 41, "退款", "refunds paid"),
    Event("refund_prepaid", 42, "未发货退款", "refunds before delivery"),
    Event("refund_owed", 43, "退款已批 未付", "refund agreed, unpaid", by_account=False, single=True),
    Event("withdrawal", 50, "提现 在途", "withdrawal in transit"),
    Event("payout_returned", 51, "提现 退票", "withdrawal returned"),
    Event("arrival", 52, "提现 到账", "withdrawal received"),
    Event("transfer", 53, "内部划转", "transfer between own accounts"),
    Event("chargeback", 60, "拒付争议", "dispute", single=True),
    Event("duplicate_payment", 61, "重复支付", "duplicate payment", single=True),
    Event("payment_to_return", 62, "关闭订单收款 应退", "money for a closed order", single=True),
    Event("excess_refund", 63, "多退款 应收回", "refund paid in excess", single=True),
    Event("wrong_account_received", 64, "误入 代收款", "received for another account", single=True),
    Event("wrong_account_owed", 65, "误入 应收内部往来", "received by another account", single=True),
    Event("not_a_sale", 66, "非真实交易款 单列", "money of no real sales"),
    Event("unknown_receipt", 70, "不明来款 待查", "unknown receipt", single=True),
    Event("unknown_debit", 71, "不明支出 待查", "unknown debit", single=True),
    Event("write_off", 80, "尾差核销", "small difference written off", by_account=False, single=True),
)  # fmt: skip
EVENT_CODE = {event.name: code for code, event in enumerate(_EVENTS)}
EVENT_LIST = _EVENTS


def summary(
    event: Event,
    lang: str,
    *,
    subject: str,
    month: int,
    day: int | None,
    count: int,
    reference: str = "",
    amount: str = "",
) -> str:
    """Return the 摘要: subject, then action, then reference; no comma, quote or line break, at most 60 characters.

    Args:
        event: what happened.
        lang: zh or en.
        subject: shop or money account.
        month: month of the voucher.
        day: its day, None for a voucher of a whole month.
        count: what was summed; 0 for a voucher of one order, payout or finding.
        reference: number of the order or finding; shortened from the left, never cut in its middle.
        amount: amount in major units, for what is never summed.
    """
    if lang == "en":
        when, title, counted = f"{month}/{day}" if day else f"month {month}", event.en, f"{count} {event.unit_en}"
    else:
        when, title, counted = f"{month}月{day}日" if day else f"{month}月", event.zh, f"{count}{event.unit_zh}"
    parts = [subject, when if count else "", title, counted if count else "", amount]
    head = " ".join(_plain(part) for part in parts if part)
    room = SUMMARY_LIMIT - len(head) - 1
    return f"{head} {_shortened(_plain(reference), room)}".strip() if reference and room > 1 else head[:SUMMARY_LIMIT]


def _plain(text: str) -> str:
    """Leave out what importers of the big packages refuse in a summary: commas, quotes, line breaks."""
    return " ".join(text.translate(_REFUSED).split())


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else "…" + text[-(room - 1) :]
