"""Loading a network record from a file, as docs/network-record.md describes it.

`reading` turns bytes into JSON, `shapes` and `format` check its shape, `checks` its sense, `rows` flatten it to one row
an object, `merging` and `applying` bring the rows into the database, `report` says what happened.
"""
