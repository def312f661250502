"""One control total: an equation, its remainder, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass

OK, EXPLAINED, OPEN, MOVEMENT_ONLY, NOT_COMPUTABLE = "ok", "explained", "open", "movement only", "not computable"

_TITLES = {
    1: ("钱包余额＝账单期末余额", "wallet balance = closing balance of its statement"),
    2: ("银行存款余额＝对账单期末余额", "bank balance = closing balance of its statement"),
    3: ("钱包每日发生额＝当日账单", "movement of each wallet and day = its statement's rows"),
    4: ("提现在途＝未到账提现", "money in transit = withdrawals not received"),
    5: ("应收账款＝未结算订单", "receivables = orders not settled"),
    6: ("应收补贴＝未结算补贴", "subsidies receivable = subsidies not settled"),
    7: ("预收及待转税＝已付未交付订单", "advances and VAT inside = paid, undelivered orders"),
    8: ("发出商品＝已发未确认成本", "goods shipped = shipped, unconfirmed at cost"),
    9: ("平台费用＝账单佣金等扣费", "selling charges = charges of the statements"),
    10: ("手续费＝账单及银行手续费", "payment fees = fees of statements and banks"),
    11: ("收入及税＝平台申报收入", "revenue and VAT = income the platforms declare"),
    12: ("销项税额＝开票及未开票税额", "output VAT = tax of invoiced and uninvoiced sales"),
    13: ("待查款＝未解释差异", "suspense = unexplained findings"),
    14: ("应退客户款＝待退差异", "refunds owed = open findings to be returned"),
    15: ("多退款及拒付＝未结差异", "excess refunds and disputes = open findings"),
    16: ("尾差＝容差及核销差额", "small differences = accepted and written off"),
    17: ("外币账户＝外币对账单", "foreign accounts = statements in their currency"),
    18: ("借方合计＝贷方合计", "debits = credits"),
    19: ("账单行＝已入账＋列明未入账", "rows of money = booked + listed as not booked"),
}
_NEEDS = {
    8: ("需要成本与存货账", "needs costs and the stock ledger"),
    11: ("需要订单文件", "needs order files"),
    12: ("需要开票数据", "needs the invoices"),
    17: ("需要汇率 rates.csv", "needs rates.csv"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One control.

    number, title_zh, title_en: which equation. subject: account (`family:number`) or shop, empty for the whole.
    ledger, statement: both sides in minor units; difference = ledger - statement; explained: the part of it that
    listed items explain. state: `ok`, `explained`, `open`, `movement only` (no printed balance), `not computable`.
    needs_zh, needs_en: the facts that are missing, or what the figures cover.
    """

    number: int
    title_zh: str
    title_en: str
    subject: str
    ledger: int | None
    statement: int | None
    difference: int | None
    explained: int | None
    state: str
    needs_zh: str = ""
    needs_en: str = ""


def control(number: int, subject: str, ledger: int, statement: int, explained: int) -> Control:
    """Return a control that was computed."""
    difference = ledger - statement
    state = OPEN if difference != explained else EXPLAINED if difference else OK
    return Control(number, *_TITLES[number], subject, ledger, statement, difference, explained, state)


def movement_only(number: int, subject: str, movement: int) -> Control:
    """Return the control of an account whose statements print no balance."""
    missing = ("对账单无余额", "its statements print no balance")
    return Control(number, *_TITLES[number], subject, movement, None, None, None, MOVEMENT_ONLY, *missing)


def not_computable(*numbers: int) -> list[Control]:
    """Return controls that need facts no file gives."""
    return [
        Control(number, *_TITLES[number], "", None, None, None, None, NOT_COMPUTABLE, *needs)
        for number, needs in _NEEDS.items()
        if number in numbers
    ]
