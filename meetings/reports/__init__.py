"""Participant reports: what Zoom and Microsoft Teams export of a call, on its way into the attendance ledger.

`encodings` turns bytes into text, `reading` text or a workbook into lines of cells, `words` knows the headings of the region's languages, `layouts` finds
the tables among the lines, `moments` reads days, times and durations, `visits` puts all that together, `people` joins the visits of one person,
`evidence` says of which organisation somebody is and why, `plan` what would be written, `applying` writes it in one transaction and takes it back.
"""
