"""The answers as a table to take along: names and mail addresses, for the secretariat alone."""

import csv
import io
from collections.abc import Iterator

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook

from meetings.inviting.overview import Overview, Row

FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def heads() -> list[str]:
    """Give the heads of the columns."""
    return [
        _("Organisation"), _("Answer"), _("In the room or online"), _("Sessions"), _("Delegation"), _("Alternate"),
        _("Remarks"), _("Answered"), _("Answered by"), _("Written to"),
    ]  # fmt: skip


def lines(overview: Overview) -> Iterator[list[str]]:
    """Give a line for each organisation; no cell that a spreadsheet would run."""
    for row in overview.rows:
        yield [f"'{cell}" if cell.startswith(FORMULA_BEGINNINGS) else cell for cell in _cells(row)]


def _cells(row: Row) -> list[str]:
    invitation = row.invitation
    return [
        invitation.organisation.name,
        invitation.get_coming_display() or _("no answer"),
        invitation.get_mode_display(),
        "; ".join(row.sessions),
        "; ".join(_person(one) for one in row.delegates),
        "; ".join(_person(one) for one in row.alternates),
        invitation.remarks,
        localtime(invitation.answered_at).strftime("%Y-%m-%d %H:%M") if invitation.answered_at else "",
        invitation.answered_by,
        "; ".join(person.invitee.address for person in row.people),
    ]


def _person(delegate: object) -> str:
    email = getattr(delegate, "email", "")
    return f"{delegate} <{email}>" if email else str(delegate)


def as_csv(overview: Overview) -> bytes:
    """Write the answers as CSV, in UTF-8 with the mark that spreadsheets look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads())
    writer.writerows(lines(overview))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(overview: Overview) -> bytes:
    """Write the answers as a workbook with one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Answers"))
    sheet.freeze_panes = "B2"
    sheet.append(heads())
    for line in lines(overview):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
