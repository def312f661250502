"""What people read about fees: the rule in words, why a fee is a finding, what was learned and what stays unchecked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from recon.fees import Rule
from recon.money import Rounding, format_amount

_ROUNDING = {
    Rounding.HALF_UP: ("四舍五入", "half up"),
    Rounding.HALF_EVEN: ("银行家舍入", "half even"),
    Rounding.DOWN: ("去尾", "rounded down"),
    Rounding.UP: ("进一", "rounded up"),
}
_SOURCE = {
    "configured": ("recon.yaml 约定", "rule of recon.yaml"),
    "printed": ("账单所列费率", "rate printed in the bill"),
    "learned": ("learned rule，从文件中学得", "learned rule"),
}


def percent(rate: Fraction) -> str:
    """Return a rate as a contract writes it: 3/500 is "0.6%"."""
    value = Decimal(rate.numerator * 100) / Decimal(rate.denominator)
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def rule_text(rule: Rule, currency: str, lang: str) -> str:
    """Return a rule in words: "0.6% + 0.30, half up"."""
    zh = lang == "zh"
    parts = [percent(rule.rate)]
    if rule.fixed:
        parts[0] += f" + {format_amount(rule.fixed, currency)}"
    if rule.minimum:
        parts.append(f"{'最低' if zh else 'at least'} {format_amount(rule.minimum, currency)}")
    if rule.maximum is not None:
        parts.append(f"{'最高' if zh else 'at most'} {format_amount(rule.maximum, currency)}")
    parts.append(_ROUNDING[rule.rounding][not zh])
    if rule.level == "batch":
        parts.append("按批次合计" if zh else "of the batch as a whole")
    if rule.only:
        parts.append(f"{'仅限' if zh else 'only'} {' / '.join(rule.only)}")
    return ("，" if zh else ", ").join(parts)


def mismatch(name: str, rule: Rule, currency: str, amounts: tuple[int, int, int, int], cause: str, lang: str) -> str:
    """Explain one finding.

    Args:
        name: the charge.
        rule: what it was checked by.
        currency: of the amounts.
        amounts: expected and actual fee in ledger signs, Σ of the payments, Σ of the refunds; minor units.
        cause: tag of the finding.
        lang: zh or en.
    """
    zh = lang == "zh"
    expected, actual, paid, refunded = (format_amount(amount, currency) for amount in amounts)
    how = f"{rule_text(rule, currency, lang)}{'；' if zh else '; '}{_SOURCE[rule.source][not zh]}"
    if zh:
        basis = f"收款 {paid}" + (f"，退款 {refunded}" if amounts[3] else "")
        text = f"{name} 应为 {expected}，实为 {actual}（{basis}；{how}）"
        extra = {
            "fee_kept": "；退款部分的费用未退还",
            "other_rate": "；与本账户另一费率相符",
            "foreign_card": "；与本账户其他卡的费率相符",
            "threshold": "；本月此前的收款均未收费，在免费额度之内",
        }
        return text + extra.get(cause, "")
    basis = f"payments {paid}" + (f", refunds {refunded}" if amounts[3] else "")
    text = f"{name} should be {expected}, is {actual} ({basis}; {how})"
    extra = {
        "fee_kept": "; the fee of the refunded part was not returned",
        "other_rate": "; it fits another rule of this account",
        "foreign_card": "; it fits the rule of other cards of this account",
        "threshold": "; no earlier payment of the month was charged, so it lies in the free share of the month",
    }
    return text + extra.get(cause, "")


def moved(
    name: str, rules: tuple[Rule, Rule], currency: str, sums: tuple[int, int, int], last: date | None, lang: str
) -> str:
    """Explain a learned change.

    Args:
        name: the charge.
        rules: before and since.
        currency: of the sums.
        sums: keys since, Σ by the earlier rule, Σ printed.
        last: last day that shows the earlier rule, where days lie between it and the first that shows the later one.
        lang: zh or en.
    """
    before, since = (rule_text(rule, currency, lang) for rule in rules)
    day = rules[1].since
    count, expected, actual = sums[0], format_amount(sums[1], currency), format_amount(sums[2], currency)
    if lang == "zh":
        source = _SOURCE["learned"][0]
        between = f"；{last} 之后的任何一天都可能是变更日" if last else ""
        change = f"{name} 自 {day} 起由 {before} 变为 {since}（{source}）{between}"
        return f"{change}；其后 {count} 笔按原规则应为 {expected}，实为 {actual}"
    between = f"; it may have come on any day after {last}" if last else ""
    return (
        f"{name} moved on {day} from {before} to {since} (learned rule){between}; "
        f"the {count} since should be {expected} by the earlier rule, are {actual}"
    )


def absent(name: str, rule: Rule, currency: str, amounts: tuple[int, int, int], lang: str) -> str:
    """Explain a charge that never came: expected fee in ledger sign, Σ of the payments, and the longest delay."""
    expected, paid, days = (*(format_amount(amount, currency) for amount in amounts[:2]), amounts[2])
    how = rule_text(rule, currency, lang)
    if lang == "zh":
        return f"{name} 应为 {expected}（收款 {paid}；{how}），收款后 {days} 天仍未扣，而同期其他收款均已扣"
    return (
        f"{name} should be {expected} (payments {paid}; {how}), but is absent after {days} days; others as old bear it"
    )


def agreed(name: str, currency: str, amounts: tuple[int, int], days: int | None, lang: str) -> str:
    """Explain a charge that is not what its order says.

    Args:
        name: the charge.
        currency: of the amounts.
        amounts: as the order says and as taken, ledger signs, minor units.
        days: of a charge that never came the longest delay after the settlement, else None.
        lang: zh or en.
    """
    expected, actual = (format_amount(amount, currency) for amount in amounts)
    if lang == "zh":
        text = f"{name} 订单所列 {expected}，"
        return text + (f"实扣 {actual}" if days is None else f"订单结算后 {days} 天仍未扣")
    text = f"{name} should be {expected}, as the order says, "
    return text + (f"is {actual}" if days is None else f"but is absent {days} days after the order settled")


def learned(account: str, name: str, rule: Rule, counts: tuple[int, int], currency: str, lang: str) -> str:
    """Say what was learned and from how many rows (explained, all of its days)."""
    days = _days(rule.since, rule.until, lang)
    text = rule_text(rule, currency, lang)
    if lang == "zh":
        return (
            f"{account} {name}：{days}{text}，{counts[1]} 笔中 {counts[0]} 笔相符（learned rule，建议写入 recon.yaml）"
        )
    explains = f"explains {counts[0]} of {counts[1]} rows"
    return f"{account} {name}: {days}{text}, {explains} (learned rule, proposal for recon.yaml)"


def too_few(account: str, name: str, rows: int, lang: str) -> str:
    """Say that a charge is unchecked, because there are too few rows to learn from."""
    if lang == "zh":
        return f"{account} {name}：未核对，无约定费率，仅 {rows} 笔可供学习（至少 20 笔）"
    return f"{account} {name}: unchecked, no rule is given and there are only {rows} rows to learn from (20 are needed)"


def no_rule(account: str, name: str, counts: tuple[int, int], lang: str) -> str:
    """Say that a charge is unchecked, because no rule explains enough of it."""
    if lang == "zh":
        return f"{account} {name}：未核对，最合适的规则在 {counts[1]} 笔中仅解释 {counts[0]} 笔（不足 95%）"
    return f"{account} {name}: unchecked, the best rule explains {counts[0]} of {counts[1]} rows (less than 95 %)"


def no_class(account: str, name: str, rows: int, lang: str) -> str:
    """Say how many payments are unchecked, because no rule learned by card or category is for theirs."""
    if lang == "zh":
        return f"{account} {name}：{rows} 笔未核对，其卡种或类目没有学得的规则"
    return f"{account} {name}: {rows} payments unchecked, no rule was learned for their card or category"


def apart(account: str, name: str, rows: int, lang: str) -> str:
    """Say how many fee rows are unchecked, because no payment prints their number."""
    if lang == "zh":
        return f"{account} {name}：{rows} 行无对应收款，未核对"
    return f"{account} {name}: {rows} rows unchecked, no payment in the files has their number"


def unused(account: str, name: str, lang: str) -> str:
    """Say that recon.yaml has a rule for a charge that no row of the account shows."""
    if lang == "zh":
        return f"{account}：recon.yaml 约定了 {name}，但账单中没有此项费用，未核对"
    return f"{account}: recon.yaml has a rule for {name}, but no row shows that charge; nothing was checked by it"


def _days(since: date | None, until: date | None, lang: str) -> str:
    if lang == "zh":
        return "".join([f"自 {since} " if since else "", f"至 {until} " if until else ""])
    return "".join([f"from {since} " if since else "", f"until {until} " if until else ""])
