"""Real bills of Chinese gateways and acquirers against what a person read in them (`real_answers`).

A file that does not foot was cut or edited by those who published it: the remark says how.
"""

from __future__ import annotations

from tests.channels.real_answers import Read, Refused

ANSWERS: dict[str, list[Read | Refused]] = {
    "wechatpay/tradebill_v3_ALL_20210128.csv": [Read("wechatpay.trade", 3, 3, 0, 0, "ok", "none", 3)],
    "wechatpay/extracted_tradebill_v2legacy_REFUND_20180821.csv": [
        Read("wechatpay.trade", 3, 3, 0, 0, "ok", "none", -3),
    ],
    "wechatpay/extracted_tradebill_v3_ALL_20240709_2of29rows.csv": [  # does not foot: 2 of its 29 rows
        Read("wechatpay.trade", 2, 2, 0, 0, "failed", "none", 995),
    ],
    "wechatpay/consumer_export_csv_utf8.csv": [Read("wechatpay.consumer", 27, 27, 0, 0, "none", "none", -1710737)],
    "alipay/extracted_yewumingxi_20190916_utf8.csv": [Read("alipay.trade", 10, 10, 0, 0, "ok", "none", 2)],
    "alipay/fundflow_b-alipay_2026_gb18030.csv": [  # does not foot: amounts replaced, the balances were kept
        Read("alipay.fundflow", 40, 40, 0, 0, "none", "broken", 81026),
    ],
    "alipay/consumer_web_jiaoyijilu_2019-2021_gbk.csv": [
        Read("alipay.consumer.web", 7, 7, 0, 0, "none", "none", -32857),
    ],
    "alipay/consumer_app_huidan_2023_gbk.csv": [Read("alipay.consumer", 10, 9, 1, 0, "none", "none", 22218223)],
    "unionpay/802310048993424_20150905.zip": [
        Read("unionpay.zm", 8, 8, 0, 0, "none", "none", 1314764),
        Read("unionpay.rd", 7, 0, 7, 0, "none", "none", 0),
    ],
    "unionpay/INN15090588ZM_802310048993424": [Read("unionpay.zm", 8, 8, 0, 0, "none", "none", 1314764)],
    "unionpay/RD201015090501_802310048993424": [Read("unionpay.rd", 7, 0, 7, 0, "none", "none", 0)],
    "unionpay/chinaums_detail_query_20170625.netbank.txt": [Read("chinaums", 33, 33, 0, 0, "ok", "none", 793844316)],
    "jd/consumer_export_2024_utf8bom.csv": [Read("jdpay.consumer", 26, 23, 3, 0, "none", "none", -164843)],
}
