"""Tables without a layout of their own: order lists, gateway lists and bank statements, told by the names of columns.

A generic channel names its columns by role (`order`, `paid`, `balance` ...) and lists under `roles:` what such a column
may be called. Its hook turns a table into those columns: it finds them, decides the order of day and month, the
currency, the signs, and says so in notes. What it returns is read by the same reader as every other channel.
"""
