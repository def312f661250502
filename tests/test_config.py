"""recon.yaml: what it may say, and how a wrong file is told."""

from __future__ import annotations

import ast
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recon.channels.spec import load_specs
from recon.config import Config, WindowRule, load, minor, read
from recon.config.books import profile
from recon.config.document import parse_text
from recon.config.model import Dated, Section
from recon.config.rules import rules_of
from recon.config.texts import rate
from recon.errors import UsageFault
from recon.fees import Rule
from recon.ledger.channel import ChannelFacts, Window
from recon.matching.tolerance import Tolerance
from recon.money import Rounding
from recon.vouchers.profile import MoneyAccount, Profile

PROJECT = Path(__file__).parents[1]
PROFILES = sorted((PROJECT / "configs").glob("*.yaml"))
FAULTS = PROJECT / "samples" / "faults" / "configuration.txt"


def config(text: str) -> Config:
    return read(parse_text(text, "recon.yaml"))


def faults(text: str) -> list[str]:
    with pytest.raises(UsageFault) as caught:
        config(text)
    return str(caught.value).splitlines()


def listed_faults() -> list[tuple[str, ...]]:
    blocks = FAULTS.read_text(encoding="utf-8").split("\n\n")[1:]
    return [tuple(line.strip() for line in block.splitlines()) for block in blocks]


def test_no_file_is_all_defaults() -> None:
    found = load(None)
    assert (found.lang, found.zone, found.currency) == ("zh", "Asia/Shanghai", "CNY")
    assert found.assumed


def test_an_empty_file_is_all_defaults() -> None:
    assert config("# nothing yet\n") == Config()


def test_texts_stay_as_they_stand() -> None:
    found = config(
        """
        as_of: 2026-10-31
        sources: [{files: "old/*.csv", account: 0019001}]
        accounts: {"icbc:1234": {code: 1002.10}}
        postings: {maker: on, accounts: {fee: 6603.040}}
        """
    )
    account = found.accounts["icbc:1234"]
    assert found.as_of == date(2026, 10, 31)
    assert found.sources[0].account == "0019001"
    assert account.code == "1002.10"
    assert (found.postings.maker, found.postings.accounts["fee"]) == ("on", "6603.040")
    assert not found.assumed


def test_windows_and_fees() -> None:
    found = config(
        """
        windows:
          douyin:
            - {from: 2024-01-01, to: 2026-09-30, trigger: confirmed_at, days: [4, 10]}
            - {from: 2026-10-01, trigger: confirmed_at, days: [3, 7], unit: working}
        fees:
          "wechatpay:1900000109":
            - {to: 2026-10-15, detail: 手续费, rate: "0.6%", max: null}
            - {from: 2026-10-16, detail: 手续费, rate: 54/10000, on_refund: returned}
        """
    )
    assert found.windows["douyin"][1] == WindowRule(
        since=date(2026, 10, 1), until=None, trigger="confirmed_at", days=(3, 7), unit="working"
    )
    assert [rule.rate for rule in found.fees["wechatpay:1900000109"]] == [Decimal("0.006"), Decimal("0.0054")]


def test_rules_and_windows_as_the_other_rooms_know_them() -> None:
    found = config(
        """
        windows: {douyin: [{from: 2024-01-01, trigger: confirmed_at, days: [4, 10], unit: working}]}
        fees: {"wechatpay:1": [{detail: 手续费, rate: 54/10000, fixed: 0.10, max: 5, rounding: down, to: 2026-10-15}]}
        """
    )
    assert found.windows["douyin"][0].window() == Window("confirmed_at", 4, 10, "working", since=date(2024, 1, 1))
    assert found.fees["wechatpay:1"][0].rule("fee", "CNY") == Rule(
        "手续费", Fraction(27, 5000), fixed=10, maximum=500, rounding=Rounding.DOWN, until=date(2026, 10, 15)
    )


def test_an_amount_is_in_the_decimals_of_its_currency() -> None:
    assert (minor(Decimal("1.50"), "CNY"), minor(Decimal(150), "JPY")) == (150, 150)
    with pytest.raises(UsageFault, match=r"1\.50 has more decimals than JPY"):
        minor(Decimal("1.50"), "JPY")


