"""The yearly report as PDF, workbook and CSV: the same numbers, all letters, true values, no formulas."""

import csv
import datetime as dt
import io
import re
from html.parser import HTMLParser

import pypdf
import pytest
import time_machine

from b40.yearly.workbook import xlsx_of
from tests.b40.yearly_records import SOFIA, book_of, held, make_terms, member, report_of, text_of
from tests.factories import DecisionFactory, OrganisationNameFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def term():
    return make_terms()


class PageTables(HTMLParser):
    """Reads the tables of a page: by key of the table, rows of texts."""

    def __init__(self, page):
        super().__init__()
        self.tables, self.cell, self.key = {}, None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag == "div" and named.get("id", "").startswith("table-"):
            self.key = named["id"].removeprefix("table-")
            self.tables[self.key] = []
        elif tag == "tr":
            self.tables[self.key].append([])
        elif tag in {"th", "td"}:
            self.cell = []

    def handle_endtag(self, tag):
        if tag in {"th", "td"} and self.cell is not None:
            self.tables[self.key][-1].append(re.sub(r"\s+", " ", "".join(self.cell)).strip())
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)


TITLES = {
    "summary": "Beside the time before",
    "kinds": "Meetings by kind",
    "meetings": "All meetings",
    "countries": "Attendance by country",
    "groups": "Attendance by working group",
    "cities": "Attendance by city",
    "silent": "Silent",
    "others": "Other bodies that came",
    "decisions": "Decided and signed",
    "actions": "Open actions",
    "topics": "Topics discussed",
}


def numbers_of(row):
    """The numbers of a row as the page shows them."""
    return [int(text.replace("−", "-")) for text in row if re.fullmatch(r"[+−]?\d+", text)]


def numbers_in(row):
    """The numbers of a row of a sheet."""
    return [value for value in row if isinstance(value, int)]


# --- The same numbers everywhere -------------------------------------------------------------------------------------


def test_page_workbook_and_paper_give_the_same_numbers_of_the_shipped_record(shipped_record, client):
    """The term of Sofia: the round of 9 April 2025 with its sixteen cities, and every other number."""
    page = PageTables(client.get(f"{SOFIA}report/").content.decode())
    book = book_of(client.get(f"{SOFIA}report.xlsx").content)
    paper = text_of(client.get(f"{SOFIA}report.pdf").content)

    sheets = {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book}
    for key, title in TITLES.items():
        shown = page.tables[key][1:]
        assert [numbers_of(row) for row in shown] == [numbers_in(row) for row in sheets[title]], key
        assert [row for row in shown if " ".join(row).strip() not in paper] == [], key
    titled = "First Online Working Group Meetings during Sofia Presidency"
    round_ = [titled, "9 April 2025", "Working group meeting", "online", "held", "16", "complete"]
    assert round_ in page.tables["meetings"]
    assert (titled, dt.datetime(2025, 4, 9), *round_[2:5], 16, "complete") in sheets["All meetings"]
    assert len([row for row in sheets["Who came when"] if row[3] == "came"]) == 16


def test_every_letter_of_the_region_is_on_paper(client, term):
    names = {
        "bg": "Велико Търново", "mk": "Ѓорче Петров – Ќ", "sr": "Љубљанска Ђ џ", "el": "Αλεξανδρούπολη Ϊ ΰ",
        "tr": "Kırklareli İĞŞ ışğ", "ro": "Galați Ș ș Ț", "sq": "Durrës Ç", "hr": "Čačak Đ đ ž", "cnr": "Ś ś Ź ź", "sl": "Škofja",
    }  # fmt: skip
    for number, (language, text) in enumerate(names.items()):
        city = member(f"City {number}")
        OrganisationNameFactory(organisation=city, text=text, language=language, is_native=True)

    paper = text_of(client.get(f"{SOFIA}report.pdf").content)
    book = book_of(client.get(f"{SOFIA}report.xlsx").content)

    # A name may be broken over two lines, never a word.
    assert {word for text in names.values() for word in text.split() if word not in paper} == set()
    assert {row[1] for row in book["Attendance by city"].iter_rows(min_row=2, values_only=True)} == {*names.values()}


