"""Digests: what is new and visible to each reader, told once, whatever happens in between."""

import datetime as dt
import zoneinfo

import pytest
import time_machine
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from django.utils import timezone

from meetings import mail
from meetings.following import digests
from meetings.following.digests import current_periods, send_digests
from meetings.lifecycle import take_step
from meetings.mail.delivering import claim, send
from meetings.models import Digest, DigestEntry, Letter, Mailing, MailingKind, Step, Subscription
from members.history import acting
from tests import factories
from tests.following.cast import delegate

ISTANBUL = zoneinfo.ZoneInfo("Europe/Istanbul")
# A Wednesday, two hours before the digests of the next day count.
WEDNESDAY = dt.datetime(2026, 3, 4, 12, tzinfo=ISTANBUL)
THURSDAY = dt.datetime(2026, 3, 5, 7, 1, tzinfo=ISTANBUL)

pytestmark = pytest.mark.django_db


@pytest.fixture
def elif_():
    return factories.UserFactory(username="elif", staff=True)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(WEDNESDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def reader():
    return factories.SubscriptionFactory(frequency="daily")


def at(moment):
    return send_digests(moment)


def announced(elif_, **fields):
    fields = {"title": "Heat in cities", "status": "draft", "start_on": dt.date(2026, 5, 1)} | fields
    meeting = factories.MeetingFactory(**fields)
    take_step(meeting, Step.ANNOUNCE, by=elif_)
    meeting.refresh_from_db()
    return meeting


def told_to(subscription):
    """The titles and kinds of everything that a subscription was sent."""
    return "\n".join(Letter.objects.filter(address=subscription.address).order_by("pk").values_list("text", flat=True))


# --- When ------------------------------------------------------------------------------------------------------------


def test_periods_end_at_seven_in_istanbul_on_mondays_and_every_quarter_of_an_hour():
    names = {moment: [period.name for period in current_periods(moment)] for moment in (WEDNESDAY, THURSDAY)}

    assert names == {
        WEDNESDAY: ["at_once 2026-03-04T12:00", "daily 2026-03-04T07:00", "weekly 2026-03-02T07:00"],
        THURSDAY: ["at_once 2026-03-05T07:00", "daily 2026-03-05T07:00", "weekly 2026-03-02T07:00"],
    }


@pytest.mark.parametrize(
    ("frequency", "too_early", "due"),
    [
        ("at_once", dt.datetime(2026, 3, 4, 12, 14, tzinfo=ISTANBUL), dt.datetime(2026, 3, 4, 12, 15, tzinfo=ISTANBUL)),
        ("daily", dt.datetime(2026, 3, 5, 6, 59, tzinfo=ISTANBUL), dt.datetime(2026, 3, 5, 7, tzinfo=ISTANBUL)),
        ("weekly", dt.datetime(2026, 3, 9, 6, 59, tzinfo=ISTANBUL), dt.datetime(2026, 3, 9, 7, tzinfo=ISTANBUL)),
    ],
)
def test_what_is_new_is_told_in_its_time_and_once(elif_, frequency, too_early, due):
    factories.SubscriptionFactory(frequency=frequency)
    announced(elif_)

    assert [at(too_early), at(due), at(due), at(due + dt.timedelta(days=14))] == [0, 1, 0, 0]


def test_who_was_down_at_seven_sends_later(elif_, reader):
    announced(elif_)

    assert at(THURSDAY + dt.timedelta(hours=5)) == 1


def test_nothing_new_makes_no_mail(reader):
    assert at(THURSDAY) == 0
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("what", ["never", "asked", "left"])
def test_who_does_not_want_it_or_has_not_confirmed_gets_nothing(elif_, what):
    subscription = factories.SubscriptionFactory(
        frequency="never" if what == "never" else "daily",
        asked=what == "asked",
        unsubscribed_at=timezone.now() if what == "left" else None,
    )
    announced(elif_)

    assert (at(THURSDAY), told_to(subscription)) == (0, "")


# --- What ------------------------------------------------------------------------------------------------------------


def test_everything_that_happened_stands_in_one_mail(elif_, reader):
    with acting(user=elif_):
        announced(elif_, title="Announced round")
        cancelled = announced(elif_, title="Cancelled round")
        take_step(cancelled, Step.CANCEL, by=elif_, reason="Storm")
        held = factories.MeetingFactory(title="Held round", status="held", report="")
        held.report = "<p>They met.</p>"
        held.save()
        take_step(held, Step.CLOSE, by=elif_)
        factories.NewsItemFactory(title="A visit", published_on=WEDNESDAY.date())
        factories.TopicFactory(title="Shade")
        document = factories.DocumentFactory(title="The paper", kept=True, audience="public", meeting=held)
        document.file = factories.pdf_file("second.pdf")
        document.save()
        factories.MinutesFactory(meeting=held, audience="public", approved=True)

    assert at(THURSDAY) == 1
    text = told_to(reader)

    for line in (
        "Meeting announced: Announced round", "Meeting cancelled: Cancelled round", "Record published: Held round",
        "Report published: Held round", "News: A visit", "Topic opened: Shade", "New document: The paper",
        "New version of a document: The paper", "Minutes approved: Held round",
    ):  # fmt: skip
        assert line in text
    assert "Meeting announced: Cancelled round" not in text
    assert "https://b40.example.org/meetings/" in text


def test_news_that_waited_is_told_when_its_day_has_come(elif_, reader, wednesday):
    with acting(user=elif_):
        factories.NewsItemFactory(title="Embargoed", published_on=WEDNESDAY.date() + dt.timedelta(days=2))

    told = []
    for morning in (THURSDAY, THURSDAY + dt.timedelta(days=1), THURSDAY + dt.timedelta(days=2)):
        wednesday.move_to(morning)
        told.append(at(morning))
    assert told == [0, 1, 0]
    assert "News: Embargoed" in told_to(reader)


def test_what_the_loader_brings_in_and_news_of_long_ago_are_no_news(elif_, reader):
    with acting(name="load_network"):
        factories.NewsItemFactory(title="Loaded", published_on=dt.date(2026, 1, 10))
        factories.TopicFactory(title="Loaded too")
    with acting(user=elif_):
        factories.NewsItemFactory(title="Old", published_on=dt.date(2022, 1, 1))

    assert at(THURSDAY) == 0


def test_what_happened_before_somebody_subscribed_is_not_new(elif_):
    announced(elif_)
    factories.SubscriptionFactory(frequency="daily", confirmed_at=WEDNESDAY + dt.timedelta(hours=1))

    assert at(THURSDAY) == 0


def test_a_correction_of_what_was_told_is_not_told_again(elif_, reader, wednesday):
    with acting(user=elif_):
        item = factories.NewsItemFactory(title="A visit", published_on=WEDNESDAY.date())
        at(THURSDAY)
        wednesday.move_to(THURSDAY + dt.timedelta(hours=1))
        item.published_on = THURSDAY.date()
        item.save()

    assert at(THURSDAY + dt.timedelta(days=1)) == 0


def test_only_what_is_followed_is_told(elif_):
    heat, roads, city = (
        factories.WorkingGroupFactory(),
        factories.WorkingGroupFactory(),
        factories.OrganisationFactory(),
    )
    by_group, by_city, by_topic = (
        factories.SubscriptionFactory(frequency="daily", everything=False) for _each in range(3)
    )
    topic = factories.TopicFactory(group=roads)
    by_group.groups.add(heat)
    by_city.organisations.add(city)
    by_topic.topics.add(topic)
    hot = factories.MeetingFactory(title="Hot", status="draft", start_on=dt.date(2026, 5, 1))
    factories.SessionFactory(meeting=hot, working_groups=[heat])
    hosted = factories.MeetingFactory(
        title="Hosted", status="draft", start_on=dt.date(2026, 5, 1), host_city=city, mode="in_person"
    )
    session = factories.SessionFactory(meeting=hosted, working_groups=[roads])
    factories.AgendaItemFactory(session=session, topics=[topic])
    for meeting in (hot, hosted):
        take_step(meeting, Step.ANNOUNCE, by=elif_)

    assert at(THURSDAY) == 3
    assert [
        [title for title in ("Hot", "Hosted") if f"announced: {title}\n" in told_to(each)]
        for each in (by_group, by_city, by_topic)
    ] == [["Hot"], ["Hosted"], ["Hosted"]]


# --- For whom --------------------------------------------------------------------------------------------------------


@pytest.fixture
def member():
    city = factories.MembershipChangeFactory(organisation=factories.OrganisationFactory()).organisation
    group = factories.WorkingGroupFactory()
    user = delegate(city, groups=[group])
    return user, group, factories.SubscriptionFactory(address=user.email, user=user, frequency="daily")


def test_papers_for_members_and_groups_reach_these_and_never_the_public(elif_, reader, member):
    _user, group, theirs = member
    others = factories.SubscriptionFactory(frequency="daily", user=factories.UserFactory(email="n@example.org"))
    meeting = factories.MeetingFactory(title="Held round", status="held")
    factories.SessionFactory(meeting=meeting, working_groups=[group])
    draft = factories.MeetingFactory(title="Not yet", status="draft")
    with acting(user=elif_):
        for audience in ("public", "members", "group", "secretariat"):
            factories.DocumentFactory(title=f"Paper for {audience}", audience=audience, meeting=meeting)
        factories.DocumentFactory(title="Paper for a draft", audience="public", meeting=draft)
        factories.MinutesFactory(meeting=meeting, audience="members", approved=True)
        factories.TopicFactory(title="An idea", status="draft")
    at(THURSDAY)

    seen = {
        name: [
            audience
            for audience in ("public", "members", "group", "secretariat", "a draft")
            if f"Paper for {audience}" in told_to(subscription)
        ]
        for name, subscription in {"public": reader, "other account": others, "member": theirs}.items()
    }
    assert seen == {
        "public": ["public"], "other account": ["public"], "member": ["public", "members", "group"],
    }  # fmt: skip
    assert ["Minutes approved" in told_to(each) for each in (reader, others, theirs)] == [False, False, True]
    assert not any("An idea" in told_to(each) for each in (reader, others, theirs))


def test_rights_are_those_of_the_moment_of_writing(elif_, member):
    user, _group, theirs = member
    with acting(user=elif_):
        factories.DocumentFactory(title="Paper for members", audience="members")
    mandate = user.person.mandates.get()
    mandate.ends_on = dt.date(2026, 3, 3)
    mandate.save()

    with time_machine.travel(THURSDAY, tick=False):
        at(THURSDAY)

    assert "Paper for members" not in told_to(theirs)


def test_closed_account_is_not_written_to(elif_, member):
    user, _group, _theirs = member
    user.is_active = False
    user.save()
    announced(elif_)

    assert at(THURSDAY) == 0


# --- Once, whatever happens ------------------------------------------------------------------------------------------


def test_killed_between_two_readers_the_others_are_told_and_nobody_twice(elif_, monkeypatch):
    readers = [factories.SubscriptionFactory(frequency="daily") for _each in range(3)]
    announced(elif_)
    write, written = digests.write_digest, []

    def killed_at_the_second(subscription, news):
        written.append(subscription.pk)
        if len(written) == 2:
            raise KeyboardInterrupt
        return write(subscription, news)

    monkeypatch.setattr(digests, "write_digest", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        at(THURSDAY)
    monkeypatch.undo()
    assert (Letter.objects.count(), Digest.objects.count(), DigestEntry.objects.count()) == (1, 1, 1)

    assert at(THURSDAY) == 2
    assert at(THURSDAY) == 0
    assert sorted(Letter.objects.values_list("address", flat=True)) == sorted(each.address for each in readers)
    assert Mailing.objects.filter(kind=MailingKind.DIGEST).count() == 1


def test_what_is_wrong_with_one_reader_does_not_keep_the_others_waiting(elif_, monkeypatch):
    broken, fine = (factories.SubscriptionFactory(frequency="daily") for _each in range(2))
    announced(elif_)
    write = digests.write_digest

    def fails_for_one(subscription, news):
        if subscription.pk == broken.pk:
            raise ValueError("a language that is no more")
        return write(subscription, news)

    monkeypatch.setattr(digests, "write_digest", fails_for_one)

    assert at(THURSDAY) == 1
    assert told_to(fine)
    assert Subscription.objects.get(pk=broken.pk).looked_until is None


def test_database_refuses_a_second_digest_of_a_period_and_a_second_telling(elif_, reader):
    announced(elif_)
    at(THURSDAY)
    digest, entry = Digest.objects.get(), DigestEntry.objects.get()

    for again in (
        lambda: Digest.objects.create(subscription=reader, period=digest.period),
        lambda: DigestEntry.objects.create(subscription=reader, digest=digest, what=entry.what),
        lambda: Mailing.objects.create(kind="digest", period=digest.period, title="Again"),
        lambda: Mailing.objects.create(kind="digest", title="Without a period"),
        lambda: Mailing.objects.create(kind="other", period="2026", title="With one"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()


# --- As mail ---------------------------------------------------------------------------------------------------------


def test_letter_is_released_by_itself_and_offers_to_unsubscribe_by_one_click(elif_, reader, client):
    announced(elif_, title="Heat & <shade>")
    at(THURSDAY)
    letter = Letter.objects.get()

    with time_machine.travel(THURSDAY, tick=False):
        send(claim(letter.pk))
    (message,) = outbox.outbox

    assert letter.mailing.is_going_out
    assert message.subject == "B40: Meeting announced: Heat & <shade>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert address.startswith("https://b40.example.org/unsubscribe/")
    assert address in message.body
    assert "Heat &amp; &lt;shade&gt;" in message.alternatives[0].content
    assert (
        client.post(address.removeprefix("https://b40.example.org"), {"List-Unsubscribe": "One-Click"}).status_code
        == 200
    )
    reader.refresh_from_db()
    assert not reader.holds


def test_other_letters_offer_no_unsubscribing():
    factories.LetterFactory(mailing__released=True)
    with time_machine.travel(THURSDAY, tick=False):
        send(claim(Letter.objects.get().pk))

    assert "List-Unsubscribe" not in outbox.outbox[0].extra_headers


def test_staff_can_pause_the_digests_of_a_period(elif_, reader):
    announced(elif_)
    at(THURSDAY)
    letter = Letter.objects.get()

    mail.pause(letter.mailing, by=elif_)

    with time_machine.travel(THURSDAY, tick=False):
        assert claim(letter.pk) is None


def test_who_leaves_is_not_sent_what_waits(elif_, reader, client):
    announced(elif_)
    at(THURSDAY)
    letter = Letter.objects.get()

    client.post(letter.unsubscribe_url.removeprefix("https://b40.example.org"))

    letter.refresh_from_db()
    assert letter.failed_at is not None
    with time_machine.travel(THURSDAY, tick=False):
        assert claim(letter.pk) is None


@pytest.mark.parametrize("number", [1, 6])
def test_it_costs_the_same_for_any_number_of_things_to_tell(elif_, member, number, django_assert_num_queries):
    with acting(user=elif_):
        for each in range(number):
            meeting = announced(elif_, title=f"Round {each}")
            factories.DocumentFactory(title="Paper", meeting=meeting)
            factories.NewsItemFactory(published_on=WEDNESDAY.date())

    with django_assert_num_queries(40 + 3 * number):  # that a thing was told is a row; there are three a round
        at(THURSDAY)
