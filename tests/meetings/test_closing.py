"""Closing: a record that does not change any more, its files, and the report that it tells."""

import datetime as dt
import io
import json
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from openpyxl import load_workbook
from pypdf import PdfReader

from b40.merging import merge
from meetings.closing.freezing import record_of
from meetings.closing.publishing import proposed_report, proposed_summary, publish_report
from meetings.closing.telling import write_report
from meetings.lifecycle import take_step
from meetings.models import Attendance, Meeting, NewsItem, Snapshot, Step
from meetings.texts import plain_text
from members.models import Organisation
from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    DecisionFactory,
    DelegateFactory,
    GuestFactory,
    MeetingFactory,
    MembershipChangeFactory,
    OrganisationFactory,
    SessionFactory,
    TopicFactory,
    UserFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db
LETTERS = [
    "Shkodër",
    "Bijeljina Бијељина",
    "Габрово",
    "Θεσσαλονίκη",
    "Târgu Mureș Țăndărei",
    "Üsküp İğdır",
    "Đakovo Ćuprija Śś",
]


@pytest.fixture
def elif_():
    return UserFactory(staff=True, username="elif")


@pytest.fixture
def held():
    """A round of two groups with seven cities, one observer, a guest and a decision."""
    meeting = MeetingFactory(slug="round", title="Spring round", start_on=dt.date(2025, 4, 9))
    for name in LETTERS:
        AttendanceFactory(meeting=meeting, organisation=OrganisationFactory(name=name))
    AttendanceFactory(
        meeting=meeting, organisation=OrganisationFactory(name="ICLEI", observer=True), capacity="observer"
    )
    for name in ("Local Climate Action", "Smart Cities"):
        group = WorkingGroupFactory(name=name)
        session = SessionFactory(meeting=meeting, working_groups=[group])
        AgendaItemFactory(session=session, topics=[TopicFactory(title=f"{name}: heat & <water>", group=group)])
    DecisionFactory(meeting=meeting, text="A photo competition is held")
    GuestFactory(meeting=meeting, name="Embassy of Japan")
    return meeting


@pytest.fixture
def closed(held, elif_):
    take_step(held, Step.CLOSE, by=elif_)
    return Meeting.objects.get(pk=held.pk)


# --- Frozen ----------------------------------------------------------------------------------------------------------


def test_nothing_of_a_closed_record_can_be_written(closed):
    session, row = closed.sessions.first(), closed.attendances.first()
    item = session.items.first()
    attempts = {
        "a new row": lambda: AttendanceFactory(meeting=closed),
        "a changed row": lambda: setattr(row, "presence", "absent") or row.save(),
        "a deleted row": row.delete,
        "rows deleted at once": closed.attendances.all().delete,
        "a delegate": lambda: DelegateFactory(attendance=row),
        "a session": lambda: setattr(session, "room", "12") or session.save(),
        "its groups": lambda: session.working_groups.set([]),
        "an item": lambda: setattr(item, "title", "Other") or item.save(),
        "its topics": lambda: item.topics.clear(),
        "a decision": lambda: DecisionFactory(meeting=closed),
        "a guest": lambda: closed.guests.first().delete(),
        "the day": lambda: setattr(closed, "start_on", dt.date(2020, 1, 1)) or closed.save(),
    }
    before = record_of(Meeting.objects.get(pk=closed.pk))

    let_through = []
    for what, attempt in attempts.items():
        with suppress(ValidationError), transaction.atomic():
            attempt()
            let_through.append(what)

    with pytest.raises(ProtectedError), transaction.atomic():
        closed.delete()
    assert let_through == []
    assert record_of(Meeting.objects.get(pk=closed.pk)) == before


def test_texts_about_a_closed_meeting_may_still_be_written(closed):
    closed.report, closed.summary = "<p>Corrected</p>", "Short"
    closed.save()

    assert Meeting.objects.get(pk=closed.pk).report == "<p>Corrected</p>"


def test_what_was_frozen_stays_when_names_and_rows_change(closed, elif_):
    first = Snapshot.objects.get(meeting=closed)
    before = json.dumps(first.record, sort_keys=True)
    take_step(closed, Step.REOPEN, by=elif_, reason="A city was forgotten")
    AttendanceFactory(meeting=closed, organisation=OrganisationFactory(name="Varna"))
    Organisation.objects.filter(name="Габрово").update(name="Gabrovo")
    take_step(closed, Step.CLOSE, by=elif_)

    first.refresh_from_db()
    second = Snapshot.objects.get(meeting=closed, number=2)
    assert json.dumps(first.record, sort_keys=True) == before
    assert len(second.record["cities"]) == len(first.record["cities"]) + 1


def test_every_frozen_number_traces_to_rows_of_the_ledger(closed):
    record = Snapshot.objects.get(meeting=closed).record

    keys = [row["key"] for each in [*record["cities"], *record["others"]] for row in each["rows"]]
    assert set(Attendance.objects.filter(meeting=closed).counted().values_list("pk", flat=True)) == set(keys)


def test_two_records_of_a_city_become_one_though_it_attended_a_closed_meeting(closed, elif_):
    double = OrganisationFactory(name="Gabrovo", country=Organisation.objects.get(name="Габрово").country)

    merge(double, Organisation.objects.get(name="Габрово"), by=elif_)

    assert Attendance.objects.filter(meeting=closed, organisation=double).exists()
    assert "Габрово" in [each["name"] for each in Snapshot.objects.get(meeting=closed).record["cities"]]