# --- Paper -----------------------------------------------------------------------------------------------------------


def elements(node, kind):
    """Every element of a PDF's structure of one kind."""
    node = node.get_object()
    found = [node] if node.get("/S") == kind else []
    children = node.get("/K", [])
    children = children.get_object() if hasattr(children, "get_object") else children
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(child, dict):
            found += elements(child, kind)
    return found


def test_paper_is_tagged_and_its_plots_have_words(client, term):
    held("The round", dt.date(2025, 4, 9), member("Plovdiv"), complete=False)

    root = pypdf.PdfReader(io.BytesIO(client.get(f"{SOFIA}report.pdf").content)).trailer["/Root"]

    figures = elements(root["/StructTreeRoot"], "/Figure")
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en")
    assert [figure["/Alt"].split(".")[0] for figure in figures] == [
        "A bar for each of the meetings in their order (1)",
        "Member cities from 1 to 1; with every city that may have joined earlier, at most 1",
    ]
    assert len(elements(root["/StructTreeRoot"], "/Table")) == 5


# --- Workbook and CSV ------------------------------------------------------------------------------------------------


def test_workbook_has_true_numbers_and_days(client, term):
    held("The round", dt.date(2025, 4, 9), member("Plovdiv"))
    held("Some day in May", dt.date(2025, 5, 1), date_precision="month")

    meetings = book_of(client.get(f"{SOFIA}report.xlsx").content)["All meetings"]

    assert [cell.value for cell in meetings["B"]] == ["Days", dt.datetime(2025, 4, 9), "May 2025"]
    assert meetings["B2"].number_format == "yyyy-mm-dd"
    assert [cell.value for cell in meetings["F"]] == ["Cities", 1, 0]
    assert meetings.freeze_panes == "B2"


def test_no_text_is_a_formula(client, term):
    city = member('=HYPERLINK("http://example.org")', slug="trap")
    meeting = held("+1 round", dt.date(2025, 4, 9), city)
    DecisionFactory(meeting=meeting, text="@SUM(A1:A9)")

    book = book_of(client.get(f"{SOFIA}report.xlsx").content)
    table = client.get(f"{SOFIA}report/cities.csv").content.decode("utf-8-sig")

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [
        cell.value for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "@"))
    ] == []
    assert next(csv.reader(table.splitlines()[1:]))[0] == '\'=HYPERLINK("http://example.org")'


def test_every_sheet_has_a_name_of_its_own_that_a_workbook_takes(term):
    held("The round", dt.date(2025, 4, 9))

    names = book_of(xlsx_of(report_of(term))).sheetnames

    assert names[:2] == ["Report", "Beside the time before"]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 31 for name in names)


def test_a_table_comes_as_csv(client, term):
    held("Round, first", dt.date(2025, 4, 9), member("Plovdiv"))

    response = client.get(f"{SOFIA}report/meetings.csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="b40-report-sofia-2025-02-24-meetings.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(response.content.decode("utf-8-sig").splitlines())) == [
        ["Meeting", "Days", "Kind", "Mode", "Standing", "Cities", "List"],
        ["Round, first", "2025-04-09", "Working group meeting", "online", "held", "1", "complete"],
    ]


@pytest.mark.parametrize(
    ("ending", "kind", "name"),
    [
        ("pdf", "application/pdf", 'inline; filename="b40-report-sofia-2025-02-24.pdf"'),
        (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            'attachment; filename="b40-report-sofia-2025-02-24.xlsx"',
        ),
    ],
)
def test_files_bear_a_name(client, term, ending, kind, name):
    response = client.get(f"{SOFIA}report.{ending}")

    assert (response["Content-Type"], response["Content-Disposition"]) == (kind, name)


def test_files_answer_what_the_page_was_asked(client, term):
    held("In", dt.date(2024, 4, 9))
    held("Out", dt.date(2025, 4, 9))
    asked = "?start=2024-01-01&end=2024-12-31"

    paper = text_of(client.get(f"{SOFIA}report.pdf{asked}").content)
    table = client.get(f"{SOFIA}report/meetings.csv{asked}").content.decode()

    assert "1 January 2024 to 31 December 2024" in paper
    assert ("In" in table, "Out" in table) == (True, False)
