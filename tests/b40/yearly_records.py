"""A small network whose report can be counted by hand, and ways to read what a report says."""

import datetime as dt
import io
import re

import pypdf
from openpyxl import load_workbook

from b40.yearly.period import period_before, term_period
from b40.yearly.report import Question, read_report
from b40.yearly.silence import USUAL_RULE
from members.models import Presidency
from tests.factories import (
    AttendanceFactory,
    CountryFactory,
    MeetingFactory,
    MembershipChangeFactory,
    OrganisationFactory,
    PresidencyFactory,
)

TODAY = dt.date(2026, 2, 1)
HANDOVERS = {"tirana": dt.date(2024, 1, 30), "sofia": dt.date(2025, 2, 24), "zagreb": dt.date(2026, 1, 26)}
SOFIA = "/presidencies/sofia-2025-02-24/"


def make_terms():
    """Three terms in a row; Sofia's lasts from 24 February 2025 to 25 January 2026."""
    for slug, day in HANDOVERS.items():
        PresidencyFactory(city__name=slug.capitalize(), city__slug=slug, started_on=day)
    return Presidency.objects.with_end().select_related("city").get(city__slug="sofia")


def member(name, country="BG", *, since=dt.date(2022, 1, 1), **more):
    """A member city, since a known day."""
    city = OrganisationFactory(name=name, country=CountryFactory(code=country), **more)
    MembershipChangeFactory(organisation=city, latest=since)
    return city


def held(title, day, *cities, complete=True, status="held", **more):
    """A round of the groups with the cities that came; of another status only once they are recorded."""
    meeting = MeetingFactory(title=title, start_on=day, attendance_complete=complete, **more)
    for city in cities:
        AttendanceFactory(meeting=meeting, organisation=city)
    if meeting.status != status:
        meeting.status = status
        meeting.save()
    return meeting


def report_of(term, *, rule=USUAL_RULE, today=TODAY):
    """Read the report of a term as its page does."""
    period = term_period(Presidency.objects.with_end().select_related("city").get(pk=term.pk), today)
    return read_report(Question(period, period_before(period, today), rule))


def rows_of(report, key):
    """The rows of a table as a reader sees them."""
    return [[cell.text for cell in row] for row in report.tables[key].rows]


def values_of(report, key, *columns):
    """Some columns of a table, by name of the row."""
    table = report.tables[key]
    wanted = [[column.label for column in table.columns].index(column) for column in columns]
    return {row[0].value: tuple(row[at].value for at in wanted) for row in table.rows}


def sections_of(report):
    return {section.key: section for section in report.sections}


def text_of(pdf):
    """What a PDF says, its white space made one; a word broken at the end of a line stays broken."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def book_of(content):
    return load_workbook(io.BytesIO(content))
