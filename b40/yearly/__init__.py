"""The yearly report that the outgoing presidency gives: read from the public record alone, told as page, paper and workbook.

`report.read_report` makes one list of sections, each with sentences, plots and tables; the page, the PDF and the workbook only
write it down, so that no number can differ between them. It is read as a visitor reads the record: whoever asks for it, nothing
of a draft is in it.
"""