@pytest.mark.parametrize(("text", "told"), listed_faults())
def test_one_fault(text: str, told: str) -> None:
    assert faults(f"# a comment\n{text}\n") == [f"recon.yaml:2: {told}"]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    found = faults("lang: fr\nlegs: {a: {}}\nperiod: x\ntolerances:\n  amount: a\n  materialty: 3\n")
    assert [line.split(":")[1] for line in found] == ["1", "2", "3", "5", "6"]


def test_a_planned_key_that_asks_for_nothing_is_no_fault() -> None:
    assert config("outputs: {proof: null}\ntolerances: {alarm: null, write_off: null}\n") == Config()


def tolerance(text: str) -> Tolerance:
    return rules_of(config(text), {}, None, None, None).tolerance


def test_a_tolerance_is_an_amount_or_the_larger_of_amount_and_share() -> None:
    assert tolerance("") == Tolerance()
    assert tolerance("tolerances: {amount: 0.05}") == tolerance("tolerances: {amount: {amount: 0.05}}") == Tolerance(5)
    told = "currency: JPY\ntolerances: {amount: {amount: 10, per_ten_thousand: 5, base: received, rounding: down}}"
    assert tolerance(told) == Tolerance(10, 5, "received", Rounding.DOWN, currency="JPY")


def test_a_write_off_has_a_limit_and_an_account() -> None:
    told = config('tolerances: {write_off: {limit: 1.00, account: "6711"}}\npostings: {accounts: {rounding: "1"}}')
    assert rules_of(told, {}, None, None, None).tolerance == Tolerance(write_off=100)
    assert profile(told).code("rounding") == "6711"
    assert profile(config("tolerances: {write_off: {limit: 1.00}}")).code("rounding") == "6603.06"
    with pytest.raises(UsageFault, match=r"0\.50 has more decimals than JPY"):
        tolerance("currency: JPY\ntolerances: {write_off: {limit: 0.50}}")


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("", 100_000_000),
        ("tolerances: {alarm: {}}", 100_000_000),
        ("tolerances: {alarm: {money_at_risk: 0.05}}", 500),
        ("tolerances: {alarm: {money_at_risk: 0}}", 0),
        ("tolerances: {alarm: {money_at_risk: null}}", None),
    ],
)
def test_the_limit_of_money_at_risk_in_ten_thousandths_of_any_currency(text: str, limit: int | None) -> None:
    assert rules_of(config(text), {}, None, None, None).money_at_risk == limit


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lang: zh\nlang: en\n", "recon.yaml:2: the key 'lang' stands twice, first in line 1."),
        ("- a\n", "recon.yaml:1: holds no keys. Write `key: value` lines."),
        ("shops: {[a]: b}\n", "recon.yaml:1: a key must be a text."),
        (
            "postings: &p {}\nshops: *p\n",
            "recon.yaml:1: a YAML alias (`*name`) is not allowed here. Write the value out.",
        ),
        ("lang: zh\n  zone: x\n", "recon.yaml:2: is not YAML: mapping values are not allowed here."),
        ("lang: zh\n---\nlang: en\n", "recon.yaml:2: is not YAML: but found another document."),
        ("a: '\x07'", "recon.yaml: is not YAML: unacceptable character #x0007: special characters are not allowed."),
    ],
)
def test_what_is_no_configuration(text: str, message: str) -> None:
    assert faults(text) == [message]


def test_python_tags_are_never_run() -> None:
    assert faults('lang: !!python/object/apply:os.system ["true"]\n') == [
        "recon.yaml:1: lang: is not one of its values. Write zh or en."
    ]


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "recon.yaml"
    path.write_bytes("\ufefflang: en\r\n".encode())
    assert load(path).lang == "en"


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "recon.yaml"
    path.write_bytes("postings: {maker: 出纳甲}\n".encode("gbk"))
    with pytest.raises(UsageFault, match=r"^recon\.yaml: is not UTF-8\. Save it as UTF-8\.$"):
        load(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match=r"cannot be read: No such file"):
        load(tmp_path / "recon.yaml")


