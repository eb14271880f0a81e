"""The agenda: sums and begins, what is offered and why, saving, and what comes of two people at once."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from meetings.agenda.merging import merge
from meetings.agenda.picking import Offer, Offers, read_offers, take_chosen
from meetings.agenda.reading import act_on, read_items, read_sent, read_sessions
from meetings.agenda.rows import Agenda, agenda_of
from meetings.agenda.saving import StaleAgenda, save_agenda
from meetings.agenda.sums import starts_of, sum_up
from meetings.models import AgendaItem, Meeting, Session
from members.models import Change, User
from tests import factories
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db

TEN = dt.datetime(2026, 5, 6, 10, tzinfo=dt.UTC)


@pytest.fixture
def user() -> User:
    return factories.UserFactory(staff=True)


@pytest.fixture
def group() -> WorkingGroup:
    return factories.WorkingGroupFactory(name="Climate")


@pytest.fixture
def session(group: WorkingGroup) -> Session:
    meeting = factories.MeetingFactory(status="draft", start_on=TEN.date())
    until = TEN + dt.timedelta(minutes=90)
    return factories.SessionFactory(meeting=meeting, working_groups=[group], starts_at=TEN, ends_at=until)


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return session.meeting


def item(session: Session, title: str, minutes: int | None = None, order: int = 0, **more: object) -> AgendaItem:
    return factories.AgendaItemFactory(session=session, title=title, minutes=minutes, order=order, **more)


def opened(meeting: Meeting) -> Agenda:
    return agenda_of(read_sessions(meeting), read_items(meeting))


def stored(meeting: Meeting) -> list[list[tuple[str, int | None]]]:
    items = read_items(meeting)
    return [[(i.title, i.minutes) for i in items if i.session_id == s.pk] for s in read_sessions(meeting)]


def titles(offers: list[Offer]) -> list[str]:
    return [offer.label for offer in offers]


# --- Sums ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lengths", "phrase", "excess", "gap"),
    [
        ([15, 60], "75 of 90 minutes, 15 free", "", ""),
        ([90], "90 of 90 minutes", "", ""),
        ([60, 31], "91 of 90 minutes", "1 minute over", ""),
        ([60, 50], "110 of 90 minutes", "20 minutes over", ""),
        ([60, None, None], "60 of 90 minutes, 30 free", "", "2 items without a length"),
        ([], "0 of 90 minutes, 90 free", "", ""),
    ],
)
def test_sum_says_what_is_free_or_over(
    session: Session, lengths: list[int], phrase: str, excess: str, gap: str
) -> None:
    total = sum_up(session, lengths)

    assert (total.phrase, total.excess, total.gap) == (phrase, excess, gap)


def test_session_without_an_end_has_nothing_to_exceed() -> None:
    total = sum_up(Session(starts_at=TEN), [600])

    assert (total.phrase, total.over) == ("600 minutes", 0)


def test_begins_are_known_up_to_the_first_item_without_a_length() -> None:
    starts = starts_of(Session(starts_at=TEN), [10, None, 5])

    assert starts == [TEN, TEN + dt.timedelta(minutes=10), None]
    assert starts_of(Session(), [10, 5]) == [None, None]


# --- Rows ------------------------------------------------------------------------------------------------------------


def test_rows_move_within_a_session_and_into_the_next(meeting: Meeting, session: Session) -> None:
    second = factories.SessionFactory(meeting=meeting, order=1)
    first, last = item(session, "A", order=1), item(session, "B", order=2)
    agenda = opened(meeting)

    act_on(agenda, f"up-{last.pk}")
    assert [row.title for row in agenda.of(session.pk)] == ["B", "A"]
    act_on(agenda, f"down-{first.pk}")
    assert [row.title for row in agenda.of(second.pk)] == ["A"]
    act_on(agenda, f"down-{first.pk}")
    act_on(agenda, f"up-{last.pk}")
    assert [[row.title for row in agenda.of(each.pk)] for each in (session, second)] == [["B"], ["A"]]
    act_on(agenda, f"up-{first.pk}")
    assert [row.title for row in agenda.of(session.pk)] == ["B", "A"]


@pytest.mark.parametrize("rows", ["x", "new-", "new-99999", "²", "1;2"])
def test_rows_with_keys_that_none_has_are_left_out(user: User, meeting: Meeting, rows: str) -> None:
    sent = QueryDict(mutable=True)
    sent.setlist("rows", [rows])

    assert read_sent(user, sent, read_sessions(meeting)).rows == []


@pytest.mark.parametrize("shown", ["", "x", "[]", "[1,2]", "{}", '["a",1,"",null,[]]', "[" * 5000])
def test_row_that_does_not_say_what_it_had_shown_is_refused(user: User, meeting: Meeting, shown: str) -> None:
    made = item(meeting.sessions.get(), "A")
    sent = QueryDict(mutable=True)
    sent.update({"rows": str(made.pk), f"row-{made.pk}-title": "B", f"row-{made.pk}-session": str(made.session_id)})
    sent[f"row-{made.pk}-shown"] = shown

    with pytest.raises(StaleAgenda):
        save_agenda(meeting, read_sent(user, sent, read_sessions(meeting)), by=user)


# --- Offers ----------------------------------------------------------------------------------------------------------


def offered(user: User, session: Session) -> Offers:
    return read_offers(user, session.meeting, opened(session.meeting))[session.pk]


def earlier(session: Session, group: WorkingGroup | None, days: int = 30, **more: object) -> Session:
    meeting = factories.MeetingFactory(start_on=session.meeting.start_on - dt.timedelta(days=days), **more)
    return factories.SessionFactory(meeting=meeting, working_groups=[group] if group else [])


def test_open_topics_of_the_session_s_group_are_offered_once(user: User, session: Session, group: WorkingGroup) -> None:
    shade = factories.TopicFactory(title="Shade", group=group)
    factories.TopicFactory(title="Trees", group=group)
    factories.TopicFactory(title="Settled", group=group, status="settled")
    factories.TopicFactory(title="Another group's")
    factories.TopicFactory(title="The network's", group=None)
    item(session, "", topics=[shade])

    offers = offered(user, session)

    assert titles(offers.topics) == ["Trees"]
    assert offers.topics[0].remark == "on no agenda yet"


def test_plenary_session_is_offered_the_network_s_topics(user: User, session: Session) -> None:
    plenary = factories.SessionFactory(meeting=session.meeting, order=1)
    factories.TopicFactory(title="The network's", group=None)

    assert titles(offered(user, plenary).topics) == ["The network's"]


@pytest.mark.parametrize(
    ("status", "noted", "remark"),
    [
        ("held", True, "on the agenda, but its minutes hold no note, decision or action"),
        ("held", False, "on the agenda; whether it was discussed is not on record"),
        ("cancelled", False, "on the agenda of a meeting that was cancelled"),
        ("postponed", False, "on the agenda of a meeting that was postponed"),
    ],
)
def test_topics_that_nothing_came_of_are_taken_over_with_what_the_record_tells(
    user: User, session: Session, group: WorkingGroup, status: str, noted: bool, remark: str
) -> None:
    past = earlier(session, group, title="Round", status=status)
    item(past, "", topics=[factories.TopicFactory(title="Shade", group=group)])
    if noted:
        factories.NoteRevisionFactory(item=item(past, "Opening"))

    left = offered(user, session).left

    assert [(offer.label, offer.remark) for offer in left] == [("Shade", remark)]
    assert left[0].origin == f"Round, {past.meeting.days}"
    assert f"/meeting/{past.meeting_id}/workspace/" in left[0].url


@pytest.mark.parametrize("what", ["note", "decision", "action"])
def test_topic_that_was_treated_is_not_taken_over(user: User, session: Session, group: WorkingGroup, what: str) -> None:
    topic = factories.TopicFactory(title="Shade", group=group)
    item(earlier(session, group, days=60), "", topics=[topic])
    treated = item(earlier(session, group), "", topics=[topic])
    if what == "note":
        factories.NoteRevisionFactory(item=treated)
    elif what == "decision":
        factories.DecisionFactory(meeting=treated.session.meeting, item=treated)
    else:
        factories.ActionItemFactory(meeting=treated.session.meeting, item=treated, group=group)

    offers = offered(user, session)

    assert (titles(offers.left), titles(offers.topics)) == ([], ["Shade"])


def test_topics_of_later_meetings_drafts_and_other_bodies_are_not_taken_over(
    user: User, session: Session, group: WorkingGroup
) -> None:
    for past in (
        earlier(session, group, days=-30),
        earlier(session, group, status="draft"),
        earlier(session, group, status="announced"),
        earlier(session, None),
        earlier(session, factories.WorkingGroupFactory()),
    ):
        item(past, "", topics=[factories.TopicFactory(group=group)])

    assert titles(offered(user, session).left) == []


def test_open_actions_are_offered_with_their_owners(user: User, session: Session, group: WorkingGroup) -> None:
    past = earlier(session, group).meeting
    sofia = factories.OrganisationFactory(name="Sofia")
    factories.ActionItemFactory(meeting=past, group=group, text="Count trees", owners=[sofia])
    factories.ActionItemFactory(
        meeting=past, group=group, text="Done", closed_on=session.meeting.start_on, outcome="done"
    )

    actions = offered(user, session).actions

    assert [(offer.label, offer.remark) for offer in actions] == [("Count trees", "open, without a due day; Sofia")]
    item(session, "Count trees")
    assert offered(user, session).actions == []


def test_standing_items_come_from_templates_of_the_kind(user: User, session: Session, group: WorkingGroup) -> None:
    template = factories.MeetingTemplateFactory(name="Round", kind="working_groups")
    factories.TemplateSessionFactory(template=template, working_groups=[group], items="10 Welcome\n5 Dates\nAny other business")  # fmt: skip
    factories.TemplateSessionFactory(template__kind="summit", items="30 Elections")
    item(session, "Dates")

    standing = offered(user, session).standing

    assert [(offer.title, offer.minutes) for offer in standing] == [("Welcome", 10), ("Any other business", None)]


def test_what_is_chosen_becomes_rows_and_what_is_not_offered_does_not(
    user: User, session: Session, group: WorkingGroup
) -> None:
    second = factories.SessionFactory(meeting=session.meeting, working_groups=[group], order=1)
    topic = factories.TopicFactory(title="Shade", group=group)
    other = factories.TopicFactory()
    agenda, sent = opened(session.meeting), QueryDict(mutable=True)
    for each in (session, second):
        sent.setlist(f"offer-{each.pk}", [f"topic-{topic.pk}", f"topic-{other.pk}", "action-1", "standing-x"])

    keys = take_chosen(user, session.meeting, agenda, sent)

    assert [(row.key, row.session, row.topics) for row in agenda.rows] == [(keys[0], session.pk, [topic.pk])]


# --- Saving ----------------------------------------------------------------------------------------------------------


def test_save_writes_changes_moves_additions_and_removals_in_one_batch(
    user: User, meeting: Meeting, session: Session
) -> None:
    second = factories.SessionFactory(meeting=meeting, order=1)
    a, b, c = (item(session, title, 10, order) for order, title in enumerate("ABC", 1))
    topic = factories.TopicFactory()
    agenda = opened(meeting)
    agenda.rows[0].title, agenda.rows[0].minutes = "A, longer", "30"
    agenda.rows[1].is_removed = True
    agenda.rows[2].session = second.pk
    agenda.add(second.pk, topics=[topic.pk], minutes="5")
    agenda.add(second.pk)  # blank: left out

    assert save_agenda(meeting, agenda, by=user) == 4

    assert stored(meeting) == [[("A, longer", 30)], [("C", 10), ("", 5)]]
    assert list(AgendaItem.objects.get(minutes=5).topics.all()) == [topic]
    assert not AgendaItem.objects.filter(pk=b.pk).exists()
    assert {a.pk, c.pk} < set(AgendaItem.objects.values_list("pk", flat=True))


def test_save_of_what_stands_there_writes_nothing(user: User, meeting: Meeting, session: Session) -> None:
    item(session, "A", 10)
    item(session, "B", 10)
    before = Change.objects.count()

    assert save_agenda(meeting, opened(meeting), by=user) == 0
    assert Change.objects.count() == before


def test_only_what_moved_or_changed_gets_into_the_history(user: User, meeting: Meeting, session: Session) -> None:
    made = [item(session, title, 10, order) for order, title in enumerate("ABC", 1)]
    agenda, before = opened(meeting), Change.objects.count()
    agenda.rows[1].minutes = "15"

    save_agenda(meeting, agenda, by=user)

    changes = Change.objects.order_by("pk")[before:]
    assert [(change.key, change.fields, change.actor) for change in changes] == [
        (str(made[1].pk), {"minutes": [10, 15]}, user.username)
    ]


def test_page_sent_twice_adds_its_items_once(user: User, meeting: Meeting, session: Session) -> None:
    agenda, again = opened(meeting), opened(meeting)
    agenda.add(session.pk, title="New", minutes="5")
    again.add(session.pk, title="New", minutes="5")

    assert [save_agenda(meeting, agenda, by=user), save_agenda(meeting, again, by=user)] == [1, 0]
    assert stored(meeting) == [[("New", 5)]]


@pytest.mark.parametrize("what", ["note", "decision", "action", "correction"])
def test_item_to_which_something_belongs_cannot_be_removed(
    user: User, meeting: Meeting, session: Session, what: str
) -> None:
    made, other = item(session, "A", order=1), item(session, "B", order=2)
    if what == "note":
        factories.NoteRevisionFactory(item=made)
    elif what == "correction":
        factories.CorrectionFactory(item=made, minutes__meeting=meeting)
    elif what == "decision":
        factories.DecisionFactory(meeting=meeting, item=made)
    else:
        factories.ActionItemFactory(meeting=meeting, item=made)
    agenda = opened(meeting)
    agenda.rows[0].is_removed, agenda.rows[1].title = True, "C"

    with pytest.raises(ValidationError, match="“A” cannot be removed"):
        save_agenda(meeting, agenda, by=user)
    other.refresh_from_db()
    assert other.title == "B"


@pytest.mark.parametrize("what", ["closed", "approved"])
def test_agenda_of_a_finished_record_stays(user: User, meeting: Meeting, session: Session, what: str) -> None:
    item(session, "A")
    agenda = opened(meeting)
    agenda.rows[0].title = "B"
    if what == "approved":
        factories.MinutesFactory(meeting=meeting, approved=True)
    else:
        Meeting.objects.filter(pk=meeting.pk).update(status="closed")

    with pytest.raises(ValidationError, match="reopen"):
        save_agenda(meeting, agenda, by=user)
    assert stored(meeting) == [[("A", None)]]


# --- Two people at once ----------------------------------------------------------------------------------------------


def refused(meeting: Meeting, agenda: Agenda, user: User) -> Agenda:
    with pytest.raises(StaleAgenda) as stale:
        save_agenda(meeting, agenda, by=user)
    return stale.value.now


def test_both_texts_are_laid_side_by_side_and_the_second_save_holds_both(
    user: User, meeting: Meeting, session: Session
) -> None:
    a, b, c = (item(session, title, 10, order) for order, title in enumerate("ABC", 1))
    mine, theirs = opened(meeting), opened(meeting)
    mine.rows[0].title = "A of mine"
    mine.rows[2].minutes = "25"
    theirs.rows[0].title, theirs.rows[1].minutes, theirs.rows[2].title = "A of theirs", "20", "C of theirs"
    theirs.add(session.pk, title="D of theirs")
    save_agenda(meeting, theirs, by=user)

    merged = merge(mine, refused(meeting, mine, user))

    lines = {(clash.label, line.field): (line.base, line.theirs, line.mine, line.is_contested) for clash in merged.clashes for line in clash.lines}  # fmt: skip
    assert lines == {
        ("A of theirs", "Title"): ("A", "A of theirs", "A of mine", True),
        ("B", "Minutes"): ("10", "20", "", False),
        ("C of theirs", "Title"): ("C", "C of theirs", "", False),
    }
    assert [clash.outcome for clash in merged.clashes if clash.label == "D of theirs"] == ["Added; it stays."]
    assert {clash.change and clash.change.actor for clash in merged.clashes} == {user.username}
    save_agenda(meeting, merged.agenda, by=user)
    assert stored(meeting) == [[("A of mine", 10), ("B", 20), ("C of theirs", 25), ("D of theirs", None)]]


def test_item_that_others_deleted_stays_only_if_something_was_typed_into_it(
    user: User, meeting: Meeting, session: Session
) -> None:
    a, b = item(session, "A", order=1), item(session, "B", order=2)
    mine = opened(meeting)
    mine.rows[0].title = "A of mine"
    a.delete()
    b.delete()

    merged = merge(mine, refused(meeting, mine, user))

    assert [(row.key, row.title) for row in merged.agenda.rows] == [("new-1", "A of mine")]
    assert [clash.outcome for clash in merged.clashes] == [
        "Deleted; what you typed stands below as a new item.",
        "Deleted.",
    ]


@pytest.mark.parametrize(("moves_too", "order"), [(False, "BAC"), (True, "ACB")])
def test_order_is_theirs_unless_it_was_changed_here_too(
    user: User, meeting: Meeting, session: Session, moves_too: bool, order: str
) -> None:
    made = [item(session, title, 10, order) for order, title in enumerate("ABC", 1)]
    mine, theirs = opened(meeting), opened(meeting)
    theirs.move(str(made[1].pk), -1)
    save_agenda(meeting, theirs, by=user)
    if moves_too:
        mine.move(str(made[2].pk), -1)
    else:
        mine.rows[0].minutes = "15"

    merged = merge(mine, refused(meeting, mine, user))

    assert "".join(row.title for row in merged.agenda.rows) == order
    assert merged.is_reordered is moves_too


def test_row_of_a_session_that_others_deleted_asks_for_another(user: User, meeting: Meeting, session: Session) -> None:
    second = factories.SessionFactory(meeting=meeting, order=1)
    item(second, "A")
    mine = opened(meeting)
    mine.rows[0].title = "A of mine"
    second.delete()

    merged = merge(mine, refused(meeting, mine, user))

    assert [(row.title, row.session) for row in merged.agenda.of(session.pk)] == [("A of mine", None)]
    assert merged.agenda.is_refused
