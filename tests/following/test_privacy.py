"""What is held about people: they can read it, be named or not, be erased everywhere, and it is not kept for ever."""

import datetime as dt
import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from b40.privacy.erasing import erase_person
from b40.privacy.holding import holdings_of
from b40.privacy.retention import RULES, apply_retention
from meetings import mail
from meetings.following.own_calendar import make_link
from meetings.models import (
    AnnouncedDelegate,
    CheckIn,
    Delegate,
    Invitation,
    Letter,
    ParticipantReport,
    RememberedMatch,
    Subscription,
)
from members.consenting import ask_to_be_erased, give_consent, refuse_erasure, withdraw_consent
from members.history import acting
from members.models import Change, Consent, DeadAddress, ErasureRequest, Mandate, Person, Purpose, User
from tests import factories
from tests.b40.admin_rows import client_of, secretariat_user
from tests.following.cast import delegate

pytestmark = pytest.mark.django_db

NAME = "Мария Петрова"
ADDRESS = "maria@sofia.example"


@pytest.fixture
def elif_():
    return factories.UserFactory(username="elif", staff=True)


@pytest.fixture
def sofia():
    return factories.MembershipChangeFactory(organisation=factories.OrganisationFactory(name="Sofia")).organisation


@pytest.fixture
def maria(sofia):
    return delegate(sofia, name=NAME, email=ADDRESS)


@pytest.fixture
def traces(maria, sofia, elif_):
    """Everything that the record may hold about somebody, made by somebody else, and changed since."""
    person, mandate = maria.person, maria.person.mandates.get()
    with acting(user=elif_):
        mandate.phone, mandate.note = "+359 2 000", f"Call {NAME} before nine"
        mandate.save()
        person.save()
        meeting = factories.MeetingFactory(status="held", report=f"<p>{NAME.upper()} spoke of shade.</p>", slug="round")
        session = factories.SessionFactory(meeting=meeting)
        row = factories.AttendanceFactory(meeting=meeting, organisation=sofia)
        factories.DelegateFactory(attendance=row, name=NAME, person=person, email=ADDRESS.upper())
        factories.DelegateFactory(attendance=row, name="M. Petrova", email=ADDRESS)
        factories.DelegateFactory(attendance=row, name="Ivan Ivanov", email="ivan@sofia.example")
        CheckIn.objects.create(
            session=session, organisation=sofia, name=NAME, email=ADDRESS, checked_in_at=timezone.now()
        )
        invitation = factories.InvitationFactory(
            meeting=meeting, organisation=sofia, coming="yes", answered_at=timezone.now(), answered_by=NAME
        )
        factories.InviteeFactory(invitation=invitation, name=NAME, address=ADDRESS, mandate=mandate)
        announced = AnnouncedDelegate.objects.create(invitation=invitation, name=NAME, function="Head", email=ADDRESS)
        announced.function = f"Head, {NAME}"
        announced.save()
        factories.LetterFactory(address=ADDRESS, name=NAME, mandate=mandate, text=f"Dear {NAME},")
        factories.LetterFactory(address="ivan@sofia.example", text=f"{NAME} comes too, write to {ADDRESS}.")
        RememberedMatch.objects.create(name=NAME, email=ADDRESS, organisation=sofia)
        DeadAddress.objects.create(address=ADDRESS, reason=f"<{ADDRESS}> unknown")
        raw = f"Name,Email\n{NAME},{ADDRESS}\n".encode("utf-16")
        factories.ParticipantReportFactory(meeting=meeting, raw=raw)
        factories.NewsItemFactory(title=f"{NAME} visits Skopje", text=f"<p>{NAME}, of Sofia.</p>")
        factories.SubscriptionFactory(address=ADDRESS, user=maria)
    give_consent(person, Purpose.PUBLIC_NAME)
    make_link(maria)
    with acting(user=maria):
        sofia.save()
        factories.SourceFactory(title="Seen by Maria")
    ask_to_be_erased(person)
    return person


