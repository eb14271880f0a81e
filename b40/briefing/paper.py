"""The brief on paper: one page A4, whatever there is to tell."""

from b40.briefing.brief import Brief
from b40.briefing.parts import SHARES
from meetings.printing import write_pdf


def pdf_of(brief: Brief) -> bytes:
    """Set the brief as a tagged PDF. The template takes the first way of cutting it that fits on the page."""
    ways = [[[section.as_data(share) for section in column] for column in brief.columns] for share in SHARES]
    return write_pdf("brief.typ", {"title": brief.title, "lead": brief.lead, "ways": ways})
