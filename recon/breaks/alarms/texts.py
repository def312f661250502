"""What an alarm says in words, zh and en."""

from __future__ import annotations

#: kind -> its title (zh, en), in the order in which alarms are listed.
_TITLES = {
    "file_missing": ("缺账单", "file missing"),
    "empty_file": ("空账单", "file empty"),
    "total_broken": ("合计不符", "control total broken"),
    "balance_broken": ("余额不连续", "balance chain broken"),
    "money_at_risk": ("风险资金超限", "money at risk above its limit"),
    "payout_late": ("结算款逾期", "payout late"),
    "day_out_of_band": ("单日异常", "day outside its usual band"),
    "refund_rate_doubled": ("退款率翻倍", "refund rate doubled"),
    "repeated_amounts": ("金额短时重复", "amount repeated within minutes"),
    "first_appearance": ("首次出现", "first appearance"),
}
KINDS = tuple(_TITLES)

_ZH = {
    "ends_early": "{account} 的账单止于 {last}，其他账单已到 {expected}，缺 {days} 天",
    "empty_file": "{account} {period} 的账单没有任何一行",
    "payouts_due": "{account} 有 {n} 笔打款逾期未到银行，合计 {amount} {currency}，最早应于 {due} 前到账",
    "payouts_stopped": (
        "{account} 通常每 {usual} 个工作日打款一次，{last} 之后 {days} 个工作日未再打款，其间收款 {n} 笔"
    ),
    "money_at_risk": (
        "风险资金 {amount} {currency}，超过限额 {limit}：客户款滞留 {held}，重复收付 {twice}，发货无款 {unpaid}"
    ),
    "band_items": (
        "{who} {day}（{weekday}）{what} {value} 笔，通常 {low} 至 {high} 笔；前 {weeks} 个{weekday}的中位数 {median}"
    ),
    "band_amount": (
        "{who} {day}（{weekday}）{what} {value} {currency}，通常 {low} 至 {high}；"
        "前 {weeks} 个{weekday}的中位数 {median}"
    ),
    "refund_rate": "{who} 最近 7 天退款 {refunds} 笔、收款 {payments} 笔，退款率 {rate}，前 {weeks} 周中位数 {median}",
    "repeated": "{account} {first} 起 {minutes} 分钟内 {what} {amount} {currency} 共 {n} 笔；此金额平时每天 {usual} 笔",
    "repeated_by": (
        "{account} {first} 起 {minutes} 分钟内同一对方{what} {amount} {currency} 共 {n} 笔；平时每天 {usual} 笔"
    ),
    "first_detail": "{account} 首次出现费用「{detail}」，自 {day}；此前已有 {days} 天账单",
    "first_account": "首次出现账户 {account}，自 {day}；同类账户此前已有 {days} 天账单",
    "first_channel": "首次出现渠道 {channel}（{account}），自 {day}；同类账户此前已有 {days} 天账单",
}
_EN = {
    "ends_early": "{account}: its files end on {last}, others reach {expected}; {days} days are missing",
    "empty_file": "{account}: the file of {period} holds no row",
    "payouts_due": "{account}: {n} payouts past due are not at the bank, {amount} {currency}; the first was due {due}",
    "payouts_stopped": (
        "{account} usually pays out every {usual} working days; none since {last}, {days} working days ago, "
        "while {n} payments came in"
    ),
    "money_at_risk": (
        "{amount} {currency} at risk, above the limit of {limit}: customers' money held {held}, paid twice {twice}, "
        "goods without money {unpaid}"
    ),
    "band_items": (
        "{who}, {weekday} {day}: {value} {what}, usually {low} to {high}; the median of {weeks} such days before is "
        "{median}"
    ),
    "band_amount": (
        "{who}, {weekday} {day}: {what} of {value} {currency}, usually {low} to {high}; the median of {weeks} such "
        "days before is {median}"
    ),
    "refund_rate": (
        "{who}: {refunds} refunds and {payments} payments in the last 7 days, a rate of {rate}; the median of {weeks} "
        "weeks before is {median}"
    ),
    "repeated": (
        "{account}: {n} {what} of {amount} {currency} within {minutes} minutes from {first}; usually this amount comes "
        "{usual} times a day"
    ),
    "repeated_by": (
        "{account}: {n} {what} of {amount} {currency} of one counterparty within {minutes} minutes from {first}; "
        "usually {usual} a day"
    ),
    "first_detail": "{account}: the charge {detail!r} appears first on {day}, after {days} days of files without it",
    "first_account": "account {account} appears first on {day}; others of its kind have {days} days of files before",
    "first_channel": (
        "channel {channel} ({account}) appears first on {day}; accounts of its kind have {days} days of files before"
    ),
}
_WORDS = {
    "payment": ("收款", "payments"),
    "refund": ("退款", "refunds"),
    "sale": ("订单", "orders"),
    "disbursement": ("付款", "payments"),
}
_WEEKDAYS = (
    ("周一", "Monday"), ("周二", "Tuesday"), ("周三", "Wednesday"), ("周四", "Thursday"), ("周五", "Friday"),
    ("周六", "Saturday"), ("周日", "Sunday"),
)  # fmt: skip


def title(kind: str, lang: str) -> str:
    """The title of a kind of alarm."""
    zh, en = _TITLES[kind]
    return zh if lang == "zh" else en


def say(lang: str, phrase: str, **values: object) -> str:
    """Fill in a phrase."""
    return (_ZH if lang == "zh" else _EN)[phrase].format(**values)


def word(kind: str, lang: str) -> str:
    """Movements of a kind, in the plural."""
    zh, en = _WORDS[kind]
    return zh if lang == "zh" else en


def weekday(day: int, lang: str) -> str:
    """The name of a day number's weekday (1970-01-01 was a Thursday)."""
    zh, en = _WEEKDAYS[(day + 3) % 7]
    return zh if lang == "zh" else en
