"""The brief of an organisation: one page for its mayor before a meeting. Page and paper write down the same sections."""

from b40.briefing.brief import Brief, read_brief
from b40.briefing.paper import pdf_of

__all__ = ["Brief", "pdf_of", "read_brief"]
