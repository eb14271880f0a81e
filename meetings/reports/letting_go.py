"""Letting go of participant reports: what they wrote stays in the ledger, the file with all its names does not."""

from meetings.models import ParticipantReport


def let_go_of_file(report: ParticipantReport) -> None:
    """Empty the file of a report that was recorded; of one that was not, or was taken back, nothing needs to stay."""
    if not report.is_recorded:
        report.delete()
        return
    rows = [{**row, "people": []} for row in report.outcome.get("rows", [])]
    report.raw, report.outcome = b"", {"rows": rows, "left_out": []}
    report.save(update_fields=["raw", "outcome"])  # its digest stays: the same file is recognised when it comes again
