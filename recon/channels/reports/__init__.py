"""Reports of gateways that are no plain tables (tagged records, two headers, JSON) -> rows under a header.

Each module tells its report by the first bytes and turns it into statements like those of `standards`.
"""
