"""What the loader does with a file that says other things of a meeting which is closed here."""

import io
import json

import pytest
from django.core.management import call_command

from b40.loading.loading import load
from b40.models import LoadedRecord
from meetings.lifecycle import take_step
from meetings.models import AgendaItem, Attendance, Decision, Meeting, Session, Step
from members.models import Change, Organisation
from tests import factories
from tests.b40.loading_records import as_file, small_record

pytestmark = pytest.mark.django_db

FROZEN = "left out, the meeting is closed here and its record frozen: "


@pytest.fixture
def closed():
    load(as_file(small_record()))
    meeting = Meeting.objects.get(slug="online")
    take_step(meeting, Step.CLOSE, by=factories.UserFactory(staff=True))
    return meeting


def bent():
    """Another venue, a session more with an item, a city more, a decision, an agenda item with another topic."""
    record = small_record()
    online = record["meetings"][1]
    online["title"] = "Another title"
    online["sessions"][0]["items"][0]["topics"] = ["heat", "air"]
    online["sessions"].append({"title": "Third", "items": [{"title": "More"}], "attendance": ["sofia"]})
    online["attendance"].append({"organisation": "athens", "channel": "published"})
    online["decisions"] = ["To meet again"]
    return record


def held(meeting):
    """All of a meeting that a file may bring."""
    rows = (Session.objects.filter(meeting=meeting), AgendaItem.objects.filter(session__meeting=meeting))
    more = (Attendance.objects.filter(meeting=meeting), Decision.objects.filter(meeting=meeting))
    return [list(Meeting.objects.filter(pk=meeting.pk).values())] + [
        list(each.order_by("pk").values()) for each in rows + more
    ]


def test_the_same_file_loads_as_ever(closed):
    report = load(as_file(small_record()))

    assert report.wrote_nothing
    assert not report.frozen


def test_what_differs_is_left_out_whole_and_told_in_one_line(closed):
    before, changes, remembered = (
        held(closed),
        Change.objects.count(),
        list(LoadedRecord.objects.order_by("pk").values()),
    )

    lines = list(load(as_file(bent())).lines(every_name=False))

    told = [line for line in lines if line.startswith(FROZEN)]
    assert len(told) == 1
    assert told[0].startswith(f"{FROZEN}Online round (")
    assert told[0].endswith("reopen it, with a reason, and load again to take them over")
    assert lines[-1].startswith("0 created, 0 updated, ")
    assert held(closed) == before
    assert (Change.objects.count(), list(LoadedRecord.objects.order_by("pk").values())) == (changes, remembered)


def test_the_rest_of_the_file_is_loaded(closed):
    record = bent()
    record["organisations"][0]["name"] = "Sofia the Wise"
    record["meetings"][0]["venue"] = "Zappeion"

    load(as_file(record))

    assert Organisation.objects.get(slug="sofia").name == "Sofia the Wise"
    assert Meeting.objects.get(slug="athens-summit").venue == "Zappeion"
    assert Meeting.objects.get(slug="online").title == "Online round"


def test_texts_about_a_closed_meeting_still_follow_the_file(closed):
    record = small_record()
    record["meetings"][1]["summary"] = "The cities met online."

    report = load(as_file(record))

    assert not report.frozen
    assert Meeting.objects.get(slug="online").summary == "The cities met online."


def test_reopened_it_takes_over_what_was_left_out(closed):
    load(as_file(bent()))
    take_step(closed, Step.REOPEN, by=factories.UserFactory(staff=True), reason="the file knows better")

    report = load(as_file(bent()))

    assert not report.frozen
    assert Meeting.objects.get(slug="online").title == "Another title"
    assert Session.objects.filter(meeting=closed).count() == 3
    assert set(
        Attendance.objects.filter(meeting=closed, session=None).values_list("organisation__slug", flat=True)
    ) == {
        "sofia",
        "athens",
    }


def test_the_command_says_so_and_succeeds(closed, tmp_path):
    path, said = tmp_path / "record.json", io.StringIO()
    path.write_text(json.dumps(bent()), encoding="utf-8")

    call_command("load_network", str(path), stdout=said)

    assert said.getvalue().count(FROZEN) == 1
