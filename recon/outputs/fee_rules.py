"""The fee rules that were learned: as a table, and as a piece of recon.yaml that makes them the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

import pandas as pd
import pyarrow as pa

from recon.ledger.outcome import Outcome
from recon.money import format_amount
from recon.outputs.labels import Language

_TEXT, _WHOLE, _DAY = pa.string(), pa.int64(), pa.date32()
FEE_RULES = pa.schema(
    [
        ("account", _TEXT), ("currency", _TEXT), ("kind", _TEXT), ("detail", _TEXT), ("changed_after", _DAY),
        ("since", _DAY), ("until", _DAY), ("rate", _TEXT), ("fixed", _WHOLE), ("minimum", _WHOLE),
        ("maximum", _WHOLE), ("rounding", _TEXT), ("base", _TEXT), ("on_refund", _TEXT),
        ("settles_after", _WHOLE), ("only", _TEXT),
        ("explained", _WHOLE), ("rows", _WHOLE), ("not_identifiable", _TEXT), ("recon_yaml", _TEXT),
    ]
)  # fmt: skip


def fee_rules(outcome: Outcome) -> pa.Table:
    """Return fee_rules.csv: one row per learned rule, by account, currency, charge and date.

    `recon_yaml` is the rule as an item of the account's list under `fees`; empty for a charge without a name, which
    recon.yaml cannot name either.
    """
    lines = outcome.fee_rules
    items = [_item(line) if line["detail"] else None for line in _lines(lines)]
    told = {field.name: [_or_none(value) for value in lines[field.name]] for field in list(FEE_RULES)[:-1]}
    return pa.table({**told, "recon_yaml": items}, schema=FEE_RULES)


def fragment(outcome: Outcome) -> str:
    """Return the learned rules as the section `fees` of recon.yaml, each with what it rests on; empty without any."""
    named = [line for line in _lines(outcome.fee_rules) if line["detail"]]
    text = ["fees:"]
    for account, lines in groupby(named, key=lambda line: str(line["account"])):
        text.append(f"  {json.dumps(account, ensure_ascii=False)}:")
        for line in lines:
            text += [f"    # {_rests_on(line, Language(outcome.lang))}", f"    {_item(line)}"]
    return "\n".join(text) + "\n" if named else ""


def _lines(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The lines as plain values, what is absent as None."""
    for line in frame.astype(object).to_dict("records"):
        yield {str(name): _or_none(value) for name, value in line.items()}


def _or_none(value: Any) -> Any:
    return None if pd.isna(value) else value


def _item(line: dict[str, Any]) -> str:
    """One rule as `config.model.FeeRule` reads it; amounts in major units."""
    money = {
        name: None if line[column] is None else format_amount(int(line[column]), line["currency"])
        for name, column in (("fixed", "fixed"), ("min", "minimum"), ("max", "maximum"))
    }
    words = {
        "from": line["since"], "to": line["until"], "detail": line["detail"], "base": line["base"],
        "rate": line["rate"], **money, "rounding": line["rounding"], "on_refund": line["on_refund"],
        "settles_after": line["settles_after"], "only": line["only"] and line["only"].split(";"),
    }  # fmt: skip
    return "- {" + ", ".join(f"{name}: {_scalar(value)}" for name, value in words.items() if value is not None) + "}"


def _scalar(value: date | int | str | list[str]) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _rests_on(line: dict[str, Any], say: Language) -> str:
    counts = line["explained"], line["rows"]
    text = say.say("从账单学得：{1} 笔中 {0} 笔相符", "learned: explains {0} of {1} payments").format(*counts)
    if line["changed_after"]:
        days = line["changed_after"], line["since"]
        text += say.say("；{0} 之后变更，不晚于 {1}", "; changed after {0}, by {1}").format(*days)
    if line["not_identifiable"]:
        parts = parts_in_words(line["not_identifiable"], say)
        text += say.say("；无法由数据确定：{0}", "; the rows cannot tell: {0}").format(parts)
    return text


def parts_in_words(parts: str | None, say: Language) -> str:
    """Return the parts of a rule that its rows cannot tell as people read them."""
    return say.say("、", ", ").join(say.word(part) for part in (parts or "").split(";"))
