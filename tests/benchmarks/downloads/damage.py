"""What becomes of files on the way: dropped, cut, emptied, doubled, another number in the key column; with the truth.

The truth follows from what is left: days between two files of an account are missing where the files state their
period, where the balance does not carry on, or where daily bills without either leave a day out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.benchmarks.downloads import files
from tests.benchmarks.downloads.chance import Chance
from tests.benchmarks.downloads.company import DAYS, LINES, Company, Order, company
from tests.benchmarks.downloads.files import Span

STATED = ("cash", "gateway")
CHAINED = ("fund", "cash", "bank")
TOTALLED = ("trade", "fund", "cash")
UNITS = {"trade": (1,), "fund": (1, 7), "cash": (1, 7), "gateway": (1, 7), "flow": (7,), "bank": (4, 7)}
BOOKS = {"generic": ("gateway",), "taobao": ("cash",), "douyin": ("flow",), "bank": ("bank",)}


@dataclass(frozen=True)
class Truth:
    """One finding that must be there, and nothing beside it.

    days: first and last missing day as ISO dates. orders: how many orders wait for them and Σ of their amounts. sums:
    expected and actual where they are certain. columns: names of which one of each group must be in the text.
    """

    code: str
    account: str
    days: tuple[str, str] | None = None
    orders: tuple[int, int] | None = None
    sums: tuple[int, int] | None = None
    columns: tuple[tuple[str, ...], ...] = ()


@dataclass
class Folder:
    """What was done to a folder: findings, rows that must be counted as repeated, and a line that says it."""

    truths: list[Truth] = field(default_factory=list)
    repeated: int = 0
    said: list[str] = field(default_factory=list)


@dataclass
class Book:
    """The files of one book of a line: spans that are there, and the texts of those that were changed."""

    spans: list[Span]
    changed: dict[Span, files.Text] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What kind of book."""
        return self.spans[0].book


def build(seed: int, folder: Path) -> Folder:
    """Write a folder with damaged files."""
    dice = Chance(seed)
    lines = tuple(dice.sample(LINES, dice.among(1, 4)))
    if lines == ("douyin",):
        lines = ("douyin", "taobao")
    quiet = range(dice.among(8, 11), dice.among(12, 15)) if dice.odds(30) else None
    book = dice.choice(("trade", "fund", "both"))
    made = company(dice, lines, bank=dice.odds(60), book=book, quiet=quiet)
    books = _books(dice, made, book)
    told = Folder()
    for line in dice.sample(sorted(books), dice.choice((1, 1, 1, 2))):
        _harm(dice, made, books[line], told)
    if dice.odds(60):
        _repeat(dice, made, dice.choice([b for of in books.values() for b in of]), told)
    _write(made, books, folder, with_payment=dice.odds(50))
    return told


def _books(dice: Chance, made: Company, book: str) -> dict[str, list[Book]]:
    """The files of every account as they should be."""
    found = {}
    own = {"trade": ("trade",), "fund": ("fund",), "both": ("trade", "fund")}[book]
    for line in made.rows:
        names = own if line == "own" else BOOKS[line]
        found[line] = [Book(_spans(made, line, name, dice.choice(UNITS[name]))) for name in names]
    return found


def _spans(made: Company, line: str, book: str, unit: int) -> list[Span]:
    spans = [files.span(made, line, book, day, min(day + unit, DAYS) - 1) for day in range(0, DAYS, unit)]
    return [one for one in spans if one.entries or book in STATED]


def _told(made: Company, part: Span) -> tuple[int, int] | None:
    """First and last day that a file speaks of."""
    if part.book in STATED:
        return part.first, part.last
    days = [made.day(e.row.at) for e in part.entries]
    return (min(days), max(days)) if days else None


