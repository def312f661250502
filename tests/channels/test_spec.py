"""Specs: the built-in ones are sound, a user's own is read beside them, what is wrong is named by file, line, key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from recon.channels import columns
from recon.channels.lines import fold
from recon.channels.spec import SPECS, Spec, load_spec, load_specs
from recon.errors import UsageFault
from recon.ledger.channel import Window

PERSONAL = re.compile("收货人|收货地址|收件|联系|手机|地址|会员名|昵称|买家留言|用户标识|姓名")
OWN = """\
channel: my.orders
side: order
family: my
title: {zh: 我的订单, en: My orders}
recognise: {header: [单号, 金额, 时间]}
time: 时间
key: {columns: 单号}
refs: {order_ref: 单号}
rows:
  - entries: [{kind: sale, amount: 金额, required: true}]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_named_as_its_channel(specs: Mapping[str, Spec]) -> None:
    assert {path.stem for path in SPECS.glob("*.yaml")} == set(specs)


def test_names_phones_and_addresses_are_never_read(specs: Mapping[str, Spec]) -> None:
    read = {name for spec in specs.values() for name in columns.used(spec)}
    assert not {name for name in read if PERSONAL.search(name)}


def test_every_named_column_of_a_header_is_spelt_once(specs: Mapping[str, Spec]) -> None:
    for spec in specs.values():
        spellings = [
            fold(other) for name, others in spec.aliases.items() for other in others if fold(other) == fold(name)
        ]
        assert not spellings, spec.channel


def test_facts_for_the_later_rooms(specs: Mapping[str, Spec]) -> None:
    facts = specs["taobao.orders"].facts()
    assert (facts.comparison, facts.settles_via, facts.side) == ("escrow", ("alipay", "taobao"), "order")
    assert facts.payment == (Window("confirmed_at", 0, 1),)
    bank = re.search(specs["wechatpay.trade"].facts().bank_keys[0], "1001_1612315835")
    assert bank is not None
    assert bank.groupdict() == {"mmdd": "1001", "account": "1612315835"}


def test_a_channel_of_the_user(tmp_path: Path) -> None:
    written(tmp_path, OWN)
    assert "my.orders" in load_specs(tmp_path)
    assert "my.orders" not in load_specs(tmp_path / "none")


def test_a_channel_takes_from_another_what_it_leaves_out(tmp_path: Path) -> None:
    path = written(tmp_path, "channel: my.taobao\nlike: taobao.orders\ntitle: {zh: 我, en: mine}\n")
    spec = load_spec(path)
    assert (spec.channel, spec.family, len(spec.rows)) == ("my.taobao", "taobao", 2)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("side: order", "side: shop", r"own\.yaml:2: side: Input should be 'order', 'gateway' or 'bank'"),
        ("kind: sale", "kind: sold", r"own\.yaml:10: rows\.0\.entries\.0\.kind: Input should be"),
        ("title:", "titel:", r"own\.yaml:4: titel: Extra inputs are not permitted"),
        ("amount: 金额", "amount: {column: 金额, in: 收入}", r"amount: .*name one of: column, several, in and out"),
        ("order_ref: 单号", "order_ref: {column: 单号, pattern: '(a)'}", r"exactly one group, \(\?P<ref>"),
        ("- entries: [{kind: sale, amount: 金额, required: true}]", "- {skip: x, kind: sale}", "a rule has one of"),
        ("key: {columns: 单号}\n", "", "a channel needs time, key and rows"),
        ("family: my", "like: nowhere", r"own\.yaml: like: there is no built-in channel nowhere"),
        ("family: my", "family: [my", r"own\.yaml:\d+: is no valid YAML"),
        ("family: my", "family: my\nresolve: orders", "only built-in channels may name a hook"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in OWN
    written(tmp_path, OWN.replace(old, new))
    with pytest.raises(UsageFault, match=message):
        load_specs(tmp_path)


def test_keys_and_words_are_texts(tmp_path: Path) -> None:
    spec = load_spec(written(tmp_path, OWN.replace("[单号, 金额, 时间]", "[on, yes, 1.10, 单号]")))
    assert [names[0] for names in spec.recognise.header] == ["on", "yes", "1.10", "单号"]