@given(st.integers(0, 10**8))
def test_a_rate_is_exact(parts: int) -> None:
    assert rate(f"{parts}/100000000") == Decimal(parts).scaleb(-8)


@given(st.text())
def test_any_text_is_a_configuration_or_a_fault(text: str) -> None:
    try:
        assert isinstance(config(text), Config)
    except UsageFault as fault:
        assert all(line.startswith("recon.yaml:") for line in str(fault).split("\n"))


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_a_profile_to_copy_is_right(path: Path) -> None:
    channels = {name: spec.facts() for name, spec in load_specs().items()}
    assert not load(path, channels).assumed


def test_there_is_a_profile_for_every_sample() -> None:
    assert {path.stem for path in PROFILES} == {"taobao-alipay-bank", "wechat-shop", "douyin"}


def test_the_books_of_a_company_that_told_nothing() -> None:
    found = profile(Config())
    assert found == Profile(assumed=True)


def test_the_books_of_a_company() -> None:
    found = profile(
        config(
            """
            shops: {甲: {customer: 甲公司}, 乙: {}}
            accounts: {"icbc:1234": {code: 1002.01, scope: all}}
            closed_periods: [2026-08, 2026-09]
            postings: {standard: small, taxpayer: small_scale, vat: {default: 1%, 乙: 3%}, maker: 丙, grain: order}
            """
        )
    )
    assert found == Profile(
        standard="small",
        taxpayer="small_scale",
        vat={"default": Fraction(1, 100), "乙": Fraction(3, 100)},
        maker="丙",
        grain="order",
        money={"icbc:1234": MoneyAccount("1002.01", "all")},
        customers={"甲": "甲公司"},
        closed_periods=frozenset({"2026-08", "2026-09"}),
    )


CHANNELS = {
    "wechatpay.trade": ChannelFacts("wechatpay.trade", "gateway", "wechatpay", "微信", "WeChat"),
    "icbc.corporate.a": ChannelFacts("icbc.corporate.a", "bank", "icbc", "工行", "ICBC"),
}


def test_names_that_no_channel_knows() -> None:
    document = parse_text(
        """sources: [{files: a, channel: wechat.trade}]
shops: {甲: {accounts: ["wechatpay:1", "wechat:1"]}}
accounts: {"icbc:1": {}, "cmb:1": {}}
windows: {wechtpay: []}
fees: {"wechatpay:1": [], "zzz:1": []}
""",
        "recon.yaml",
    )
    assert read(document).windows
    with pytest.raises(UsageFault) as caught:
        read(document, CHANNELS)
    assert str(caught.value).splitlines() == [
        "recon.yaml:1: sources[0].channel: 'wechat.trade' is no channel. Did you mean 'wechatpay.trade'?",
        "recon.yaml:2: shops.甲.accounts[1]: 'wechat' is no channel family. Did you mean 'wechatpay'?",
        "recon.yaml:3: accounts.cmb:1: 'cmb' is no channel family. Known: icbc, wechatpay.",
        "recon.yaml:4: windows.wechtpay: 'wechtpay' is no channel or family. Did you mean 'wechatpay'?",
        "recon.yaml:5: fees.zzz:1: 'zzz' is no channel family. Known: icbc, wechatpay.",
    ]


def test_names_that_the_channels_know() -> None:
    document = parse_text('sources: [{files: a, channel: icbc.corporate.a}]\nfees: {"wechatpay:1": []}', "recon.yaml")
    assert read(document, CHANNELS).sources[0].channel == "icbc.corporate.a"


def test_every_key_does_something() -> None:
    """A key that is read and never used would promise what no run keeps."""
    package = PROJECT / "recon"
    users = [*(package / "config").glob("*.py"), *(package / "cli").glob("*.py")]
    users += [package / "pipeline.py", package / "reconciling.py", package / "channels" / "reader.py"]
    used = {
        node.attr
        for path in users
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    sections = [Config, *Section.__subclasses__(), *Dated.__subclasses__()]
    keys = {name for section in sections for name in section.model_fields}
    assert keys - used == {"tables"}  # one value so far, and any other is refused
