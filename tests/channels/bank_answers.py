"""Real statements of banks against what a person read in them; found where `RECON_REAL_FILES` names their folder.

Per file one answer per statement in it: channel, rows, booked, skipped, quarantined, control total, balance chain, and
the sum of the entries in minor units. A file that does not foot was cut or edited by those who published it: the
remark says how. Every other total and balance agrees.
"""

from __future__ import annotations

from tests.channels.real_answers import Read, Refused

ANSWERS: dict[str, list[Read | Refused]] = {
    "SOURCES.md": [Refused("no header of a known channel in the first lines")],
    "abc/personal_debit_from_pdf.csv": [  # does not foot: balances edited by the project, one row cut short
        Read("abc.personal.pdf", 5, 4, 0, 1, "none", "broken", 999001),
    ],
    "bai2/account_trailer_blank.bai2": [
        Read("bai2", 0, 0, 0, 0, "ok", "none", 0),
        Read("bai2", 0, 0, 0, 0, "ok", "none", 0),
    ],
    "bai2/moov_sample1.txt": [
        Read("bai2", 11, 11, 0, 0, "ok", "none", 0),
        Read("bai2", 6, 6, 0, 0, "ok", "none", 0),
    ],
    "bai2/moov_sample3.txt": [
        Read("bai2", 6, 6, 0, 0, "ok", "ok", -100),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
        Read("bai2", 2, 2, 0, 0, "ok", "ok", -30703),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
        Read("bai2", 6, 6, 0, 0, "ok", "ok", -14951),
        Read("bai2", 4, 4, 0, 0, "ok", "ok", -5624),
        Read("bai2", 8, 8, 0, 0, "ok", "ok", 31673),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
        Read("bai2", 0, 0, 0, 0, "ok", "ok", 0),
    ],
    "bai2/moov_sample4_newline.txt": [  # two control totals are not the sum by any reading, nor is 98
        Read("bai2", 0, 0, 0, 0, "ok", "none", 0),
        Read("bai2", 3, 3, 0, 0, "failed", "none", -845150),
        Read("bai2", 14, 14, 0, 0, "failed", "none", -29903174),
        Read("bai2", 0, 0, 0, 0, "ok", "none", 0),
        Read("bai2", 0, 0, 0, 0, "failed", "none", 0),
    ],
    "bai2/svb_us.bai2": [
        Read("bai2", 1, 1, 0, 0, "ok", "ok", 490196),
        Read("bai2", 1, 1, 0, 0, "ok", "ok", 905800),
    ],
    "boc/personal_debit_from_pdf.csv": [Read("boc.personal.pdf", 17, 17, 0, 0, "none", "ok", 42670)],
    "bocom/personal_debit_from_pdf.csv": [  # does not foot: a choice of rows, balances do not follow
        Read("bocom.personal.pdf", 6, 6, 0, 0, "none", "broken", -10275),
    ],
    "camt/camt052.v6.xml": [Read("camt.052", 1, 0, 1, 0, "none", "none", 0)],
    "camt/camt053.v2.minimal.xml": [Read("camt.053", 1, 1, 0, 0, "none", "none", 885)],
    "camt/camt053.v2.multi.statement.xml": [
        Read("camt.053", 1, 1, 0, 0, "none", "ok", 885),
        Read("camt.053", 1, 1, 0, 0, "none", "ok", -700),
    ],
    "camt/camt053.v8.xml": [Read("camt.053", 1, 1, 0, 0, "none", "none", 885)],
    "camt/camt054.v4.xml": [Read("camt.054", 1, 1, 0, 0, "none", "none", -20000000)],
    "camt/oca_camt053.xml": [  # does not foot: a choice of entries: -12.99 against -447.15
        Read("camt.053", 3, 3, 0, 0, "none", "broken", -1299),
    ],
    "ccb/personal_debit_2025.xls": [  # does not foot: amounts edited: 2140.13 less 515.02 is not 1579.11
        Read("ccb.personal", 6, 6, 0, 0, "none", "broken", -70326),
    ],
    "citic/personal_credit.xls": [Read("citic.credit", 13, 13, 0, 0, "none", "none", -109739)],
    "cmb/extracted_personal_debit_2026.csv": [  # does not foot: made up: every balance is 10000.00, the sums are 100.00
        Read("cmb.personal", 4, 4, 0, 0, "failed", "broken", 180250),
    ],
    "cmb/personal_debit_from_pdf.csv": [  # does not foot: a choice of rows, not in order
        Read("cmb.personal.pdf", 5, 5, 0, 0, "none", "broken", -77914),
    ],
    "csv/mercury_14.csv": [Read("mercury", 4, 4, 0, 0, "none", "none", -195462)],
    "csv/revolut_personal_2022.csv": [  # does not foot: a choice of rows
        Read("revolut.personal", 9, 6, 3, 0, "none", "broken", 8656),
    ],
    "hsbchk/debit.csv": [  # does not foot: one salary of HKD written as if of a balance without it
        Read("hsbc.hk.debit", 10, 10, 0, 0, "none", "broken", 2197895),
    ],
    "icbc/personal_credit.csv": [  # does not foot: edited: sums are 1234.56 and 6543.21
        Read("icbc.personal.credit", 9, 9, 0, 0, "failed", "broken", 425788),
    ],
    "icbc/personal_debit_v2.csv": [  # does not foot: edited: sums are 1234.56 and 9876.54, balances are letters
        Read("icbc.personal.debit", 11, 11, 0, 0, "failed", "none", -139934),
    ],
    "mt940/abnamro.sta": [  # does not foot: a choice of movements
        Read("mt940", 8, 8, 0, 0, "none", "broken", -32144),
        Read("mt940", 2, 2, 0, 0, "none", "broken", -2449),
    ],
    "mt940/german_cmxl.sta": [
        Read("mt940", 11, 11, 0, 0, "none", "ok", 8730),
        Read("mt940", 2, 2, 0, 0, "none", "ok", 220000),
        Read("mt940", 3, 3, 0, 0, "none", "ok", 1004000),
    ],
    "mt940/german_sepa.sta": [  # does not foot: the closing balance of the second is 300.08 off its own movements
        Read("mt940", 4, 4, 0, 0, "none", "ok", 35859391),
        Read("mt940", 7, 7, 0, 0, "none", "broken", -250191730),
    ],
    "mt940/mbank.sta": [Read("mt940", 3, 3, 0, 0, "none", "ok", 3)],
    "mt940/mbank_mt942.sta": [Read("mt942", 3, 3, 0, 0, "ok", "none", 3)],
    "mt940/rabobank-iban.sta": [
        Read("mt940", 2, 2, 0, 0, "none", "ok", -3500),
        Read("mt940", 2, 2, 0, 0, "none", "ok", -3500),
    ],
    "mybank/extracted_daily_rows.csv": [Read("mybank.corporate", 2, 2, 0, 0, "ok", "ok", 10534)],
    "ofx/bank_medium.ofx": [Read("ofx", 3, 3, 0, 0, "none", "none", -34527)],
    "ofx/checking.ofx": [Read("ofx", 3, 3, 0, 0, "none", "none", -5950)],
    "ofx/checking_empty_ledgerbal.ofx": [Read("ofx", 3, 3, 0, 0, "none", "none", -5950)],
    "ofx/multiple_accounts.ofx": [
        Read("ofx", 0, 0, 0, 0, "none", "none", 0),
        Read("ofx", 0, 0, 0, 0, "none", "none", 0),
    ],
    "ofx/nubank_cc.ofx": [Read("ofx", 6, 6, 0, 0, "none", "none", -128091)],
    "ofx/v102_empty_tags.ofx": [Read("ofx", 1, 1, 0, 0, "none", "none", 1234)],
    "qif/quiffen_test.qif": [Read("qif", 6, 5, 1, 0, "none", "none", -3550)],
    "spdb/personal_debit.xls": [Read("spdb.personal", 4, 4, 0, 0, "none", "ok", -164)],
}