def everything():
    """Every value of every column of every table, as one text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [f"{table}: {as_text(value)}" for value in row]
    return found


def as_text(value):
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        return raw.decode("utf-16" if raw[:2] == b"\xff\xfe" else "utf-8", "replace").lower()
    if isinstance(value, str) and "\\u" in value:  # SQLite keeps JSON with escapes
        value = json.dumps(json.loads(value), ensure_ascii=False)
    return (json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)).lower()


def mentions(*words):
    return [text for text in everything() if any(word.lower() in text for word in words)]


def counts():
    """How many rows the record has, and how many cities and people were where."""
    rows = {
        model.__name__: model.objects.count()
        for model in (Delegate, Invitation, CheckIn, AnnouncedDelegate, Letter, Mandate, Person)
    }
    attended = list(Delegate.objects.order_by("pk").values_list("attendance__meeting", "attendance__organisation"))
    return rows, attended, list(Invitation.objects.order_by("pk").values_list("coming", flat=True))


# --- Erasing ---------------------------------------------------------------------------------------------------------


def test_no_table_no_file_and_no_history_holds_name_or_address_any_more(
    traces, elif_, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.EMAIL_FILE_PATH = tmp_path
    (tmp_path / "one.log").write_text(f"To: {ADDRESS}\n")
    (tmp_path / "two.log").write_text("To: ivan@sofia.example\n")
    before = counts()
    assert len(mentions(NAME, ADDRESS)) > 30, "otherwise this test proves nothing"

    with django_capture_on_commit_callbacks(execute=True):
        erase_person(traces, by=elif_)

    assert mentions(NAME, ADDRESS, "M. Petrova", "mariia petrova", "+359 2 000") == []
    assert counts() == before
    assert [path.name for path in tmp_path.iterdir()] == ["two.log"]


def test_others_stay_as_they_were(traces, elif_):
    erase_person(traces, by=elif_)

    assert Delegate.objects.filter(name="Ivan Ivanov", email="ivan@sofia.example").exists()
    letter = Letter.objects.get(address="ivan@sofia.example")
    assert letter.text.startswith(f"Erased person {traces.pk} comes too")


def test_account_is_closed_and_what_it_wrote_stays_under_a_neutral_word(traces, maria, elif_, client):
    client.force_login(maria)
    written = Change.objects.filter(user=maria).count()

    erase_person(traces, by=elif_)

    assert client.get("/my/").status_code == 302
    assert not User.objects.filter(pk=maria.pk).exists()
    assert Change.objects.filter(actor=f"Erased person {traces.pk}").count() >= written > 0
    assert not Subscription.objects.filter(address=ADDRESS).exists()


def test_account_that_the_record_names_as_a_writer_stays_as_an_empty_shell(maria, elif_):
    factories.SnapshotFactory(taken_by=maria)

    erase_person(maria.person, by=elif_)

    maria.refresh_from_db()
    assert (maria.username, maria.email, maria.is_active, maria.person) == (f"erased-{maria.pk}", "", False, None)
    assert mentions(NAME, ADDRESS) == []


def test_a_closed_meeting_is_no_hiding_place(maria, sofia, elif_):
    row = factories.AttendanceFactory(meeting=factories.MeetingFactory(status="held"), organisation=sofia)
    factories.DelegateFactory(attendance=row, name=NAME, email=ADDRESS)
    row.meeting.status = "closed"
    row.meeting.save()

    erase_person(maria.person, by=elif_)

    assert Delegate.objects.get().name == f"Erased person {maria.person.pk}"


def test_letter_that_waits_is_not_sent(maria, elif_):
    letter = factories.LetterFactory(address=ADDRESS, mailing__released=True)

    erase_person(maria.person, by=elif_)

    letter.refresh_from_db()
    assert (letter.failed_at is not None, letter.text) == (True, "")


def test_somebody_of_the_same_name_is_not_touched(maria, elif_):
    skopje = factories.OrganisationFactory(name="Skopje")
    other = delegate(skopje, name=NAME, email="maria@skopje.example")
    row = factories.AttendanceFactory(organisation=skopje)
    theirs = factories.DelegateFactory(attendance=row, name=NAME)

    done = erase_person(maria.person, by=elif_)

    theirs.refresh_from_db()
    other.person.refresh_from_db()
    assert (done.is_common_name, theirs.name, other.person.name) == (True, NAME, NAME)
    assert mentions(ADDRESS) == []


@pytest.mark.parametrize("why", ["office", "mayor", "staff"])
def test_who_is_part_of_the_public_record_is_refused_with_the_reason(maria, elif_, why):
    person = maria.person
    if why == "office":
        factories.OfficeChangeFactory(person=person)
    elif why == "mayor":
        factories.MandateFactory(person=person, role="mayor")
    else:
        maria.is_staff = True
        maria.save()

    with pytest.raises(ValidationError, match="public|staff"):
        erase_person(person, by=elif_)

    assert Person.objects.get(pk=person.pk).name == NAME
    assert maria.mandates().exists()


def test_when_something_goes_wrong_nothing_was_done(traces, elif_, monkeypatch):
    monkeypatch.setattr("b40.privacy.erasing.sweep", lambda wording: 1 / 0)
    before = sorted(everything())

    with pytest.raises(ZeroDivisionError):
        erase_person(traces, by=elif_)

    assert sorted(everything()) == before


def test_secretariat_finds_the_request_and_erases(traces):
    staff = client_of(secretariat_user("secretary"))
    request = ErasureRequest.objects.get()
    page = f"/admin/members/erasurerequest/{request.pk}/change/"

    assert page in staff.get("/admin/").text
    assert "Delegates present: 2" in staff.get(page).text
    assert staff.get(page.replace("change", "erase")).status_code == 403
    staff.post(page.replace("change", "erase"))

    request.refresh_from_db()
    assert request.decided_at is not None
    assert mentions(NAME, ADDRESS) == []
    assert page not in staff.get("/admin/").text


def test_refusal_needs_a_reason_and_is_shown_to_who_asked(maria, elif_, client):
    request = ask_to_be_erased(maria.person)
    with pytest.raises(ValidationError):
        refuse_erasure(request, by=elif_, reason=" ")

    staff = client_of(secretariat_user("secretary"))
    staff.post(f"/admin/members/erasurerequest/{request.pk}/refuse/", {"reason": "Your mandate runs until June."})

    client.force_login(maria)
    assert "Your mandate runs until June." in client.get("/my/privacy/").text


def test_who_may_not_decide_cannot(maria):
    request = ask_to_be_erased(maria.person)
    stranger = client_of(factories.UserFactory(username="guest", staff=True))

    assert stranger.post(f"/admin/members/erasurerequest/{request.pk}/erase/").status_code == 403
    assert Person.objects.get(pk=maria.person.pk).name == NAME


# --- Own data --------------------------------------------------------------------------------------------------------


def test_file_holds_all_of_mine_and_nothing_of_others(traces, maria, client):
    other = delegate(factories.OrganisationFactory(), name="Ana Kovač", email="ana@example.org")
    factories.ConsentFactory(person=other.person)
    client.force_login(maria)

    answer = client.get("/my/privacy/data.json")
    held = json.loads(answer.content)

    assert answer["Content-Disposition"] == 'attachment; filename="b40-my-data.json"'
    assert {key for key, rows in held.items() if rows} >= {
        "account", "calendar_links", "changes", "person", "mandates", "present", "check_ins", "announced", "answers",
        "invitations", "letters", "recognised", "dead_addresses", "subscriptions", "consents", "erasure_requests",
    }  # fmt: skip
    assert held["mandates"][0]["phone"] == "+359 2 000"
    assert [row["name"] for row in held["present"]] == [NAME, "M. Petrova"]
    assert "ana" not in answer.text.lower().replace("banana", "")
    assert maria.calendar_links.get().key not in answer.text, "a key is nobody's to hand out"
    assert NAME in client.get("/my/privacy/data.html").text
    assert client.get("/my/privacy/data.csv").status_code == 404


@pytest.mark.parametrize("number", [1, 6])
def test_reading_it_costs_the_same_for_any_number_of_rows(maria, sofia, number, django_assert_num_queries):
    for _each in range(number):
        row = factories.AttendanceFactory(organisation=sofia)
        factories.DelegateFactory(attendance=row, name=NAME, person=maria.person)
        factories.LetterFactory(address=ADDRESS, mandate=maria.person.mandates.get())

    with django_assert_num_queries(27):
        holdings_of(maria)


def test_staff_without_a_person_see_their_account_alone(elif_, client):
    client.force_login(elif_)

    assert client.get("/my/privacy/").status_code == 200
    assert client.post("/my/privacy/consent/").status_code == 404
    assert client.post("/my/privacy/erasure/").status_code == 404


# --- Consent ---------------------------------------------------------------------------------------------------------


def test_name_stands_on_the_group_s_page_only_with_consent_and_while_the_mandate_holds(sofia, client):
    group = factories.WorkingGroupFactory(slug="climate")
    factories.ParticipationChangeFactory(group=group, organisation=sofia)
    maria = delegate(sofia, groups=[group], name=NAME, email=ADDRESS)
    browser = client_of(maria)

    def is_named():
        return NAME in client.get("/working-groups/climate/").text

    seen = [is_named()]
    browser.post("/my/privacy/consent/", {"public_name": "yes"})
    seen.append(is_named())
    browser.post("/my/privacy/consent/")
    seen.append(is_named())
    browser.post("/my/privacy/consent/", {"public_name": "yes"})
    mandate = maria.person.mandates.get()
    mandate.ends_on = timezone.localdate() - dt.timedelta(days=1)
    mandate.save()
    seen.append(is_named())

    assert seen == [False, True, False, False]


def test_consents_are_kept_with_their_wording_and_when_they_were_taken_back(maria):
    first = give_consent(maria.person, Purpose.PUBLIC_NAME)
    assert give_consent(maria.person, Purpose.PUBLIC_NAME) == first
    withdraw_consent(maria.person, Purpose.PUBLIC_NAME)
    give_consent(maria.person, Purpose.PUBLIC_NAME)

    assert [bool(each.withdrawn_at) for each in Consent.objects.order_by("pk")] == [True, False]
    assert {each.text_version for each in Consent.objects.all()} == {"2026-11"}


# --- Retention -------------------------------------------------------------------------------------------------------


@pytest.fixture
def old(maria, sofia):
    """One row of each kind that has been kept long enough, and one that has not."""
    now = timezone.now()
    for days in (1, 1000):
        then = now - dt.timedelta(days=days)
        factories.LetterFactory(mailing__released=True, sent_at=then, text="Dear all")
        factories.CheckInFactory(checked_in_at=then)
        factories.ParticipantReportFactory(uploaded_at=then)
        factories.SubscriptionFactory(asked=True, asked_at=then)
        factories.SubscriptionFactory(confirmed_at=then, unsubscribed_at=then)
        factories.DigestFactory(written_at=then)
        user = factories.UserFactory()
        user.calendar_links.create(created_at=then, revoked_at=then)
        mandate = factories.MandateFactory(email=f"former-{days}@example.org", ends_on=then.date())
        mandate.account_invitations.create(
            address=f"invited-{days}@example.org", key=f"{days:032}", invited_by=user,
            invited_at=then - dt.timedelta(days=1), expires_at=then,
        )  # fmt: skip


RULED = {rule.key for rule in RULES} - {"sessions"}


def test_dry_run_tells_the_same_and_changes_nothing(old):
    before = sorted(everything())
    told = {line.key: line.number for line in apply_retention(dry_run=True)}

    assert told == {**dict.fromkeys(RULED, 1), "sessions": 0}
    assert sorted(everything()) == before


def test_what_was_kept_long_enough_goes_and_the_rest_stays(old):
    first = {line.key: line.number for line in apply_retention()}
    second = {line.key: line.number for line in apply_retention()}

    assert first == {**dict.fromkeys(RULED, 1), "sessions": 0}
    assert set(second.values()) == {0}
    assert sorted(Letter.objects.values_list("text", flat=True)) == ["", "Dear all"]
    assert mentions("former-1000@", "invited-1000@") == [], "nor does the history hold it"
    assert mentions("former-1@")
    assert mentions("invited-1@")


def test_file_of_a_report_goes_and_what_it_wrote_stays(elif_):
    then = timezone.now() - dt.timedelta(days=1000)
    report = factories.ParticipantReportFactory(
        uploaded_at=then, batch="00000000-0000-0000-0000-000000000001", applied_at=then, applied_by=elif_,
        outcome={"rows": [{"organisation": "Sofia", "state": "new", "people": [{"name": NAME}], "contradiction": ""}]},
    )  # fmt: skip
    digest = report.sha256

    apply_retention()

    report.refresh_from_db()
    assert (bytes(report.raw), report.sha256) == (b"", digest)
    assert report.outcome["rows"][0] == {"organisation": "Sofia", "state": "new", "people": [], "contradiction": ""}
    assert ParticipantReport.objects.count() == 1


def test_letter_whose_text_is_gone_is_not_sent_again(elif_):
    letter = factories.LetterFactory(mailing__released=True, failed_at=timezone.now(), text="")

    with pytest.raises(ValidationError, match="no longer kept"):
        mail.send_again(letter, by=elif_)
    assert mail.repeatable(letter.mailing) == []


def test_command_reports_what_it_did(old):
    out = io.StringIO()
    call_command("apply_retention", "--dry-run", stdout=out)
    dry = out.getvalue()
    assert "texts of letters that were sent or given up, older than 365 days: 1\n" in dry
    assert dry.endswith("Nothing was changed.\n")

    call_command("apply_retention", stdout=(out := io.StringIO()))
    assert out.getvalue() + "Nothing was changed.\n" == dry


def test_every_kind_has_its_time_and_the_public_page_says_it(client, settings):
    assert {rule.key for rule in RULES} == set(settings.RETENTION)
    settings.RETENTION = {**settings.RETENTION, "check_ins": 91}

    assert "91 days" in client.get("/privacy/").text
