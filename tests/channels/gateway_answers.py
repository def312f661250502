"""Real files of Stripe, PayPal and Adyen against what a person read; found where `RECON_REAL_FILES` names their folder.

All of them were cut down or edited by those who published them: the remark says what does not foot.
"""

from __future__ import annotations

from tests.channels.real_answers import Read, Refused

ANSWERS: dict[str, list[Read | Refused]] = {
    "adyen/crm_refund_credit_fee_settlement_detail_report_batch.csv": [
        Read("adyen.settlement", 3, 3, 0, 0, "none", "none", 0)
    ],
    "adyen/payments_accounting_report_nyce.csv": [Read("adyen.accounting", 4, 0, 4, 0, "none", "none", 0)],
    "adyen/settlement_detail_report_batch_1128.csv": [  # two rows edited: their parts are not their net; it closes
        Read("adyen.settlement", 15, 15, 0, 0, "none", "none", 0)
    ],
    "adyen/settlement_detail_report_chargeback.csv": [  # a choice of rows, the batch does not close
        Read("adyen.settlement", 3, 3, 0, 0, "none", "none", -883)
    ],
    "adyen/settlement_detail_report_deposit_correction.csv": [
        Read("adyen.settlement", 2, 2, 0, 0, "none", "none", -20000)
    ],
    "adyen/settlement_detail_report_donation-ideal.csv": [  # the payout is that of another file
        Read("adyen.settlement", 2, 2, 0, 0, "none", "none", 467)
    ],
    "adyen/settlement_detail_report_donation.csv": [Read("adyen.settlement", 2, 2, 0, 0, "none", "none", 0)],
    "adyen/settlement_detail_report_invoice_deduction.csv": [Read("adyen.settlement", 2, 2, 0, 0, "none", "none", -3)],
    "adyen/settlement_detail_report_refund.csv": [  # a choice of rows, the batch does not close
        Read("adyen.settlement", 3, 3, 0, 0, "none", "none", -683)
    ],
    "paypal/STL-20260106.01.009.csv": [
        Read("paypal.stl", 2, 2, 0, 0, "none", "none", 0),
        Read("paypal.stl", 1, 1, 0, 0, "ok", "none", 9844),
        Read("paypal.stl", 2, 2, 0, 0, "ok", "none", 1749),
    ],
    "paypal/crm_trr_paypal_express_donation.csv": [Read("paypal.trr", 1, 1, 0, 0, "none", "none", 107)],
    "paypal/sar_classic_subscr_signup.csv": [Read("paypal.sar", 1, 0, 1, 0, "none", "none", 0)],
    "paypal/stl.csv": [  # does not foot: sums edited, the fees turned around, the withdrawal added
        Read("paypal.stl", 2, 2, 0, 0, "failed", "none", 5435),
        Read("paypal.stl", 3, 3, 0, 0, "failed", "none", 560),
    ],
    "paypal/stl_brl_refund.csv": [
        Read("paypal.stl", 2, 2, 0, 0, "none", "none", 0),
        Read("paypal.stl", 1, 1, 0, 0, "none", "none", -211),
    ],
    "paypal/stl_chargeback_with_fee.csv": [Read("paypal.trr", 2, 2, 0, 0, "none", "none", -2300)],
    "paypal/stl_currency_convert.csv": [
        Read("paypal.stl", 2, 2, 0, 0, "none", "none", 0),
        Read("paypal.stl", 1, 1, 0, 0, "none", "none", 327),
    ],
    "paypal/trr_express_checkout_donation.csv": [Read("paypal.trr", 1, 1, 0, 0, "none", "none", 107)],
    "paypal/trr_express_checkout_refund.csv": [Read("paypal.trr", 1, 1, 0, 0, "none", "none", -107)],
    "paypal/trr_express_with_non_data_rows.csv": [Read("paypal.trr", 1, 1, 0, 0, "none", "none", 107)],
    "paypal/trr_void.csv": [Read("paypal.trr", 2, 1, 1, 0, "none", "none", 1560)],
    "stripe/payments_activity.csv": [Read("stripe.report", 2, 2, 0, 0, "none", "none", -1620)],
    "stripe/settlement_report.csv": [  # the row of the payout is edited: 24.00 less 0 is not 23.05
        Read("stripe.report", 7, 7, 0, 0, "none", "none", 240)
    ],
}
