"""A company's book beside its bank statement, with known answers: the lines a person finds hard to pair.

Made in the manner of the public example "Bank Reconciliation Problem - January 2025" (43 bank lines, 49 entries), at
1,000 rows a side: names cut, shortened and misspelt, processors' cryptic texts, cheque and invoice numbers (some
damaged), deposits of several receipts, fees kept back, swapped digits, voided and reissued cheques, corrections, items
of another period, and equal amounts on equal days with only the text to tell. What the matcher sees is only what is
printed. Money is whole minor units; all draws come from one seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

#: Groups of each kind per 1,000 rows; what is left is plain. A cluster of `equal` has 2 to 4 pairs.
PER_THOUSAND = {
    "cheque": 150,
    "invoice": 110,
    "invoices": 10,
    "processor": 50,
    "equal": 28,
    "recurring": 20,
    "deposit": 25,
    "fee": 20,
    "transposed": 15,
    "void": 12,
    "corrected": 12,
    "returned": 6,
    "lookalike": 10,
    "stranger": 4,
    "prior": 75,
    "charge": 70,
    "outstanding": 15,
}
#: Shares of the lines on which a kind of noise falls; `noise` multiplies them, up to MOST.
NAME_TYPO = 0.06
NAME_SHORTENED = 0.20
NAME_CUT = 0.35
BOOK_TYPO = 0.02
NUMBER_SLIP = 0.04
NUMBER_CUT = 0.03
CHEQUE_BARE = 0.03  # the bank prints no cheque number
MOST = 0.9
#: Never multiplied: how the bank prints.
NAME_WIDTH = (15, 20)
FOREIGN_NUMBER = 0.30  # a trace or company number that the book does not know
DEPOSIT_SLIP = 0.5  # deposits whose slip number both sides print
DEPOSIT_UNSAID = 0.3  # of the others: the book does not say that they were paid in together
FEE_PRINTED = 0.5
FEES = (1000, 1500, 1750, 2000, 2500, 3000, 3500, 4500, 5000)
RECURS_SAME_DAY = 0.1
RECURS_SOON = 0.15  # again within the days a transfer takes
RELATED_NAME = 0.30  # parties whose name begins like another's
CHINESE = 0.15
DAYS = 60
PARTIES = 260

_FIRST = """Harbor Summit Northstar Pinnacle Cascade Redline Oakwood Sterling Lakeside Precision Meridian Brightstar
Westfield Globex Techflow Quantum Henderson Riverside Johnson Consolidated Evergreen Blackstone Ironbridge Silverline
Copperfield Maplewood Stonegate Bluewater Foxglove Kingsley Larkspur Millbrook Norwood Orchard Parkside Queensbury
Ridgeway Saltmarsh Thornhill Underwood Vanguard Whitfield Yellowstone Zephyr Amberley Birchwood Cloverdale Dunmore
Elmhurst Fairview""".split()
_SECOND = """Realty Supply Manufacturing Property Industries Logistics Medical Tools Services Enterprises Consulting
Solutions Electric Analytics Technology Utilities Insurance Design Freight Packaging Textiles Foods Chemicals Printing
Security Software Telecom Marketing Plumbing Machinery""".split()
_THIRD = "Partners Group Inc LLC Corporation Ltd Co Management Associates Holdings".split()
_CITY = "杭州 上海 深圳 广州 苏州 宁波 义乌 厦门".split()
_BRAND = "云帆 华茂 金桥 瑞丰 天成 同创 恒达 明远 嘉禾 新锐".split()
_TRADE = "贸易 服饰 电子 物流 食品 包装 科技 广告".split()
_SHORT = {"MANAGEMENT": "MGMT", "PARTNERS": "PRTNRS", "ASSOCIATES": "ASSOC", "GROUP": "GRP", "CORPORATION": "CORP",
          "SERVICES": "SVCS", "MANUFACTURING": "MFG", "INSURANCE": "INS", "PROPERTY": "PROP", "CONSULTING": "CONS",
          "TECHNOLOGY": "TECH", "INDUSTRIES": "IND", "ENTERPRISES": "ENT", "LOGISTICS": "LGSTCS"}  # fmt: skip
_PURPOSES = """monthly retainer;office supplies;equipment parts;raw materials;annual support;site visit;freight;
spring catalogue;rent main office;rent second office;licence renewal;returned goods;consulting phase 2;maintenance;
training;prepayment first quarter""".replace("\n", "").split(";")
_CHARGES = ("SERVICE CHARGE", "WIRE TRF FEE", "INTEREST PAYMENT", "ACCOUNT ANALYSIS FEE", "账户管理费")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Group:
    """Rows of the book and of the bank that belong together; both of one side: they cancel; one row: it stays alone."""

    book: tuple[int, ...]
    bank: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class BankSet:
    """book: day, amount, name, number, memo. bank: day, amount, text. truth: each row is in exactly one group."""

    book: pd.DataFrame
    bank: pd.DataFrame
    truth: tuple[Group, ...]


def make(seed: int, noise: int = 1, rows: int = 1000) -> BankSet:
    """Return one set; the longer side has `rows` rows. `noise` multiplies the rates of what is damaged."""
    maker = _Maker(np.random.default_rng(seed), noise)
    for kind, per_thousand in PER_THOUSAND.items():
        for _ in range(per_thousand * rows // 1000):
            getattr(maker, f"add_{kind}")()
    while max(len(maker.book), len(maker.bank)) < rows:
        maker.add_plain()
    return maker.shuffled()


class _Maker:
    def __init__(self, rng: Generator, noise: int) -> None:
        self.rng, self.noise = rng, noise
        self.book: list[tuple[int, int, str, str, str]] = []
        self.bank: list[tuple[int, int, str]] = []
        self.groups: list[Group] = []
        self.cheque, self.entry, self.slip_number = 4500, 4400, 310
        self.invoices: set[int] = set()
        self.parties = self._parties()
        self.usual = [self.whole(20, 400) * 2500 for _ in range(60)]

    # --- draws -------------------------------------------------------------------------------------------------------

    def whole(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))

    def chance(self, rate: float) -> bool:
        return bool(self.rng.random() < rate)

    def noisy(self, rate: float) -> bool:
        return self.chance(min(MOST, rate * self.noise))

    def pick(self, some: Sequence[Any]) -> Any:
        return some[self.whole(0, len(some) - 1)]

    def amount(self) -> int:
        """A fifth are usual round amounts that come again and again."""
        return self.pick(self.usual) if self.chance(0.2) else self.whole(1_000, 2_500_000)

    def _parties(self) -> list[str]:
        names: dict[str, None] = {}
        while len(names) < PARTIES:
            known = [name for name in names if name.isascii()]
            if self.chance(CHINESE):
                stem = self.pick(_CITY) + self.pick(_BRAND)
                names[stem + self.pick(_TRADE) + "有限公司"] = None
            elif known and self.chance(RELATED_NAME):
                words = self.pick(known).split()
                kept = words[: self.whole(1, max(1, len(words) - 1))]
                names[" ".join([*kept, *[self.pick(_SECOND), self.pick(_THIRD)][len(kept) - 1 :]])] = None
            else:
                initial = f"{self.pick(list(_LETTERS))}. " if self.chance(0.08) else ""
                names[f"{initial}{self.pick(_FIRST)} {self.pick(_SECOND)} {self.pick(_THIRD)}"] = None
        return list(names)

    # --- what is printed ---------------------------------------------------------------------------------------------

    def printed(self, party: str) -> str:
        """The party as the bank prints it."""
        name = party.upper().replace("&", "").replace(".", "")
        if self.noisy(NAME_SHORTENED):
            name = " ".join(self._shortened(word) for word in name.split())
        if self.noisy(NAME_TYPO):
            name = self._misspelt(name)
        if self.noisy(NAME_CUT):
            name = name[: self.whole(*NAME_WIDTH)].strip()
        return name

    def _shortened(self, word: str) -> str:
        if word in _SHORT:
            return _SHORT[word]
        if len(word) < 7 or self.chance(0.5):
            return word
        at = self.whole(2, 4)
        return word[:at] + "".join(c for c in word[at:] if c not in "AEIOU")

    def _misspelt(self, name: str) -> str:
        spots = [n for n in range(1, len(name) - 1) if name[n].isalnum() and name[n + 1].isalnum()]
        at = self.pick(spots)
        how = self.whole(0, 3)
        if how == 0:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        if how == 1:
            return name[:at] + name[at + 1 :]
        if how == 2:
            return name[:at] + name[at] + name[at:]
        return name[:at] + self.pick(list(_LETTERS)) + name[at + 1 :]

    def written(self, party: str) -> str:
        """The party as the book writes it."""
        return self._misspelt(party) if self.noisy(BOOK_TYPO) else party

    def slipped(self, digits: str) -> str:
        """One slip: swap, drop or change a digit, or lose the end."""
        while True:
            at = self.whole(1, len(digits) - 2)
            how = self.whole(0, 3)
            new = (
                digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :],
                digits[:at] + digits[at + 1 :],
                digits[:at] + str(self.whole(0, 9)) + digits[at + 1 :],
                digits[: -self.whole(1, 2)] if len(digits) > 5 else digits[:-1],
            )[how]
            if new != digits:
                return new

    def number(self, digits: str) -> str:
        """A number as the bank prints it."""
        if self.noisy(NUMBER_SLIP):
            return self.slipped(digits)
        if self.noisy(NUMBER_CUT):
            return digits[:-1]
        return digits

    def bank_text(self, amount: int, party: str) -> str:
        name = self.printed(party)
        if not name.isascii():
            return self.pick(("转账 ", "网银汇款 ", "")) + name
        way = "CREDIT" if amount > 0 else "DEBIT"
        text = self.pick((f"ACH {way} {name}", f"WIRE TRF {'IN' if amount > 0 else 'OUT'} {name}", f"ACH {way} {name}"))
        if self.chance(FOREIGN_NUMBER):
            trace = self.pick((f"ID {self.whole(10**9, 10**10 - 1)}", f"TRN{self.whole(10**6, 10**7 - 1)}"))
            text = f"{text} {trace}"
        return text

    # --- rows --------------------------------------------------------------------------------------------------------

    def write(self, day: int, amount: int, party: str, number: str = "", memo: str = "") -> int:
        if not number:
            self.entry += 1
            number = f"{'AR' if amount > 0 else 'AP'}-{self.entry}"
        self.book.append((day, amount, self.written(party), number, memo or self.pick(_PURPOSES)))
        return len(self.book) - 1

    def post(self, day: int, amount: int, text: str) -> int:
        self.bank.append((day, amount, text))
        return len(self.bank) - 1

    def lag(self) -> int:
        """Days from the book to the bank: mostly 0 to 3, up to 5; the book may be a day late."""
        return self.pick((-1, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5))

    def pair(self, kind: str, day: int, amount: int, party: str) -> None:
        row = self.write(day, amount, party)
        self.groups.append(Group((row,), (self.post(day + self.lag(), amount, self.bank_text(amount, party)),), kind))

    def signed(self) -> int:
        return self.amount() * self.pick((1, -1))

    def day(self) -> int:
        return self.whole(0, DAYS - 1)

    # --- kinds -------------------------------------------------------------------------------------------------------

    def add_plain(self) -> None:
        self.pair("plain", self.day(), self.signed(), self.pick(self.parties))

    def next_cheque(self) -> int:
        self.cheque += 1
        return self.cheque

    def cheque_text(self, number: int) -> str:
        if self.noisy(CHEQUE_BARE):
            return "CHECK PAID"
        digits = self.number(str(number))
        return self.pick((f"CHECK #{digits}", f"CHECK {digits}", f"CHECK {digits.zfill(10)}"))

    def add_cheque(self) -> None:
        number, amount, day = self.next_cheque(), -self.amount(), self.day()
        row = self.write(day, amount, self.pick(self.parties), f"CHK-{number}")
        self.groups.append(
            Group((row,), (self.post(day + self.whole(1, 20), amount, self.cheque_text(number)),), "cheque")
        )

    def next_invoice(self) -> int:
        while True:
            number = self.whole(100, 9900)
            if number not in self.invoices:
                self.invoices.add(number)
                return number

    def add_invoice(self) -> None:
        number, amount, day, party = self.next_invoice(), self.amount(), self.day(), self.pick(self.parties)
        row = self.write(day, amount, party, f"INV-2025-{number:04d}")
        digits = self.number(f"2025{number:04d}")
        name = self.printed(party)
        texts = (
            f"ACH CREDIT {name} INV {digits}",
            f"WIRE TRF IN INV{digits} {name}",
            f"REMITTANCE INV-2025-{digits[4:]}",
        )
        text = self.pick(texts)
        self.groups.append(Group((row,), (self.post(day + self.lag(), amount, text),), "invoice"))

    def add_invoices(self) -> None:
        """One receipt for two or three invoices whose numbers the bank prints."""
        party, day = self.pick(self.parties), self.day()
        numbers = [self.next_invoice() for _ in range(self.whole(2, 3))]
        rows = tuple(self.write(day, self.amount(), party, f"INV-2025-{n:04d}") for n in numbers)
        total = sum(self.book[row][1] for row in rows)
        text = f"ACH CREDIT {self.printed(party)} INV " + " ".join(self.number(f"2025{n:04d}") for n in numbers)
        self.groups.append(Group(rows, (self.post(day + self.lag(), total, text),), "invoices"))

    def add_processor(self) -> None:
        party, amount, day = self.pick(self.parties), -self.amount(), self.day()
        words = party.upper().replace(".", "").split()
        squeezed = "".join(words)
        code = "".join(self.pick(list("0123456789ABCDEFGHJKMNPQRSTUVWXYZ")) for _ in range(9))
        bones = words[0][0] + "".join(c for c in words[0][1:] if c not in "AEIOU")
        store = f"POS PURCHASE {squeezed[:12]} #{self.whole(100, 9999)}"
        short = f"PAYPAL *{squeezed[: self.whole(8, 12)]}", f"SQ *{squeezed[: self.whole(9, 14)]}"
        text = self.pick((*short, f"{bones[:5]} MKTP US*{code}", store))
        row = self.write(day, amount, party)
        self.groups.append(Group((row,), (self.post(day + self.whole(0, 3), amount, text),), "processor"))

    def add_equal(self) -> None:
        """Two to four payments of one amount on one day: only the text tells them apart."""
        amount, day = self.signed(), self.day()
        chosen = self.rng.choice(len(self.parties), size=self.whole(2, 4), replace=False)
        for n in chosen.tolist():
            row = self.write(day, amount, self.parties[n])
            text = self.bank_text(amount, self.parties[n])
            self.groups.append(Group((row,), (self.post(day + 1, amount, text),), "equal"))

    def add_recurring(self) -> None:
        """The same amount to the same party again: far apart, soon, or on one day where the rows print the same."""
        amount, party, day = self.signed(), self.pick(self.parties), self.whole(0, DAYS - 30)
        if self.chance(RECURS_SAME_DAY):
            text = self.bank_text(amount, party)
            for _ in range(2):
                row = self.write(day, amount, party)
                self.groups.append(Group((row,), (self.post(day + 1, amount, text),), "recurring"))
        else:
            apart = self.whole(1, 4) if self.chance(RECURS_SOON) else self.whole(14, 30)
            for on in (day, day + apart):
                self.pair("recurring", on, amount, party)

    def add_deposit(self) -> None:
        """One deposit of two to five receipts of one day; half of the slips carry a number."""
        day = self.day()
        self.slip_number += self.whole(1, 3)
        slip = self.chance(DEPOSIT_SLIP)
        unsaid = not slip and self.chance(DEPOSIT_UNSAID)
        memo = f"deposit slip {self.slip_number}" if slip else "" if unsaid else "deposit"
        chosen = [self.pick(self.parties) for _ in range(self.whole(2, 5))]
        rows = tuple(self.write(day, self.amount(), party, memo=memo) for party in chosen)
        total = sum(self.book[row][1] for row in rows)
        text = f"DEPOSIT {self.number(str(self.slip_number))}" if slip else "DEPOSIT"
        self.groups.append(Group(rows, (self.post(day + self.whole(0, 2), total, text),), "deposit"))

    def add_fee(self) -> None:
        """The bank or a processor keeps 10 to 50 back of a receipt."""
        party, amount, day, fee = self.pick(self.parties), self.whole(20_000, 2_500_000), self.day(), self.pick(FEES)
        text = self.bank_text(amount, party)
        if self.chance(FEE_PRINTED):
            text += f" LESS FEE {fee // 100}.{fee % 100:02d}"
        row = self.write(day, amount, party)
        self.groups.append(Group((row,), (self.post(day + self.lag(), amount - fee, text),), "fee"))

    def add_transposed(self) -> None:
        party, day = self.pick(self.parties), self.day()
        while True:
            digits = str(self.amount())
            at = self.whole(0, len(digits) - 2)
            swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
            if swapped != digits and swapped[0] != "0":
                break
        sign = self.pick((1, -1))
        row = self.write(day, sign * int(digits), party)
        text = self.bank_text(sign, party)
        self.groups.append(Group((row,), (self.post(day + self.lag(), sign * int(swapped), text),), "transposed"))

    def add_void(self) -> None:
        """A cheque voided and written anew: three entries, one bank line."""
        old, new, amount, party, day = (
            self.next_cheque(),
            self.next_cheque(),
            -self.amount(),
            self.pick(self.parties),
            self.day(),
        )
        first = self.write(day, amount, party, f"CHK-{old}")
        back = self.pick(((f"CHK-{old}-V", "void"), (f"JE-{self.whole(5000, 5999)}", f"void check {old}")))
        voided = self.write(day + self.whole(2, 6), -amount, party, *back)
        again = self.write(day + self.whole(6, 9), amount, party, f"CHK-{new}", "reissued")
        self.groups.append(Group((first, voided), (), "void"))
        text = self.cheque_text(new)
        self.groups.append(Group((again,), (self.post(day + self.whole(10, 20), amount, text),), "reissue"))

    def add_corrected(self) -> None:
        """Entered for the wrong party or twice, then reversed; the bank knows only the right one (or all three)."""
        amount, day = self.signed(), self.day()
        wrong, right = (self.parties[n] for n in self.rng.choice(len(self.parties), size=2, replace=False).tolist())
        if self.chance(0.3):
            wrong = right
        first = self.write(day, amount, wrong)
        number = self.book[first][3]
        memo = f"reversal of {number}" if wrong == right or self.chance(0.6) else "reversal, entered in error"
        back = self.write(day + self.whole(0, 3), -amount, wrong, f"JE-{self.whole(5000, 5999)}", memo)
        if wrong != right and self.chance(0.3):
            for row, on in ((first, day), (back, day + 3)):
                text = self.bank_text(self.book[row][1], wrong)
                self.groups.append(Group((row,), (self.post(on + 1, self.book[row][1], text),), "corrected"))
        else:
            self.groups.append(Group((first, back), (), "corrected"))
        self.pair("corrected", day + self.whole(1, 3), amount, right)

    def add_returned(self) -> None:
        """A customer's cheque is paid in and comes back unpaid: in both books."""
        amount, day, party = self.amount(), self.day(), self.pick(self.parties)
        first = self.write(day, amount, party)
        back = self.write(day + 5, -amount, party, f"JE-{self.whole(5000, 5999)}", "returned unpaid")
        self.groups.append(Group((first,), (self.post(day, amount, self.bank_text(amount, party)),), "returned"))
        text = f"RETURNED ITEM {self.printed(party)}"
        self.groups.append(Group((back,), (self.post(day + 5, -amount, text),), "returned"))

    def add_lookalike(self) -> None:
        """Equal amount, near day, two parties that have nothing to do with each other: no pair."""
        amount, day = self.signed(), self.day()
        one, other = self.rng.choice(len(self.parties), size=2, replace=False).tolist()
        self.groups.append(Group((self.write(day, amount, self.parties[one]),), (), "lookalike"))
        text = self.bank_text(amount, self.parties[other])
        self.groups.append(Group((), (self.post(day + self.lag(), amount, text),), "lookalike"))

    def add_stranger(self) -> None:
        """The bank prints another name than the book knows: a trading name, or a processor's code alone."""
        amount, day = self.signed(), self.day()
        row = self.write(day, amount, self.pick(self.parties))
        brand = "".join(self.pick(("VI", "LO", "ZA", "QUE", "MER", "TRO", "NIX", "ORA")) for _ in range(3))
        text = self.pick(
            (f"ACH {'CREDIT' if amount > 0 else 'DEBIT'} {brand} HOLDING", f"STRIPE TRANSFER ST-{brand[:5]}")
        )
        self.groups.append(Group((row,), (self.post(day + self.lag(), amount, text),), "stranger"))

    def add_prior(self) -> None:
        """A cheque of an earlier period: the book of this one does not have it."""
        text = self.cheque_text(self.whole(4200, 4500))
        self.groups.append(Group((), (self.post(self.whole(0, 20), -self.amount(), text),), "prior"))

    def add_charge(self) -> None:
        """The bank's own charges and interest, and customers' money that nobody has entered yet."""
        if self.chance(0.5):
            row = self.post(self.day(), -self.whole(500, 6000), self.pick(_CHARGES))
        else:
            amount = self.signed()
            row = self.post(self.day(), amount, self.bank_text(amount, self.pick(self.parties)))
        self.groups.append(Group((), (row,), "charge"))

    def add_outstanding(self) -> None:
        """Not at the bank yet: cheques and transfers of the last days."""
        number = f"CHK-{self.next_cheque()}" if self.chance(0.6) else ""
        row = self.write(self.whole(DAYS - 15, DAYS - 1), -self.amount(), self.pick(self.parties), number)
        self.groups.append(Group((row,), (), "outstanding"))

    # --- the set -----------------------------------------------------------------------------------------------------

    def shuffled(self) -> BankSet:
        book_order, bank_order = self.rng.permutation(len(self.book)), self.rng.permutation(len(self.bank))
        book_place, bank_place = np.argsort(book_order), np.argsort(bank_order)
        book = pd.DataFrame([self.book[n] for n in book_order], columns=["day", "amount", "name", "number", "memo"])
        bank = pd.DataFrame([self.bank[n] for n in bank_order], columns=["day", "amount", "text"])
        truth = tuple(
            Group(
                tuple(sorted(int(book_place[n]) for n in g.book)),
                tuple(sorted(int(bank_place[n]) for n in g.bank)),
                g.kind,
            )
            for g in self.groups
        )
        return BankSet(book, bank, truth)
