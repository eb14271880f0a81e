"""A coordinator's session: its agenda and its notes, and that nobody's words are lost."""

import datetime as dt

import pytest
import time_machine

from meetings.models import AgendaItem, NoteRevision
from members.models import Change
from tests import factories
from tests.b40.papers_cast import NOON, TODAY, answers, client_of, delegate, expect, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast():
    cast = make_cast()
    cast.meeting = factories.MeetingFactory(title="Round", status="announced", start_on=TODAY + dt.timedelta(days=9))
    cast.session = factories.SessionFactory(meeting=cast.meeting, working_groups=[cast.group])
    cast.other = factories.SessionFactory(meeting=cast.meeting, working_groups=[cast.elsewhere])
    cast.heat = factories.TopicFactory(title="Heat", group=cast.group)
    cast.item = factories.AgendaItemFactory(session=cast.session, title="Welcome", minutes=10)
    cast.page = f"/my/sessions/{cast.session.pk}/"
    cast.client = client_of(cast.coordinator)
    return cast


def agenda(cast, **changes):
    """What the page would send, with some of it typed over."""
    context = cast.client.get(cast.page).context
    lines = context["lines"]
    sent = {"shown": context["shown"]}
    sent |= {f"item-{name}": lines.management_form[name].value() for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for line in lines:
        for name in line.fields:
            value = line[name].value()
            if value not in (None, False):
                sent[line[name].html_name] = value
    return {**sent, **{f"item-{name.replace('__', '-')}": value for name, value in changes.items()}}


def titles(cast):
    return list(cast.session.items.values_list("title", "minutes", "order"))


@pytest.mark.parametrize("page", ["", "notes/"])
def test_pages_are_for_who_coordinates_a_group_of_the_session(cast, page):
    codes = {"stranger": 403, "colleague": 403, "delegate": 403, "coordinator": 200}

    assert answers(cast, cast.page + page) == expect(**codes)
    assert cast.client.get(f"/my/sessions/{cast.other.pk}/{page}").status_code == 403
    assert cast.client.get(f"/my/sessions/0/{page}").status_code == 404


def test_coordinator_of_yesterday_writes_nothing_today(cast):
    former = delegate(cast.sofia, ends_on=TODAY - dt.timedelta(days=1))
    factories.MandateFactory(organisation=cast.skopje, person=former.person)

    assert client_of(former).post(cast.page, agenda(cast)).status_code == 403


# --- The agenda ------------------------------------------------------------------------------------------------------


def test_coordinator_writes_titles_lengths_places_and_topics(cast):
    new = {"1__title": "Heat in the cities", "1__minutes": "40", "1__order": "5", "1__topics": [str(cast.heat.pk)]}

    response = cast.client.post(cast.page, agenda(cast, **new, **{"0__minutes": "15"}))

    assert response.status_code == 302
    assert titles(cast) == [("Heat in the cities", 40, 0), ("Welcome", 15, 1)]
    assert list(cast.session.items.get(order=0).topics.all()) == [cast.heat]
    assert Change.objects.filter(user=cast.coordinator, model="meetings.agendaitem").count() == 2


def test_saving_what_stands_there_changes_nothing(cast):
    before = Change.objects.count()

    response = cast.client.post(cast.page, agenda(cast), follow=True)

    assert "Nothing was changed." in response.text
    assert Change.objects.count() == before


def test_topics_of_other_groups_are_not_offered_and_stay_with_the_item(cast):
    foreign = factories.TopicFactory(title="Museums", group=cast.elsewhere)
    cast.item.topics.add(foreign)

    cast.client.post(cast.page, agenda(cast, **{"0__topics": [str(cast.heat.pk)]}))
    refused = cast.client.post(cast.page, agenda(cast, **{"0__topics": [str(foreign.pk)]}))

    assert set(cast.item.topics.all()) == {cast.heat, foreign}
    assert refused.status_code == 422


def test_item_is_taken_off_unless_something_came_of_it(cast):
    noted = factories.NoteRevisionFactory(item__session=cast.session, item__title="Reports", item__order=1).item

    refused = cast.client.post(cast.page, agenda(cast, **{"0__is_removed": "on", "1__is_removed": "on"}))
    kept = AgendaItem.objects.filter(session=cast.session).count()
    cast.client.post(cast.page, agenda(cast, **{"0__is_removed": "on"}))

    assert (refused.status_code, kept) == (422, 2)
    assert "“Reports” has notes, decisions or actions" in refused.text
    assert list(cast.session.items.all()) == [noted]


def test_what_cannot_be_read_is_said_and_all_words_are_kept(cast):
    response = cast.client.post(cast.page, agenda(cast, **{"0__minutes": "many", "0__title": "Opening"}))

    assert response.status_code == 422
    assert all(words in response.text for words in ("Enter a whole number.", 'value="Opening"'))
    assert titles(cast) == [("Welcome", 10, 0)]


def test_agenda_that_somebody_changed_meanwhile_is_shown_beside_what_was_typed(cast):
    sent = agenda(cast, **{"0__title": "Mine"})
    cast.client.post(cast.page, agenda(cast, **{"0__title": "Theirs", "1__title": "Theirs, too"}))

    refused = cast.client.post(cast.page, sent)
    again = cast.client.post(cast.page, {**sent, "shown": refused.context["shown"]})

    assert refused.status_code == 409
    assert all(words in refused.text for words in ('value="Mine"', "Theirs, too", "Nothing of yours is lost."))
    assert again.status_code == 302
    assert [title for title, _minutes, _order in titles(cast)] == ["Mine", "Theirs, too"]


def test_closed_meeting_is_frozen(cast):
    sent = agenda(cast, **{"0__title": "Mine"})
    note = {f"note-{cast.item.pk}": "Too late", f"from-{cast.item.pk}": "0"}
    type(cast.meeting).objects.update(status="closed")

    responses = [cast.client.post(cast.page, sent), cast.client.post(f"{cast.page}notes/", note)]

    assert [response.status_code for response in responses] == [422, 422]
    assert all("frozen" in response.text for response in responses)
    assert "Too late" in responses[1].text
    assert (titles(cast), NoteRevision.objects.count()) == ([("Welcome", 10, 0)], 0)


# --- Notes -----------------------------------------------------------------------------------------------------------


def write(cast, text, began_from, item=None):
    key = (item or cast.item).pk
    return cast.client.post(f"{cast.page}notes/", {f"note-{key}": text, f"from-{key}": str(began_from)})


def test_each_save_of_a_note_is_kept(cast):
    write(cast, "Sofia opened.", 0)
    write(cast, "Sofia opened the session.", 1)

    rows = NoteRevision.objects.order_by("number").values_list("number", "text", "by")
    assert list(rows) == [
        (1, "Sofia opened.", cast.coordinator.pk),
        (2, "Sofia opened the session.", cast.coordinator.pk),
    ]
    assert "Sofia opened the session." in cast.client.get(f"{cast.page}notes/").text


def test_note_that_comes_too_late_is_shown_beside_the_newer_one(cast):
    write(cast, "Theirs", 0)

    refused = write(cast, "Mine", 0)

    assert refused.status_code == 409
    assert all(word in refused.text for word in ("Mine", "Theirs", 'value="1"'))
    assert NoteRevision.objects.get().text == "Theirs"


def test_notes_to_another_groups_session_are_left_alone(cast):
    write(cast, "Not mine", 0, factories.AgendaItemFactory(session=cast.other))

    assert not NoteRevision.objects.exists()


def test_notes_are_no_other_delegates_before_the_minutes_are_approved(cast):
    factories.NoteRevisionFactory(item=cast.item)

    seen = {who: NoteRevision.objects.visible_to(getattr(cast, who)).count() for who in ("coordinator", "delegate", "stranger", "staff")}  # fmt: skip

    assert seen == {"coordinator": 1, "delegate": 0, "stranger": 0, "staff": 1}


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_a_fixed_number_of_queries(cast, rows, django_assert_num_queries):
    for _number in range(rows):
        factories.NoteRevisionFactory(item__session=cast.session, item__topics=[cast.heat])

    with django_assert_num_queries(9):
        cast.client.get(cast.page)
    with django_assert_num_queries(9):
        cast.client.get(f"{cast.page}notes/")
