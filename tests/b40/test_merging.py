"""Two records of one organisation become one: what moves, what is refused, what the loader does afterwards."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from b40.loading.loading import load
from b40.loading.report import Report
from b40.merging import MergeRefused, MergeStale, Seen, merge, plan_merge
from b40.merging.likely import likely_same
from b40.merging.relations import relations
from b40.models import LoadedRecord, OldAddress
from meetings.models import Attendance, Channel, Meeting, Presence
from members.history import is_recorded
from members.models import Change, MembershipChange, Organisation, OrganisationName, Status, User
from members.resolver import resolve
from tests import factories
from tests.b40.loading_records import as_file, small_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return factories.UserFactory(staff=True, username="elif")


@pytest.fixture
def sofia() -> Organisation:
    return factories.OrganisationFactory(name="Sofia", slug="sofia", country__code="BG")


@pytest.fixture
def sofija() -> Organisation:
    return factories.OrganisationFactory(name="Sofija", slug="sofija", country__code="BG")


def refusals(winner: Organisation, loser: Organisation, user: User, **how: Any) -> list[str]:
    """Try to merge, and give why that was refused; nothing may have been written then."""
    before = Change.objects.version()
    with pytest.raises(MergeRefused) as refused:
        merge(winner, loser, by=user, **how)
    assert Change.objects.version() == before
    assert Organisation.objects.filter(pk=loser.pk).exists()
    return [obstacle.text for obstacle in refused.value.obstacles]


# --- Everything moves ------------------------------------------------------------------------------------------------

# One row of an organisation for each relation. A new relation needs a line here, and then it is known to move.
ROWS: dict[str, Any] = {
    "b40.oldaddress.organisation": lambda city: OldAddress.objects.create(path="/v2/sofija/", organisation=city),
    "meetings.actionitem.owners": lambda city: factories.ActionItemFactory(owners=[city]),
    "meetings.attendance.organisation": lambda city: factories.AttendanceFactory(organisation=city),
    "meetings.ballot.organisation": lambda city: factories.BallotFactory(organisation=city),
    "meetings.invitation.organisation": lambda city: factories.InvitationFactory(organisation=city),
    "meetings.checkin.organisation": lambda city: factories.CheckInFactory(organisation=city),
    "meetings.letter.organisation": lambda city: factories.LetterFactory(organisation=city),
    "meetings.correction.organisation": lambda city: factories.CorrectionFactory(organisation=city),
    "meetings.meeting.host_city": lambda city: factories.MeetingFactory(host_city=city, mode="in_person"),
    "meetings.minutescopy.organisation": lambda city: factories.MinutesCopyFactory(organisation=city),
    "meetings.newsitem.organisations": lambda city: factories.NewsItemFactory(organisations=[city]),
    "meetings.rememberedmatch.organisation": lambda city: factories.RememberedMatchFactory(organisation=city),
    "meetings.subscription.organisations": lambda city: factories.SubscriptionFactory(organisations=[city]),
    "members.boardseatchange.city": lambda city: factories.BoardSeatChangeFactory(city=city),
    "members.mandate.organisation": lambda city: factories.MandateFactory(organisation=city),
    "members.membershipchange.organisation": lambda city: factories.MembershipChangeFactory(organisation=city),
    "members.organisationname.organisation": lambda city: factories.OrganisationNameFactory(organisation=city),
    "members.presidency.city": lambda city: factories.PresidencyFactory(city=city),
    "meetings.actionreport.organisation": lambda city: factories.ActionReportFactory(organisation=city),
    "meetings.document.handed_in_by": lambda city: factories.DocumentFactory(handed_in_by=city),
    "members.proposedchange.organisation": lambda city: factories.ProposedChangeFactory(organisation=city),
    "workinggroups.topicproposal.organisation": lambda city: factories.TopicProposalFactory(organisation=city),
    "workinggroups.topicsupport.organisation": lambda city: factories.TopicSupportFactory(organisation=city),
    "workinggroups.participationchange.organisation": lambda city: factories.ParticipationChangeFactory(
        organisation=city
    ),
}


def test_every_relation_to_an_organisation_is_known() -> None:
    assert {relation.name for relation in relations()} == set(ROWS)


def test_no_model_names_organisations_in_a_way_that_a_merge_would_miss() -> None:
    """Rows that name any record by text or number are kept in step by hand: see `b40.merging.follow`."""
    from django.apps import apps

    by_number = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name in ("object_id", "organisation_id", "organisation_slug") and not field.is_relation
    }

    # The index of words follows at every save; the log of Django's admin tells what was, as the history does.
    assert by_number == {"b40.LoadedRecord", "members.SearchWord", "admin.LogEntry"}


@pytest.mark.parametrize("relation", relations(), ids=lambda relation: relation.name)
def test_row_of_every_relation_moves(relation: Any, sofia: Organisation, sofija: Organisation, user: User) -> None:
    row = ROWS[relation.name](sofija)
    planned = {moving.relation.name: moving.count for moving in plan_merge(sofia, sofija).moving}

    merge(sofia, sofija, by=user)

    named = getattr(relation.model._base_manager.get(pk=row.pk), relation.field.name)
    assert (list(named.all()) if relation.is_list else [named]) == [sofia]
    assert planned[relation.name] == 1
    assert not Organisation.objects.filter(pk=sofija.pk).exists()
    change = Change.objects.of_record(f"{relation.model._meta.label_lower}:{row.pk}").first()
    if not is_recorded(relation.model):  # a letter is a record of itself
        assert change is None
        return
    assert change is not None
    assert (change.actor, change.reason) == ("elif", "“Sofija” merged into “Sofia”")


def test_all_of_it_is_one_batch_of_the_history(sofia: Organisation, sofija: Organisation, user: User) -> None:
    for make in ROWS.values():
        make(sofija)
    before = Change.objects.version()

    merge(sofia, sofija, by=user)

    assert len(set(Change.objects.filter(pk__gt=before).values_list("batch", flat=True))) == 1


def test_news_of_both_names_the_one_once(sofia: Organisation, sofija: Organisation, user: User) -> None:
    third = factories.OrganisationFactory()
    item = factories.NewsItemFactory(organisations=[sofia, sofija, third])

    merge(sofia, sofija, by=user)

    assert set(item.organisations.all()) == {sofia, third}


def test_sources_of_both_are_kept(sofia: Organisation, sofija: Organisation, user: User) -> None:
    one, other = factories.SourceFactory(), factories.SourceFactory()
    sofia.sources.set([one])
    sofija.sources.set([one, other])

    merge(sofia, sofija, by=user)

    assert set(sofia.sources.all()) == {one, other}


def test_calendars_learn_of_the_new_host(sofia: Organisation, sofija: Organisation, user: User) -> None:
    meeting = factories.MeetingFactory(host_city=sofija, mode="in_person")

    merge(sofia, sofija, by=user)

    assert Meeting.objects.get(pk=meeting.pk).sequence == meeting.sequence + 1


# --- Names and addresses ---------------------------------------------------------------------------------------------


def test_names_of_the_one_that_goes_find_the_one_that_stays(
    sofia: Organisation, sofija: Organisation, user: User
) -> None:
    sofija.abbreviation = "SOF"
    sofija.save()
    factories.OrganisationNameFactory(organisation=sofija, text="Sredets")

    merge(sofia, sofija, by=user, chosen={"abbreviation": False})

    assert sorted(sofia.names.values_list("text", flat=True)) == ["SOF", "Sofija", "Sredets"]
    assert {resolve(text).organisation for text in ("Sofia", "Sofija", "SOF", "sredets")} == {sofia}
    assert list(Organisation.objects.matching("Sredets")) == [sofia]


def test_names_come_along_without_duplicates(sofia: Organisation, sofija: Organisation, user: User) -> None:
    mine = factories.OrganisationNameFactory(organisation=sofia, text="София")
    factories.OrganisationNameFactory(organisation=sofia, text="Sofija")
    factories.OrganisationNameFactory(organisation=sofija, text="София", language="bg", is_native=True)
    factories.OrganisationNameFactory(organisation=sofija, text="Sofia")

    merge(sofia, sofija, by=user)

    mine.refresh_from_db()
    assert sorted(sofia.names.values_list("text", flat=True)) == ["Sofija", "София"]
    assert (mine.language, mine.is_native) == ("bg", True)


def test_name_that_was_chosen_leaves_the_former_one_as_another_name(
    sofia: Organisation, sofija: Organisation, user: User
) -> None:
    merge(sofia, sofija, by=user, chosen={"name": True})

    sofia.refresh_from_db()
    assert (sofia.name, sofia.slug) == ("Sofija", "sofia")
    assert list(sofia.names.values_list("text", flat=True)) == ["Sofia"]


def test_addresses_lead_on(sofia: Organisation, sofija: Organisation, user: User, client: Any) -> None:
    OldAddress.objects.create(path="/v2/sofija/", organisation=sofija)
    term = factories.PresidencyFactory(city=sofija)
    former = term.get_absolute_url()

    merge(sofia, sofija, by=user)

    for path in ("/cities/sofija/", "/cities/sofija", "/v2/sofija/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, "/cities/sofia/")
    term.refresh_from_db()
    assert client.get(former)["Location"] == term.get_absolute_url() != former


def test_merging_twice_leads_to_the_last_one(sofia: Organisation, sofija: Organisation, user: User) -> None:
    third = factories.OrganisationFactory(name="Serdica", slug="serdica", country=sofia.country)

    merge(sofija, third, by=user)
    merge(sofia, sofija, by=user)

    assert dict(OldAddress.objects.values_list("path", "organisation")) == {
        "/cities/serdica/": sofia.pk,
        "/cities/sofija/": sofia.pk,
    }


# --- Values ----------------------------------------------------------------------------------------------------------


def test_empty_values_are_filled_and_others_stay(sofia: Organisation, sofija: Organisation, user: User) -> None:
    sofia.website = "https://sofia.example"
    sofia.save()
    sofija.website, sofija.population, sofija.population_year = "https://other.example", 1_200_000, 2021
    sofija.save()

    merge(sofia, sofija, by=user)

    sofia.refresh_from_db()
    assert (sofia.website, sofia.population, sofia.population_year) == ("https://sofia.example", 1_200_000, 2021)


def test_values_that_belong_together_are_chosen_together(sofia: Organisation, sofija: Organisation, user: User) -> None:
    for city, population, year in ((sofia, 1_000_000, 2001), (sofija, 1_200_000, 2021)):
        city.population, city.population_year = population, year
        city.save()

    assert [choice.name for choice in plan_merge(sofia, sofija).choices] == ["name", "population"]
    merge(sofia, sofija, by=user, chosen={"population": True})

    sofia.refresh_from_db()
    assert (sofia.population, sofia.population_year) == (1_200_000, 2021)


def test_picture_that_was_chosen_stays_and_the_other_is_discarded(
    sofia: Organisation, sofija: Organisation, user: User, settings: Any, tmp_path: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    for city in (sofia, sofija):
        city.photo.save("photo.png", factories.picture_file())
    mine, theirs = sofia.photo.name, sofija.photo.name

    with django_capture_on_commit_callbacks(execute=True):
        merge(sofia, sofija, by=user, chosen={"photo": True})

    sofia.refresh_from_db()
    assert sofia.photo.name == theirs
    assert sofia.photo.storage.exists(theirs)
    assert not sofia.photo.storage.exists(mine)


@pytest.mark.parametrize("field", ["kind", "country"])
def test_kind_and_country_are_never_guessed(field: str, sofia: Organisation, user: User) -> None:
    other = {
        "kind": {"kind": "network", "country": sofia.country},
        "country": {"country__code": "RS"},
    }[field]
    loser = factories.OrganisationFactory(name="Sofia Network", **other)

    assert refusals(sofia, loser, user) == [f"{field.capitalize()}: the records differ, so choose which one is right."]

    merge(sofia, loser, by=user, chosen={field: True})
    sofia.refresh_from_db()
    assert getattr(sofia, field) == getattr(loser, field)


def test_presidency_cannot_come_to_what_is_no_city(sofia: Organisation, user: User) -> None:
    network = factories.OrganisationFactory(observer=True)
    factories.PresidencyFactory(city=sofia, started_on=dt.date(2022, 1, 1))

    for winner, loser, takes in ((sofia, network, True), (network, sofia, False)):
        (text,) = refusals(winner, loser, user, chosen={"kind": takes})
        assert "The presidency is held by a city" in text


def test_city_keeps_its_country_when_the_other_has_none(sofia: Organisation, user: User) -> None:
    network = factories.OrganisationFactory(observer=True)

    merge(network, sofia, by=user, chosen={"kind": True})

    network.refresh_from_db()
    assert (network.kind, network.country_id) == ("city", "BG")


def test_value_that_breaks_a_rule_is_refused_in_its_words(sofia: Organisation, user: User) -> None:
    network = factories.OrganisationFactory(observer=True)

    assert refusals(network, sofia, user, chosen={"kind": True, "country": False}) == ["A city needs its country."]


# --- What stands in the way ------------------------------------------------------------------------------------------


def attend(
    city: Organisation, meeting: Meeting, presence: str, channel: str = "secretariat", **more: Any
) -> Attendance:
    return factories.AttendanceFactory(organisation=city, meeting=meeting, presence=presence, channel=channel, **more)


@pytest.mark.parametrize("channel", ["secretariat", "press"])
def test_contradicting_attendance_is_refused_and_names_the_meeting(
    channel: str, sofia: Organisation, sofija: Organisation, user: User
) -> None:
    meeting = factories.MeetingFactory(title="Spring round")
    attend(sofia, meeting, "present")
    attend(sofija, meeting, "absent", channel)

    obstacles = plan_merge(sofia, sofija).obstacles

    assert [obstacle.text for obstacle in obstacles] == refusals(sofia, sofija, user)
    assert len(obstacles) == 1
    assert "“Spring round” cannot have been both: Sofia present (secretariat); Sofija absent" in obstacles[0].text
    assert obstacles[0].records == (meeting,)


def test_contradicting_attendance_of_a_session_names_the_session(
    sofia: Organisation, sofija: Organisation, user: User
) -> None:
    session = factories.SessionFactory(title="Heat")
    attend(sofia, session.meeting, "present", session=session)
    attend(sofija, session.meeting, "excused", session=session)

    (obstacle,) = plan_merge(sofia, sofija).obstacles

    assert obstacle.records == (session.meeting, session)
    assert "Sofija excused at “Heat”" in obstacle.text


@pytest.mark.parametrize("swapped", [False, True])
def test_absent_from_the_meeting_and_present_at_a_session_is_a_contradiction(
    swapped: bool, sofia: Organisation, sofija: Organisation, user: User
) -> None:
    session = factories.SessionFactory()
    one, other = (sofija, sofia) if swapped else (sofia, sofija)
    attend(one, session.meeting, "absent")
    attend(other, session.meeting, "present", session=session)

    assert len(refusals(sofia, sofija, user)) == 1


def test_present_at_the_meeting_and_absent_from_a_session_is_none(
    sofia: Organisation, sofija: Organisation, user: User
) -> None:
    session = factories.SessionFactory()
    attend(sofia, session.meeting, "present")
    attend(sofija, session.meeting, "absent", session=session)

    merge(sofia, sofija, by=user)

    assert Attendance.objects.filter(organisation=sofia).count() == 2


def test_identical_attendance_is_joined(sofia: Organisation, sofija: Organisation, user: User) -> None:
    meeting, source = factories.MeetingFactory(), factories.SourceFactory()
    mine = attend(sofia, meeting, "present", certainty="inferred", basis="A photo.")
    attend(sofija, meeting, "present", mode="room", basis="The list.").sources.set([source])

    merge(sofia, sofija, by=user)

    row = Attendance.objects.get()
    assert (row.pk, row.organisation, row.mode, row.certainty) == (mine.pk, sofia, "room", "confirmed")
    assert row.basis == "A photo.\nThe list."
    assert list(row.sources.all()) == [source]


def test_attendance_that_differs_in_more_than_presence_is_refused(
    sofia: Organisation, sofija: Organisation, user: User
) -> None:
    meeting = factories.MeetingFactory()
    attend(sofia, meeting, "present", mode="room")
    attend(sofija, meeting, "present", mode="online")

    (text,) = refusals(sofia, sofija, user)

    assert "differ in: in the room or online" in text


DATED = {
    "membership": (factories.MembershipChangeFactory, "organisation", {"status": Status.OBSERVER}, "became"),
    "board": (factories.BoardSeatChangeFactory, "city", {"event": "left"}, "event"),
    "window": (factories.MembershipChangeFactory, "organisation", {"earliest": None}, "earliest day"),
}


@pytest.mark.parametrize("case", DATED)
def test_changes_of_one_day_that_differ_are_refused(
    case: str, sofia: Organisation, sofija: Organisation, user: User
) -> None:
    make, name, other, field = DATED[case]
    make(**{name: sofia})
    make(**{name: sofija}, **other)

    (text,) = refusals(sofia, sofija, user)

    assert f"differ in: {field}." in text


def test_changes_of_a_group_on_one_day_that_differ_are_refused(
    sofia: Organisation, sofija: Organisation, user: User
) -> None:
    group = factories.WorkingGroupFactory()
    factories.ParticipationChangeFactory(group=group, organisation=sofia)
    factories.ParticipationChangeFactory(group=group, organisation=sofija, role="coordinator")
    factories.ParticipationChangeFactory(organisation=sofija, role="coordinator")

    (text,) = refusals(sofia, sofija, user)

    assert "differ in: role." in text


def test_changes_of_one_day_that_agree_are_joined(sofia: Organisation, sofija: Organisation, user: User) -> None:
    factories.MembershipChangeFactory(organisation=sofia)
    factories.MembershipChangeFactory(organisation=sofija, how="signed", founding="stated")
    factories.MembershipChangeFactory(organisation=sofija, status=Status.ENDED, latest=dt.date(2024, 1, 1))

    merge(sofia, sofija, by=user)

    lines = list(MembershipChange.objects.filter(organisation=sofia).values_list("status", "how", "founding"))
    assert lines == [("member", "signed", "stated"), ("ended", "", "")]


def test_two_terms_in_a_row_are_refused_by_the_statute(sofia: Organisation, sofija: Organisation, user: User) -> None:
    factories.PresidencyFactory(city=sofia, started_on=dt.date(2022, 1, 1))
    factories.PresidencyFactory(city=sofija, started_on=dt.date(2023, 1, 1))

    (obstacle,) = plan_merge(sofia, sofija).obstacles

    assert "the statute rules out two consecutive terms" in obstacle.text
    assert refusals(sofia, sofija, user) == [obstacle.text]


def test_name_of_a_third_is_refused(sofia: Organisation, user: User) -> None:
    factories.OrganisationFactory(name="Sofia", country__code="RS")
    loser = factories.OrganisationFactory(name="Sofija", country__code="RS")

    texts = refusals(sofia, loser, user, chosen={"country": True})

    assert len(texts) == 1
    assert "There is already an organisation of this name in this country" in texts[0]


def test_record_is_not_merged_into_itself(sofia: Organisation, user: User) -> None:
    with pytest.raises(MergeRefused, match="into itself"):
        merge(sofia, sofia, by=user)

    assert Organisation.objects.filter(pk=sofia.pk).exists()


@pytest.mark.parametrize("what", ["winner", "loser", "rows", "gone"])
def test_what_changed_since_it_was_seen_is_refused(
    what: str, sofia: Organisation, sofija: Organisation, user: User
) -> None:
    seen: Seen = plan_merge(sofia, sofija).seen
    if what == "winner":
        factories.OrganisationNameFactory(organisation=sofia)
    elif what == "loser":
        factories.MembershipChangeFactory(organisation=sofija)
    elif what == "rows":
        factories.AttendanceFactory(organisation=sofija)
    else:
        Organisation.objects.get(pk=sofija.pk).delete()
    before = Change.objects.version()

    with pytest.raises(MergeStale):
        merge(sofia, sofija, by=user, seen=seen)

    assert Change.objects.version() == before


# --- The loader ------------------------------------------------------------------------------------------------------


def doubled_record() -> dict[str, Any]:
    """The small record, in which Sofia stands twice; the second time with rows of every kind."""
    record = small_record()
    twin = {**record["organisations"][0], "slug": "sofija", "name": "Sofija", "website": "https://sofija.example"}
    twin["names"] = [*twin["names"], "Sredets"]
    twin["membership"] = [*twin["membership"], {"on": "2025-01-01", "status": "ended"}]
    record["organisations"].append(twin)
    record["board_seats"].append({"city": "sofija", "on": "2025-03-01", "event": "left"})
    record["presidencies"].append({"city": "sofija", "started_on": "2026-01-26"})
    record["presidencies"].append({"city": "athens", "started_on": "2025-02-24"})
    record["working_groups"][0]["participation"].append({"organisation": "sofija", "on": "2024", "role": "coordinator"})
    record["meetings"][0]["attendance"].append("sofija")
    record["meetings"][1]["sessions"][0]["attendance"].append({"organisation": "sofija", "channel": "published"})
    return record


def everything() -> dict[str, list[Any]]:
    from b40.loading.rows import KINDS

    return {kind.model._meta.label: list(kind.model._base_manager.order_by("pk").values()) for kind in KINDS}


@pytest.mark.parametrize("way", [("sofia", "sofija"), ("sofija", "sofia")], ids="-".join)
@pytest.mark.parametrize("takes", [False, True])
def test_loading_again_changes_nothing_and_brings_nothing_back(way: tuple[str, str], takes: bool, user: User) -> None:
    load(as_file(doubled_record()))
    winner, loser = (Organisation.objects.get(slug=slug) for slug in way)
    merge(winner, loser, by=user, chosen=dict.fromkeys(("name", "website"), takes))
    before, version = everything(), Change.objects.version()

    for _again in range(2):
        report = load(as_file(doubled_record()))
        assert (report.created, report.updated, dict(report.waiting)) == ([], [], {})

    assert everything() == before
    assert Change.objects.version() == version
    assert not Organisation.objects.filter(slug=way[1]).exists()


def test_file_that_names_the_one_that_went_writes_to_the_one_that_stayed(user: User) -> None:
    load(as_file(doubled_record()))
    sofia, sofija = (Organisation.objects.get(slug=slug) for slug in ("sofia", "sofija"))
    merge(sofia, sofija, by=user)
    later = {name: small_record()[name] for name in ("format", "version")}
    later["board_seats"] = [{"city": "sofija", "on": "2026-02-01", "event": "seated"}]

    report = load(as_file(later))

    assert [row.model.__name__ for row in report.created] == ["BoardSeatChange"]
    assert sofia.board_seat_changes.filter(latest=dt.date(2026, 2, 1)).exists()


def test_file_that_comes_to_name_the_one_that_went_does_not_make_it_anew(
    sofia: Organisation, sofija: Organisation, user: User
) -> None:
    merge(sofia, sofija, by=user)
    record = {name: small_record()[name] for name in ("format", "version", "countries")}
    entry = {"kind": "city", "country": "BG", "name": "Sofija"}
    record["organisations"] = [{**entry, "slug": "sofija"}, {**entry, "slug": "sofia", "name": "Sofia"}]

    load(as_file(record))

    assert list(Organisation.objects.filter(country="BG").values_list("slug", "name")) == [("sofia", "Sofia")]
    assert LoadedRecord.objects.filter(kind="members.Organisation", object_id=str(sofia.pk)).count() == 2


def test_shipped_record_loads_unchanged_after_a_merge(shipped_record: Report, user: User) -> None:
    twin = Organisation.objects.create(name="Sofija", slug="sofija", country_id="BG")
    merge(twin, Organisation.objects.get(slug="sofia"), by=user)
    version, count = Change.objects.version(), Organisation.objects.count()

    call_command("load_network", "b40/network.json", stdout=io.StringIO())

    assert (Change.objects.version(), Organisation.objects.count()) == (version, count)


# --- Likely the same -------------------------------------------------------------------------------------------------


def test_records_that_share_a_name_or_sound_alike_are_offered(sofia: Organisation, sofija: Organisation) -> None:
    factories.OrganisationNameFactory(organisation=sofia, text="София")
    twin = factories.OrganisationFactory(name="Sofiya City")
    OrganisationName.objects.create(organisation=twin, text="Софиja")
    factories.OrganisationFactory(name="Athens")

    assert set(likely_same(sofia)) == {sofija, twin}


# --- Any attendance --------------------------------------------------------------------------------------------------

ROW = st.tuples(st.sampled_from(["winner", "loser"]), st.integers(0, 2), st.integers(0, 2))
LEDGER = st.dictionaries(st.tuples(ROW, st.sampled_from(Channel.values)), st.sampled_from(Presence.values), max_size=12)


class AnyLedger(TestCase):
    """Whatever the ledger says of two records: merged, they attended what either did; refused, nothing changed."""

    @settings(max_examples=40, deadline=None)
    @given(ledger=LEDGER)
    def test_the_one_that_stays_attended_what_either_did(self, ledger: dict[Any, str]) -> None:
        cities = {"winner": factories.OrganisationFactory(), "loser": factories.OrganisationFactory()}
        cities["loser"].country = cities["winner"].country
        cities["loser"].save()
        meetings = [factories.MeetingFactory() for _ in range(3)]
        sessions = [[None, *(factories.SessionFactory(meeting=one) for _ in range(2))] for one in meetings]
        for ((side, meeting, scope), channel), presence in ledger.items():
            session = sessions[meeting][scope]
            attend(cities[side], meetings[meeting], presence, channel, session=session)
        before = {side: attended(city) for side, city in cities.items()}
        rows = Attendance.objects.count()

        try:
            merge(cities["winner"], cities["loser"], by=factories.UserFactory())
        except MergeRefused:
            assert {side: attended(city) for side, city in cities.items()} == before
            assert Attendance.objects.count() == rows
        else:
            assert attended(cities["winner"]) == before["winner"] | before["loser"]


def attended(city: Organisation) -> set[tuple[int, int | None]]:
    """The meetings and sessions that a city attended, by the ledger's rule."""
    return set(Attendance.objects.counted().filter(organisation=city).values_list("meeting", "session"))


@pytest.mark.parametrize("rows", [3, 30])
def test_reading_the_plan_costs_the_same_for_any_number_of_rows(
    rows: int, sofia: Organisation, sofija: Organisation, django_assert_num_queries: Any
) -> None:
    for _row in range(rows):
        for city in (sofia, sofija):
            ROWS["meetings.attendance.organisation"](city)
            ROWS["meetings.meeting.host_city"](city)
            ROWS["members.organisationname.organisation"](city)
            ROWS["meetings.newsitem.organisations"](city)

    with django_assert_num_queries(29):
        plan = plan_merge(sofia, sofija)

    assert sum(moving.count for moving in plan.moving) == 4 * rows
