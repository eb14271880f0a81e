"""The report on paper: what the template `yearly.typ` is given."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from b40.yearly.plots import Plot, svg_of
from b40.yearly.report import Report
from b40.yearly.tables import Section, Table
from meetings.printing import write_pdf


def pdf_of(report: Report) -> bytes:
    """Set the report as a tagged PDF."""
    sections = [_section(section) for section in report.sections]
    return write_pdf("yearly.typ", {"title": report.title, "lead": report.lead, "sections": sections})


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "lead": list(section.lead),
        "notices": list(section.notices),
        "figures": [{"number": str(each.number), "label": each.label, "note": each.note} for each in section.figures],
        "plots": [_plot(plot) for plot in section.plots],
        "tables": [_table(table) for table in section.tables],
    }


def _plot(plot: Plot) -> dict[str, str]:
    return {"title": plot.title, "text": plot.text, "svg": svg_of(plot)}


def _table(table: Table) -> dict[str, Any]:
    rows = [[[cell.text, cell.native, cell.language, cell.note] for cell in row] for row in table.rows]
    return {
        "title": table.title,
        "columns": [
            {"label": column.label, "number": column.is_number, "share": column.share} for column in table.columns
        ],
        "rows": rows,
        "shares": table.shares,
        "bar_label": _("As bars"),
        "notes": [*([cut_words(table)] if table.is_cut else []), *table.notes],
        "empty": table.empty,
        "strips": [[[run.start, run.length, run.look] for run in strip.runs] for strip in table.strips],
        "gap": table.strips[0].gap if table.strips else 0,
        "strip_label": _("Who came when"),
        "places": len(table.strips[0].states) if table.strips else 0,
    }


def cut_words(table: Table) -> str:
    """Say that a table is longer than what is shown of it."""
    words = {"shown": len(table.rows), "total": table.total}
    return (
        ngettext("The first %(shown)d of %(total)d row.", "The first %(shown)d of %(total)d rows.", table.total) % words
    )
