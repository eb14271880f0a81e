"""Tables in and out: cities, contacts and attendance as CSV or XLSX.

`reading` takes a table out of a file, `tables` knows the columns of each, `plan` says for every cell what would happen,
`applying` does that in one transaction, `exporting` writes files that come back unchanged. docs/sheets.md has the columns.
"""
