"""The breaks of a result as text: what is wrong by cause, then one by one, then the sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rich.text import Text

from recon.breaks.pages import Page
from recon.cli.screen import STYLES, Screen, aligned
from recon.money import parse_amount
from recon.outputs.explain.folder import Result, minor
from recon.outputs.explain.lines import days_word, grouped
from recon.outputs.labels import Language
from recon.outputs.listing import INFORMATION, Listed
from recon.outputs.reach import Reach, cause_title
from recon.outputs.summary import SEVERITIES

_REFERENCES = {
    "order_ref": ("订单", "order"),
    "payment_ref": ("支付流水号", "payment"),
    "refund_ref": ("退款单号", "refund"),
    "batch_ref": ("批次", "batch"),
}
#: Counterparties that are listed; summary.json has all.
_NAMED = 20


@dataclass(frozen=True)
class Words:
    """What is said in one language: the pages by code, the causes by tag."""

    lang: str
    pages: Mapping[str, Page]
    causes: Mapping[str, str]

    def name(self, code: str) -> str:
        """Return a code with its title."""
        return f"{code} {self.pages[code].title}" if code in self.pages else code


def tell_breaks(result: Result, listed: Listed, causes: Sequence[Reach], words: Words, limit: int) -> None:
    """Print what is wrong by cause, the breaks one by one, and the sums.

    Args:
        result: the folder of a run.
        listed: what was asked for.
        causes: how far each cause among it reaches.
        words: of the language.
        limit: so many breaks are listed one by one.
    """
    text = _Telling(Screen(), Language(words.lang), words, result.currency)
    text.head(result, listed.all)
    if len(listed.all):
        text.causes(listed.all, causes)
        text.singly(listed.rows, limit)
        text.elsewhere(listed.elsewhere)
        text.totals(listed.all)


@dataclass(frozen=True)
class _Telling:
    screen: Screen
    say: Language
    words: Words
    currency: str

    def head(self, result: Result, breaks: pa.Table) -> None:
        period, as_of = result.summary["period"], result.summary["as_of"]
        self.screen.line(self.say.say(f"{period} 对账，截至 {as_of}", f"{period} reconciled as of {as_of}"), "bold")
        counts = _counts(breaks)
        information = counts.pop(INFORMATION)
        count = sum(counts.values())
        parts = [f"{self.say.word(name)} {n}" for name, n in counts.items() if n]
        some = self.say.say(f"差异 {count} 条", f"{count} break{'s' * (count != 1)}")
        line = some if count else self.say.say("没有差异", "No breaks")
        line += self.say.say(f"（{'，'.join(parts)}）", f" ({', '.join(parts)})") if parts else ""
        line += self.say.say(f"；提示 {information} 条", f"; {information} for information") if information else ""
        self.screen.line(line)

    def causes(self, breaks: pa.Table, causes: Sequence[Reach]) -> None:
        """By code in the order of the list: how much, each cause with its reach, next step, voucher."""
        self._title("原因", "By cause")
        table = aligned("right", "right", "text")
        for code in dict.fromkeys(breaks.column("code").to_pylist()):
            mine = [one for one in causes if one.code == code]
            page = self.words.pages.get(code)
            table.add_row(
                str(sum(one.findings for one in mine)),
                "\n".join(_money(money, sum(o.difference for o in mine if o.currency == money)) for money in _of(mine)),
                Text(self.words.name(code), style="bold"),
            )
            told = [self._reach(one) for one in sorted(mine, key=lambda one: (-one.difference, -one.money))]
            if page is not None:
                told += [f"{self.say.say('下一步：', 'next step: ')}{page.parts['next']}"]
                told += [f"{self.say.say('常用凭证：', 'usual voucher: ')}{page.draft}"]
            for line in told:
                table.add_row("", "", Text(line))
        self.screen.show(table)

    def _reach(self, one: Reach) -> str:
        told = f"{one.cause}: {self.words.causes.get(one.cause, one.cause)}"
        cause = self.say.say(f"（{told}）", f" ({told})") if one.cause else ""
        account = f"{one.account}  " if one.account else ""
        return f"{account}{cause_title(one.cause, self.say)}{cause}{self.say.say('：', ': ')}{one.words(self.say)}"

    def singly(self, breaks: pa.Table, limit: int) -> None:
        shown = breaks.slice(0, limit)
        if len(shown):
            self._title("逐条", "One by one")
            amounts = minor(shown, "difference", self.currency).tolist()
            table = aligned("left", "right", "text")
            for row, amount in zip(shown.to_pylist(), amounts, strict=True):
                severity, currency = row["severity"] or "", row["currency"] or self.currency
                style = STYLES.get(severity, "")
                age = days_word(row["age_days"], self.say) if row["age_days"] else ""
                table.add_row(
                    Text(f"{row['break_id']}\n{self.say.word(severity)}", style=style),
                    Text(f"{_money(currency, amount)}\n{age}"),
                    Text(f"{self._heading(row)}\n{row['explanation'] or ''}"),
                )
            self.screen.show(table)
        if hidden := len(breaks) - len(shown):
            zh, en = f"另有 {hidden} 条未列；--limit N 可多列", f"{hidden} more not listed; --limit N lists more"
            self.screen.line(self.say.say(zh, en))

    def _heading(self, row: Mapping[str, str | None]) -> str:
        """Code, account, what it is about, and what people did with it."""
        reference = ""
        for name, words in _REFERENCES.items():
            if row[name] and not reference:
                first, *others = (row[name] or "").split(";")
                reference = f"{self.say.say(*words)} {first}{f' +{len(others)}' if others else ''}"
        status = "" if row["status"] in {None, "open"} else self.say.word(row["status"])
        parts = (self.words.name(row["code"] or ""), row["account"], reference, status, row["decision"], row["owner"])
        return "  ".join(part for part in parts if part)

    def elsewhere(self, groups: Sequence[Mapping[str, object]]) -> None:
        """Bank lines of other business by counterparty; they are low, so they stand behind the others."""
        if not groups:
            return
        self._title(
            "其他业务的银行流水，按对方户名（--code 逐条列出）",
            "Bank lines of other business, by counterparty (--code lists them)",
        )
        table = aligned("right", "right", "text")
        for line in groups[:_NAMED]:
            currency = str(line["currency"])
            amount = _money(currency, parse_amount(str(line["amount"]), currency))
            days = " – ".join(dict.fromkeys(str(line[name]) for name in ("first", "last") if line[name]))
            who = line["counterparty"] or self.say.say("（无户名）", "(no name)")
            table.add_row(
                str(line["count"]),
                amount,
                Text(f"{who}  {self.words.name(str(line['code']))}  {line['account']}  {days}"),
            )
        self.screen.show(table)
        if (hidden := len(groups) - _NAMED) > 0:
            self.screen.line(
                self.say.say(
                    f"另有 {hidden} 个对方未列，见 summary.json", f"{hidden} more not listed, see summary.json"
                )
            )

    def totals(self, breaks: pa.Table) -> None:
        """Per currency how many, Σ |difference|, and the sum with its sign, in which errors may cancel."""
        self.screen.line("")
        serious = breaks.filter(pc.not_equal(breaks.column("severity"), INFORMATION))
        amounts = minor(serious, "difference", self.currency)
        codes = np.array(serious.column("currency").to_pylist(), dtype=object)
        for currency in sorted(set(codes.tolist())):
            mine = amounts[codes == currency]
            size, net = (_money(currency, int(sum_)) for sum_ in (np.abs(mine).sum(), mine.sum()))
            zh = f"合计 {len(mine)} 条：|差额| {size}，轧差 {net}"
            en = f"Total {len(mine)}: sum |difference| {size}, net {net}"
            self.screen.line(self.say.say(zh, en), "bold")

    def _title(self, zh: str, en: str) -> None:
        self.screen.line("")
        self.screen.line(self.say.say(zh, en), "bold")


def _counts(breaks: pa.Table) -> dict[str, int]:
    found = breaks.column("severity").to_pylist()
    return {name: found.count(name) for name in SEVERITIES}


def _of(causes: Iterable[Reach]) -> list[str]:
    return sorted({one.currency for one in causes})


def _money(currency: str, amount: int) -> str:
    return f"{grouped(amount, currency)} {currency}"