def _harm(dice: Chance, made: Company, books: list[Book], told: Folder) -> None:
    """Drop, cut or empty files of one account."""
    name = books[0].name
    ways = ["drop", "drop", "cut", "cut", "empty"]
    if name == "gateway":
        ways = ["drop"]
    if name == "flow":
        return
    way = dice.choice(ways)
    if way == "cut":
        _cut(dice, made, dice.choice(books), _account(books), told)
    else:
        chosen = books if len(books) > 1 and dice.odds(50) else [dice.choice(books)]
        _drop(dice, made, books, chosen, told, emptied=way == "empty")


def _drop(dice: Chance, made: Company, books: list[Book], chosen: list[Book], told: Folder, *, emptied: bool) -> None:
    """Take away some neighbouring files of one book, or of both the files of the same days."""
    widest = max(chosen, key=lambda b: b.spans[0].last - b.spans[0].first)
    inner = [n for n, part in enumerate(widest.spans[1:-1], start=1) if part.entries]
    place = dice.choice(inner)
    count = 1 if emptied or widest.spans[0].last > 0 else dice.among(1, 4)
    lost = [part for part in widest.spans[place : min(place + count, len(widest.spans) - 1)] if part.entries]
    first, last = lost[0].first, lost[-1].last
    days: tuple[int, int] | None = None
    for book in chosen:
        gone = [part for part in book.spans if first <= part.first and part.last <= last]
        left = [part for part in book.spans if part not in gone]
        days = _hole(made, left, first, last)
        if emptied:
            for part in gone:
                book.changed[part] = files.text(made, replace(part, entries=()))
        else:
            book.spans = left
    account, where = _account(books), "+".join(book.name for book in chosen)
    assert days is not None
    told.said.append(f"{'emptied' if emptied else 'dropped'} {where} {first}-{last}")
    if emptied and widest.name == "cash":
        told.truths.append(Truth("balance_break", account))
        return
    iso = tuple(f"{made.first.date().fromordinal(made.first.toordinal() + day)}" for day in days)
    orders = _waiting(made, lost) if len(chosen) == len(books) else (0, 0)
    told.truths.append(Truth("missing_file", account, days=(iso[0], iso[1]), orders=orders))


def _hole(made: Company, left: Sequence[Span], first: int, last: int) -> tuple[int, int]:
    """The days between what is told before and after."""
    spoken = [days for part in left if (days := _told(made, part)) is not None]
    before = max(end for start, end in spoken if start < first)
    after = min(start for start, end in spoken if end > last)
    return before + 1, after - 1


def _waiting(made: Company, lost: Sequence[Span]) -> tuple[int, int]:
    """Orders whose payment lies in these files."""
    rows = [e.row for part in lost for e in part.entries]
    paid = [row.amount for row in rows if row.kind == "payment"]
    return len(paid), sum(paid)


def _account(books: Sequence[Book]) -> str:
    """What the account is called: a fund bill prints no number, a trade bill of the same money does."""
    names = {book.name for book in books}
    return "wechatpay.fundflow:default" if names == {"fund"} else books[0].spans[0].account


def _cut(dice: Chance, made: Company, book: Book, account: str, told: Folder) -> None:
    """Lose the last rows of a file, or some in its middle; its totals stay as they were."""
    fit = [part for part in book.spans[:-1] if len(part.entries) >= 4]
    if not fit:
        return
    part = dice.choice(fit)
    whole = files.text(made, part)
    size = len(whole.body)
    count = dice.among(1, min(size - 2, 9))
    start = size - count if dice.odds(50) else dice.among(1, size - count)
    gone = part.entries[start : start + count]
    if book.name == "bank" and sum(e.row.amount for e in gone) == 0:
        return
    kept = whole.body[:start] + whole.body[start + count :]
    days = whole.days[:start] + whole.days[start + count :]
    book.changed[part] = replace(whole, body=kept, days=days)
    told.said.append(f"cut {book.name} {part.first}-{part.last}: rows {start}+{count} of {size}")
    if book.name in TOTALLED:
        told.truths.append(Truth("control_total", account))
    elif start + count < size:
        told.truths.append(Truth("balance_break", account))
    else:
        after = next(other for other in book.spans if other.first > part.first)
        hole = days[-1] + 1, made.day(after.entries[0].row.at) - 1
        if hole[0] > hole[1]:
            told.truths.append(Truth("balance_break", account))
        else:
            iso = [f"{made.first.date().fromordinal(made.first.toordinal() + day)}" for day in hole]
            told.truths.append(Truth("missing_file", account, days=(iso[0], iso[1])))


