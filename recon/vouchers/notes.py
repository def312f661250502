"""What a reader of the draft vouchers must know: what is assumed, what was left out, what waits for facts."""

from __future__ import annotations

import numpy as np

from recon.ledger.days import month_days
from recon.ledger.outcome import Outcome
from recon.ledger.parts import count_by, sum_by
from recon.ledger.view import KIND, ORDER
from recon.money import format_amount
from recon.vouchers.booking import Booked
from recon.vouchers.events import EVENT_CODE
from recon.vouchers.journal import Postings, one_of
from recon.vouchers.links import BRUSHING, FAR
from recon.vouchers.profile import Profile
from recon.vouchers.scope import BOOK_CURRENCY, BOOKED, FOREIGN, OTHER_BOOK, REASONS, UNDATED


def notes(booked: Booked, period: Postings, outcome: Outcome, profile: Profile) -> tuple[str, ...]:
    """Return the notes in the language of the outcome, one line each; `period`: the postings of the period."""
    zh = outcome.lang != "en"
    found = [*_profile_notes(outcome, profile, zh=zh), *_left_out(booked, outcome, zh=zh)]
    found += _orders(booked, period, zh=zh)
    names = booked.moves.unmapped
    if names:
        listed = "、".join(names) if zh else ", ".join(names)
        found.append(
            f"以下扣费名称未映射科目，按类别默认：{listed}（可在 postings.details 指定）"
            if zh
            else f"charges without a role of their own took their kind's: {listed} (set postings.details)"
        )
    return tuple(found)


def _profile_notes(outcome: Outcome, profile: Profile, *, zh: bool) -> list[str]:
    found = []
    if profile.assumed:
        found.append(
            "默认科目，未经确认（ASSUMED）：请在 recon.yaml 设置 postings"
            if zh
            else "ASSUMED: default accounts and rates that nobody confirmed; set postings in recon.yaml"
        )
    if outcome.period in profile.closed_periods:
        found.append(
            f"期间 {outcome.period} 已结账，不生成凭证"
            if zh
            else f"{outcome.period} is closed: no voucher is drafted into it"
        )
    if not profile.maker:
        found.append(
            "未设置制单人（postings.maker）" if zh else "no maker is set (postings.maker); every voucher needs one"
        )
    return found


def _left_out(booked: Booked, outcome: Outcome, *, zh: bool) -> list[str]:
    """Money rows of the period that are in no voucher, by reason; foreign ones by currency."""
    view = booked.view
    low, high = month_days(outcome.period)
    inside = ((view.day >= low) & (view.day <= high)) | (booked.reasons == UNDATED)
    listed = (view.side != ORDER) & inside & ~np.isin(booked.reasons, (BOOKED, OTHER_BOOK))
    key = booked.reasons.astype(np.int64) * (len(view.currencies) + 1) + view.currency
    distinct, place = np.unique(key[listed], return_inverse=True)
    count = count_by(place, len(distinct))
    total = sum_by(place, view.amount[listed], len(distinct))
    found = []
    for code, rows, amount in zip(distinct.tolist(), count.tolist(), total.tolist(), strict=True):
        reason, currency = divmod(code, len(view.currencies) + 1)
        name = view.currencies[currency]
        money = f"{format_amount(amount, name)} {name}"
        told = REASONS[reason][0 if zh else 1]
        found.append(f"{rows} 行未入账，{told}，合计 {money}" if zh else f"{rows} rows not booked: {told}, sum {money}")
    return found


def _distinct(numbers: np.ndarray) -> int:
    """How many different numbers there are; numbers are positions, -1 counts like any other."""
    seen = np.zeros(int(numbers.max(initial=-1)) + 2, dtype=bool)
    seen[numbers] = True
    return int(seen.sum())


def _orders(booked: Booked, period: Postings, *, zh: bool) -> list[str]:
    view, links, moves = booked.view, booked.links, booked.moves
    sales = (view.side == ORDER) & (view.kind == KIND["sale"]) & (booked.reasons == BOOKED)
    waits = np.unique(links.pool[sales & (links.recognised == FAR) & (links.pool >= 0)])
    held = waits[moves.advance[waits] != 0] if len(waits) else waits
    found = []
    if len(held):
        money = format_amount(int(moves.advance[held].sum()), BOOK_CURRENCY)
        found.append(
            f"{len(held)} 单交付日期未知，款项留在预收/合同负债 {money}（可设 postings.revenue_date）"
            if zh
            else f"{len(held)} orders, delivery date unknown: {money} stays an advance (postings.revenue_date)"
        )
    brushed = np.flatnonzero(sales & view.detailed(BRUSHING) & (links.pool >= 0))
    if len(brushed):
        money = format_amount(int(view.amount[brushed].sum()), BOOK_CURRENCY)
        found.append(
            f"{len(brushed)} 单标记为刷单，合计 {money}，不计收入（非真实交易款单列）"
            if zh
            else f"{len(brushed)} orders tagged as brushing, {money}: no revenue, their money is kept apart"
        )
    sold = one_of(period.event, (EVENT_CODE["sale"], EVENT_CODE["delivery"]))
    orders = _distinct(links.unit[period.row[sold]])
    if orders:
        found.append(f"{orders} 单无成本，未生成成本凭证" if zh else f"{orders} orders without cost: no cost voucher")
    refunds = _distinct(period.row[period.event == EVENT_CODE["red_sale"]])
    if refunds:
        found.append(
            f"{refunds} 笔退款冲减收入，红字发票待核"
            if zh
            else f"{refunds} refunds reverse revenue: check the red invoices"
        )
    foreign = view.side == ORDER
    count = int((foreign & (booked.reasons == FOREIGN)).sum())
    if count:
        found.append(f"{count} 行外币订单未入账" if zh else f"{count} order rows in foreign currency: not booked")
    return found
