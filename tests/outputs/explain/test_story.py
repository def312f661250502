"""Laws of the story over all samples: every waterfall falls to what the tables say, all things and words are told."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow.compute as pc
import pytest

from recon.breaks.pages import cause_words, pages
from recon.outputs.explain import meanings
from recon.outputs.explain.folder import Result, minor
from recon.outputs.explain.search import Hits
from recon.outputs.explain.story import Glossary, story
from recon.outputs.explain.waterfall import NET, RECEIVED, of_break, of_match


def glossary(lang: str) -> Glossary:
    told = pages(lang)
    return Glossary(
        {code: page.title for code, page in told.items()},
        {code: page.parts["is"] for code, page in told.items()},
        {code: page.parts["counts"] for code, page in told.items()},
        {code: page.parts["next"] for code, page in told.items()},
        {code: page.draft for code, page in told.items()},
        cause_words(lang),
    )


def test_the_waterfall_of_every_match_ends_at_its_money(results: Mapping[str, Result]) -> None:
    count = 0
    for result in results.values():
        ids = pc.unique(result.table("matches").column("match_id")).to_pylist()
        for members in result.matches(ids).values():
            fall = of_match(members, "CNY")
            (received,) = (step for step in fall.steps if step.what == RECEIVED)
            assert received.amount == received.running
            if members.column("leg")[0].as_py() == "order-gateway":
                money = members.filter(pc.equal(members.column("side"), "gateway"))
                assert fall.steps[-1].running == int(minor(money, "amount", "CNY").sum())
            count += 1
    assert count > 300


def test_the_waterfall_of_every_break_goes_from_expected_to_actual(results: Mapping[str, Result]) -> None:
    codes = set()
    for result in results.values():
        breaks, rows = result.table("breaks"), result.table("break_rows")
        sums = [minor(breaks, name, "CNY").tolist() for name in ("expected", "actual", "difference")]
        for line, expected, actual, difference in zip(breaks.to_pylist(), *sums, strict=True):
            mine = pc.and_(pc.equal(rows.column("break_id"), line["break_id"]), pc.equal(rows.column("owned"), "true"))
            owned = rows.filter(mine)
            assert owned.num_rows == len((line["entry_ids"] or "").split(";")) - (line["entry_ids"] is None)
            fall = of_break(line["leg"], expected, actual, owned, line["currency"])
            place = [step.what for step in fall.steps].index(RECEIVED)
            gap, received = fall.steps[place - 1], fall.steps[place]
            assert (gap.running - gap.amount, gap.amount, received.amount) == (expected, difference, actual)
            assert received.running == actual
            assert fall.steps[-1].what in {RECEIVED, NET, "part"}
            codes.add(line["code"])
    assert len(codes) > 20


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_can_be_told(results: Mapping[str, Result], lang: str) -> None:
    for result in results.values():
        matches = pc.unique(result.table("matches").column("match_id")).to_pylist()
        for hits in (
            *(Hits(breaks=[name]) for name in result.table("breaks").column("break_id").to_pylist()),
            *(Hits(matches=[name]) for name in matches[:: max(1, len(matches) // 5)]),
            Hits(in_transit=result.table("in_transit").column("entry_id").to_pylist()),
            Hits(excluded=result.table("excluded").column("entry_id").to_pylist()),
            Hits(vouchers=pc.unique(result.table("vouchers").column("voucher_id")).to_pylist()[:3]),
        ):
            lines = story(result, hits, glossary(lang), lang)
            heads = sum(line.head for line in lines)
            assert heads == min(20, len(hits.breaks + hits.matches + hits.vouchers + hits.in_transit + hits.excluded))
            assert not any("None" in line.text for line in lines)
            assert all(line.text == line.text.rstrip() for line in lines)


def test_many_things_are_cut_and_counted(results: Mapping[str, Result]) -> None:
    result = results["taobao-alipay-bank"]
    ids = pc.unique(result.table("matches").column("match_id")).to_pylist()[:25]
    lines = story(result, Hits(matches=ids), glossary("en"), "en")
    assert lines[-1].text == "5 more are not shown; see the tables."


def test_no_result_of_a_sample_says_a_word_without_meaning(results: Mapping[str, Result]) -> None:
    for result in results.values():
        for table, column, words in (
            ("matches", "verdict", meanings.VERDICTS),
            ("matches", "basis", meanings.BASES),
            ("matches", "rule", meanings.RULES),
            ("matches", "residual_reason", meanings.RESIDUALS),
            ("in_transit", "reason", meanings.WAITS),
            ("excluded", "reason", meanings.LEFT_OUT),
        ):
            assert set(pc.unique(result.table(table).column(column)).to_pylist()) - {None} <= set(words)