def _repeat(dice: Chance, made: Company, book: Book, told: Folder) -> None:
    """The same bytes under another name, or a further download over the days of two files."""
    places = [
        n for n in range(len(book.spans) - 1) if not {book.spans[n], book.spans[n + 1]} & book.changed.keys()
        and book.spans[n].last + 1 == book.spans[n + 1].first and book.spans[n].entries
    ]  # fmt: skip
    if not places:
        return
    place = dice.choice(places)
    first, second = book.spans[place], book.spans[place + 1]
    if dice.odds(50):
        again = replace(first, line=f"again-{first.line}")
    else:
        again = files.span(made, first.line, first.book, first.first, second.last)
    book.spans.append(again)
    told.said.append(f"repeated {book.name} {again.first}-{again.last}")
    told.repeated += len(again.entries)


def _write(made: Company, books: dict[str, list[Book]], folder: Path, *, with_payment: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files.write_lists(made, folder, with_payment=with_payment)
    for book in (b for of in books.values() for b in of):
        for part in book.spans:
            path = folder / files.name(made, part)
            files.write(path, book.name, book.changed.get(part) or files.text(made, part))


def build_swapped(seed: int, folder: Path) -> Folder:
    """Write a folder in which one list and its account number their orders each in its own way."""
    dice = Chance(seed)
    lines = tuple(dice.sample(LINES, dice.among(1, 4)))
    book = dice.choice(("trade", "fund", "both"))
    made = company(dice, lines, bank=dice.odds(50), book=book)
    line = dice.choice(lines)
    mine = [order for order in made.orders if order.line == line]
    there = dice.odds(50)
    other = _numbers(dice, mine, digits=line in ("taobao", "douyin") and not there)
    kept = set(dice.sample(range(len(mine)), dice.among(0, len(mine) // 40 + 1)))
    for place, order in enumerate(mine):
        if place in kept:
            continue
        if there:
            order.known = other[place]
        else:
            order.number = other[place]
    _write(made, _books(dice, made, book), folder, with_payment=False)
    return Folder([_wrong_key(mine, kept, line, book)], 0, [f"swapped {line} {'there' if there else 'here'}"])


def _numbers(dice: Chance, orders: Sequence[Order], *, digits: bool) -> list[str]:
    """Another numbering: of the same pattern far away, of the same length, or of another pattern."""
    way = dice.below(3)
    if way == 0:
        return [_shifted(order.number) for order in orders]
    if way == 1:
        return ["".join(str(dice.among(1, 10)) for _ in order.number) for order in orders]
    start = dice.among(10**9, 9 * 10**9)
    return [f"{'' if digits else 'ERP-'}{start + 7 * place}" for place in range(len(orders))]


def _shifted(number: str) -> str:
    """The same pattern, from another counter: the last eight digits run elsewhere."""
    return f"{number[:-8]}{(int(number[-8:]) * 3 + 51_234_567) % 10**8:08d}"


def _wrong_key(orders: Sequence[Order], kept: set[int], line: str, book: str) -> Truth:
    part = {"own": "fund" if book == "fund" else "trade", "generic": "gateway", "taobao": "cash", "douyin": "flow"}[
        line
    ]
    here, there = (files.NUMBER_HERE[line],), (files.NUMBER_THERE[line],)
    if line == "own" and book == "fund":
        there = ("业务凭证号",)
    if line == "douyin":
        here, there = (*here, "子订单编号"), (*there, "子订单号")
    under = sum(order.amount - order.refund for place, order in enumerate(orders) if place not in kept)
    sums = (under, under) if line in ("own", "generic") else None
    account = "wechatpay.fundflow:default" if part == "fund" else files.ACCOUNTS[part]
    return Truth("wrong_key", account, sums=sums, columns=(here, there))