def test_draft_topics_do_not_leak_into_the_record(held, elif_):
    AgendaItemFactory(session=held.sessions.first(), topics=[TopicFactory(title="Secret plan", status="draft")])

    take_step(held, Step.CLOSE, by=elif_)

    assert "Secret plan" not in json.dumps(Snapshot.objects.get(meeting=held).record)


def test_names_of_people_do_not_enter_the_record(held, elif_):
    DelegateFactory(attendance=held.attendances.first(), name="Ivan Petrov")

    take_step(held, Step.CLOSE, by=elif_)

    assert "Petrov" not in json.dumps(Snapshot.objects.get(meeting=held).record)


# --- Files -----------------------------------------------------------------------------------------------------------


def test_page_pdf_xlsx_and_csv_tell_the_same_cities(client, closed):
    page = client.get("/meetings/round/record/1/").content.decode()
    pdf = PdfReader(io.BytesIO(client.get("/meetings/round/record/1.pdf").content))
    text = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    book = load_workbook(io.BytesIO(client.get("/meetings/round/record/1.xlsx").content))
    lines = client.get("/meetings/round/record/1.csv").content.decode("utf-8-sig").splitlines()

    in_book = [row[0].value for row in book["Attendance"].iter_rows(min_row=2)]
    assert in_book == [line.split(",")[0] for line in lines[1:]]
    assert sorted(in_book) == sorted([*LETTERS, "ICLEI"])
    assert [name for name in in_book if name not in page or name not in text] == []
    assert "7 cities" in text
    assert pdf.metadata.title == "Spring round"


def test_a_formula_in_a_name_is_no_formula_in_a_file(client, held, elif_):
    AttendanceFactory(meeting=held, organisation=OrganisationFactory(name="=HYPERLINK(1)"))
    take_step(held, Step.CLOSE, by=elif_)

    assert "\n'=HYPERLINK(1)" in client.get("/meetings/round/record/1.csv").content.decode().replace("\r", "")


def test_markup_in_a_title_is_text_in_the_pdf(client, elif_):
    meeting = MeetingFactory(slug="odd", title='#panic("x") *bold* $a$ @ref <b>')
    take_step(meeting, Step.CLOSE, by=elif_)

    pdf = PdfReader(io.BytesIO(client.get("/meetings/odd/record/1.pdf").content))

    assert '#panic("x") *bold* $a$ @ref <b>' in pdf.pages[0].extract_text().replace("\n", " ")


# --- The report ------------------------------------------------------------------------------------------------------


def test_the_report_says_what_is_on_record_and_nothing_else(closed):
    report = proposed_report(closed)

    text = plain_text(report)
    assert (
        "The working groups Local Climate Action and Smart Cities of the B40 Balkan Cities Network met online on 9 April 2025."
        in text
    )
    assert "7 cities took part: " in text
    assert "Observers: ICLEI." in text
    assert "Guests: Embassy of Japan." in text
    assert "<h3>Local Climate Action</h3>\n<ul><li>Local Climate Action: heat &amp; &lt;water&gt;</li></ul>" in report
    assert "A photo competition is held" in text


def test_an_empty_record_makes_no_sentence_up():
    report = write_report(record_of(MeetingFactory(kind="visit", mode="in_person", start_on=dt.date(2025, 4, 9))))

    assert report == "<p>The B40 Balkan Cities Network met in person on 9 April 2025.</p>"


def test_the_touchstone_is_told_whole(shipped_record):
    meeting = Meeting.objects.get(start_on=dt.date(2025, 4, 9))

    text = plain_text(write_report(record_of(meeting)))

    assert "16 cities took part: " in text
    assert "met online on 9 April 2025 under the presidency of Sofia." in text
    assert "Union of Municipalities of Türkiye" in text
    record = record_of(meeting)
    assert len(record["groups"]) == 4
    assert {topics["group"] for topics in record["topics"]} >= set(record["groups"])


def test_publishing_puts_it_on_the_page_in_the_news_and_in_the_feed(client, closed, elif_):
    publish_report(closed, report=proposed_report(closed), summary=proposed_summary(closed), by=elif_)
    item = publish_report(closed, report="<p>Corrected.<script>x</script></p>", summary="In short.", by=elif_)

    assert NewsItem.objects.count() == 1
    assert "Corrected." in client.get("/meetings/round/").content.decode()
    assert "Corrected." in client.get(item.get_absolute_url()).content.decode()
    assert "Spring round" in client.get("/news.atom").content.decode()
    assert "<script>x" not in item.text


def test_an_empty_report_and_one_of_a_meeting_to_come_are_refused(held, elif_):
    with pytest.raises(ValidationError, match="empty"):
        publish_report(held, report="<p> </p>", summary="", by=elif_)
    with pytest.raises(ValidationError, match="not been held"):
        publish_report(MeetingFactory(status="announced"), report="<p>x</p>", summary="", by=elif_)
    assert not NewsItem.objects.exists()


def test_capacity_on_the_day_is_frozen(held, elif_):
    city = Organisation.objects.get(name="Габрово")
    MembershipChangeFactory(organisation=city, status="member", earliest=None, latest=dt.date(2022, 1, 1))

    take_step(held, Step.CLOSE, by=elif_)

    (told,) = [each for each in Snapshot.objects.get(meeting=held).record["cities"] if each["name"] == "Габрово"]
    assert told["capacity"] == "member"
