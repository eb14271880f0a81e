"""A report on its way into the ledger: what is written, what is refused, done twice, and taken back; and who may."""

import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.attendance import who_attended
from meetings.models import Attendance, Delegate, ParticipantReport, Presence, RememberedMatch
from meetings.reports.applying import NotApplied, Overtaken, apply
from meetings.reports.plan import plan_of
from members.models import Change, User
from tests import factories
from tests.b40.admin_rows import client_of, secretariat_user
from tests.meetings.reports import files
from tests.meetings.reports.files import Somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return secretariat_user()


@pytest.fixture
def staff(user):
    return client_of(user)


def page(name, *args):
    return reverse(f"admin:meetings_participantreport_{name}", args=args)


def zoom(*people):
    return files.zoom_rows(people)


IVAN = Somebody("Ivan – Sofia", "", ((0, 60),))
ANA = Somebody("Ana | Skopje", "ana@gmail.com", ((5, 50),))
CLARA = Somebody("Clara", "clara@gmail.com", ((0, 30),))


def upload(client, meeting, raw, name="participants.csv", **more):
    sent = {"file": SimpleUploadedFile(name, raw), "timezone": "Europe/Sofia", "session": "", "channel": "", **more}
    return client.post(page("upload", meeting.pk), sent, follow=True)


def sent_by(answer, **chosen):
    """What a browser would send from a preview."""
    plan = answer.context["plan"]
    form = {entry.field: entry.chosen for entry in plan.entries} | {
        entry.other_field: entry.typed for entry in plan.entries
    }
    by_name = {entry.participant.name.split()[0]: entry for entry in plan.entries}
    for name, value in chosen.items():
        entry = by_name[name.removesuffix("_typed")]
        form[entry.other_field if name.endswith("_typed") else entry.field] = value
    return {**form, "digest": plan.digest, "contradicted": ",".join(map(str, plan.contradicted))}


def record(client, answer, **chosen):
    report = answer.context["report"]
    return client.post(page("record", report.pk), sent_by(answer, **chosen), follow=True)


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def ledger(meeting):
    rows = Attendance.objects.filter(meeting=meeting).order_by("organisation__key", "channel")
    return [(row.organisation.slug, row.channel, row.presence, row.mode) for row in rows]


# --- What is written -------------------------------------------------------------------------------------------------


def test_a_report_is_previewed_decided_and_recorded(staff, user, meeting, cities):
    shown = upload(staff, meeting, zoom(IVAN, ANA, CLARA))
    assert [entry.participant.name for entry in shown.context["plan"].undecided] == ["Clara"]
    assert ledger(meeting) == []

    refused = record(staff, shown)
    assert (refused.status_code, ledger(meeting)) == (409, [])
    assert "some people are still to be decided" in said(refused)

    done = record(staff, shown, Clara="nobody")

    assert "Recorded. Organisations: 2 added, 0 changed, 0 as they were." in said(done)
    assert ledger(meeting) == [("skopje", "zoom", "present", "online"), ("sofia", "zoom", "present", "online")]
    row = Attendance.objects.get(organisation=cities["skopje"])
    delegate = row.delegates.get()
    times = [at.astimezone(plan_zone()).strftime("%H:%M") for at in (row.arrived_at, row.left_at)]
    assert (times, row.recorded_by) == (["13:05", "13:50"], user)
    assert (delegate.name, delegate.email, delegate.minutes) == ("Ana | Skopje", "ana@gmail.com", 45)
    assert {attendee.organisation.slug for attendee in who_attended(meeting).cities} == {"sofia", "skopje"}
    report = ParticipantReport.objects.get()
    assert {change.reason for change in Change.objects.filter(batch=report.batch)} == {
        "participant report participants.csv"
    }
    assert "Clara" in done.content.decode()


def plan_zone():
    import zoneinfo

    return zoneinfo.ZoneInfo("Europe/Sofia")


def test_a_report_of_a_session_is_written_there(staff, meeting, cities):
    session = factories.SessionFactory(meeting=meeting)

    record(staff, upload(staff, meeting, zoom(IVAN), session=session.pk))

    assert Attendance.objects.get().session == session


def test_decisions_are_remembered_and_asked_first_the_next_time(staff, user, meeting, cities):
    shown = upload(staff, meeting, zoom(IVAN, CLARA, Somebody("iPhone"), Somebody("Vesna")))
    record(
        staff,
        shown,
        Ivan=f"take-{cities['plovdiv'].pk}",
        Clara="nobody",
        iPhone=f"take-{cities['sofia'].pk}",
        Vesna="ignore",
    )

    kept = RememberedMatch.objects.order_by("key")
    assert [(one.name, one.email, one.organisation) for one in kept] == [
        ("Clara", "clara@gmail.com", None),
        ("Ivan – Sofia", "", cities["plovdiv"]),
    ]
    plan = upload(
        staff,
        factories.MeetingFactory(),
        zoom(Somebody("IVAN - Sofia (Guest)"), Somebody("C.", "CLARA@gmail.com"), Somebody("Vesna")),
    ).context["plan"]
    assert [entry.chosen for entry in plan.entries] == [f"take-{cities['plovdiv'].pk}", "nobody", ""]
    assert plan.entries[0].finding.reason.startswith("Decided before, by elif on ")


def test_a_typed_name_is_shown_before_it_is_recorded(staff, meeting, cities):
    shown = upload(staff, meeting, zoom(CLARA))

    unknown = record(staff, shown, Clara_typed="Nowhere")
    assert "is not in the register" in unknown.content.decode()
    typed = record(staff, unknown, Clara_typed="Никшич")
    assert (typed.status_code, ledger(meeting)) == (409, [])
    assert typed.context["plan"].entries[0].organisation == cities["niksic"]
    record(staff, typed, Clara_typed="")

    assert ledger(meeting) == [("niksic", "zoom", "present", "online")]


def test_choices_are_shown_anew_without_being_recorded(staff, meeting, cities):
    shown = upload(staff, meeting, zoom(CLARA))

    answer = staff.post(
        page("record", shown.context["report"].pk), {**sent_by(shown, Clara=f"take-{cities['sofia'].pk}"), "look": "1"}
    )

    assert [row.organisation.slug for row in answer.context["plan"].rows] == ["sofia"]
    assert (answer.status_code, ledger(meeting)) == (200, [])


@pytest.mark.parametrize("value", ["take-999999", "take-²", "take-", "everybody", "take-1-2"])
def test_a_choice_that_is_none_is_asked_again(staff, meeting, cities, value):
    answer = record(staff, upload(staff, meeting, zoom(IVAN)), Ivan=value)

    assert (answer.status_code, ledger(meeting)) == (409, [])


# --- Beside what is there --------------------------------------------------------------------------------------------


def test_rows_of_other_sources_are_never_touched_and_contradictions_shown_first(staff, meeting, cities):
    theirs = factories.AttendanceFactory(
        meeting=meeting, organisation=cities["sofia"], presence="absent", channel="secretariat"
    )
    factories.AttendanceFactory(meeting=meeting, organisation=cities["sofia"], presence="present", channel="press")
    before = Change.objects.version()

    shown = upload(staff, meeting, zoom(IVAN, CLARA))
    assert "The secretariat has recorded “absent”, and its word counts" in shown.content.decode()
    done = record(staff, shown, Clara="nobody")

    assert ("sofia", "secretariat", "absent", "") in ledger(meeting)
    assert ("sofia", "zoom", "present", "online") in ledger(meeting)
    assert not Change.objects.filter(record=f"meetings.attendance:{theirs.pk}", pk__gt=before).exists()
    assert "its word counts" in done.content.decode()
    assert [attendee.attended for attendee in who_attended(meeting).attendees] == [False]


def test_a_contradiction_that_a_choice_brings_is_shown_before_it_is_recorded(staff, meeting, cities):
    factories.AttendanceFactory(
        meeting=meeting, organisation=cities["sofia"], presence="excused", channel="secretariat"
    )
    shown = upload(staff, meeting, zoom(CLARA))

    asked = record(staff, shown, Clara=f"take-{cities['sofia'].pk}")
    assert (asked.status_code, len(ledger(meeting))) == (409, 1)
    assert "has recorded “excused”" in asked.content.decode()
    record(staff, asked)

    assert len(ledger(meeting)) == 2


def test_a_second_report_widens_the_row_of_the_same_program(staff, meeting, cities):
    record(staff, upload(staff, meeting, zoom(Somebody("Ivan – Sofia", "", ((10, 40),)))))
    record(
        staff,
        upload(
            staff,
            meeting,
            zoom(Somebody("Ivan – Sofia", "", ((50, 80),)), Somebody("Georgi – Sofia", "", ((0, 20),))),
            "second.csv",
        ),
    )

    row = Attendance.objects.get()
    assert (row.left_at - row.arrived_at).seconds == 80 * 60
    assert [(one.name, one.minutes) for one in row.delegates.all()] == [("Georgi – Sofia", 20), ("Ivan – Sofia", 60)]


def test_a_row_of_the_program_that_is_there_is_updated(staff, meeting, cities):
    factories.AttendanceFactory(meeting=meeting, organisation=cities["sofia"], presence="absent", channel="zoom")

    done = record(staff, upload(staff, meeting, zoom(IVAN)))

    assert "Organisations: 0 added, 1 changed" in said(done)
    assert Attendance.objects.get().presence == Presence.PRESENT


# --- Twice, meanwhile, and back --------------------------------------------------------------------------------------


def test_the_same_file_a_second_time_changes_nothing_and_says_so(staff, meeting, cities):
    raw = zoom(IVAN, ANA)
    record(staff, upload(staff, meeting, raw))
    before = (Change.objects.version(), ledger(meeting))

    again = upload(staff, meeting, raw, "renamed.csv", timezone="Europe/Istanbul")

    assert "This very file is recorded already: nothing was changed." in said(again)
    assert (Change.objects.version(), ledger(meeting)) == before
    assert ParticipantReport.objects.get().timezone == "Europe/Sofia"


def test_the_same_people_in_another_file_change_nothing_and_it_says_so(staff, meeting, cities):
    record(staff, upload(staff, meeting, zoom(IVAN, ANA)))
    before = Change.objects.version()

    answer = record(staff, upload(staff, meeting, zoom(ANA, IVAN)))

    assert "The ledger says all of this already: nothing was written to it." in said(answer)
    assert Change.objects.version() == before


def test_recording_twice_from_one_preview_writes_once(staff, meeting, cities):
    shown = upload(staff, meeting, zoom(IVAN))
    record(staff, shown)
    before = Change.objects.version()

    again = record(staff, shown)

    assert again.status_code == 409
    assert "The record changed since this page was shown" in said(again)
    assert Change.objects.version() == before


@pytest.mark.parametrize("what", ["ledger", "register", "decision"])
def test_what_changed_since_the_preview_is_refused_and_choices_stand(staff, meeting, cities, what):
    shown = upload(staff, meeting, zoom(IVAN, CLARA))
    if what == "ledger":
        factories.AttendanceFactory(meeting=meeting, organisation=cities["sofia"], presence="absent")
    elif what == "register":
        factories.MandateFactory(organisation=cities["skopje"], email="clara@gmail.com")
    else:
        factories.RememberedMatchFactory(name="Clara", organisation=cities["izmir"])
    before = ledger(meeting)

    answer = record(staff, shown, Clara="nobody")

    assert (answer.status_code, ledger(meeting)) == (409, before)
    assert "The record changed since this page was shown" in said(answer)
    assert {entry.participant.name: entry.chosen for entry in answer.context["plan"].entries}["Clara"] == "nobody"
    assert record(staff, answer).status_code == 200
    assert ("sofia", "zoom", "present", "online") in ledger(meeting)


def test_a_report_is_taken_back_whole_and_recorded_again(staff, meeting, cities):
    kept = factories.AttendanceFactory(meeting=meeting, organisation=cities["sofia"], presence="absent", channel="zoom")
    shown = upload(staff, meeting, zoom(IVAN, ANA))
    done = record(staff, shown)
    report = done.context["report"]

    back = staff.post(page("take_back", report.pk), follow=True)

    kept.refresh_from_db()
    assert "4 records are as they were before." in said(back)
    assert (ledger(meeting), Delegate.objects.count()) == ([("sofia", "zoom", "absent", "")], 0)
    assert (kept.arrived_at, kept.left_at) == (None, None)
    again = record(staff, back)
    assert "1 changed" in said(again)
    assert "is not in the ledger" not in said(again)


def test_nothing_is_taken_back_twice_or_over_what_others_did_since(staff, meeting, cities):
    report = record(staff, upload(staff, meeting, zoom(IVAN, ANA))).context["report"]
    row = Attendance.objects.get(organisation=cities["sofia"])
    stranger = Delegate.objects.create(attendance=row, name="Added by hand")

    refused = staff.post(page("take_back", report.pk), follow=True)
    assert "Others were added to its rows since: Added by hand." in said(refused)
    assert len(ledger(meeting)) == 2

    stranger.delete()
    row.presence = Presence.EXCUSED
    row.save()
    refused = staff.post(page("take_back", report.pk), follow=True)
    assert "“Sofia: excused” was changed since" in said(refused) or "was changed since" in said(refused)

    row.presence = Presence.PRESENT
    other = record(staff, upload(staff, factories.MeetingFactory(), zoom(IVAN), "other.csv")).context["report"]
    staff.post(page("take_back", other.pk))
    assert "is not in the ledger" in said(staff.post(page("take_back", other.pk), follow=True))


def test_a_failure_in_the_last_row_leaves_nothing(staff, meeting, cities, monkeypatch):
    saved = []

    def save(self, *args, **kwargs):
        saved.append(self)
        if len(saved) == 2:
            raise RuntimeError("the database is away")
        super(Delegate, self).save(*args, **kwargs)

    monkeypatch.setattr(Delegate, "save", save)
    shown = upload(staff, meeting, zoom(IVAN, ANA))

    with pytest.raises(RuntimeError):
        record(staff, shown)

    assert (ledger(meeting), Delegate.objects.count(), ParticipantReport.objects.get().batch) == ([], 0, None)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_record_at_once_write_once(meeting, cities):
    report = factories.ParticipantReportFactory(meeting=meeting, raw=zoom(IVAN, ANA))
    sent = {"digest": plan_of(report).digest}
    people = [User.objects.create_user(name) for name in ("elif", "vasil")]
    start, done = threading.Barrier(2), []

    def run(user):
        start.wait()
        try:
            done.append(apply(report, sent, by=user).count("new"))
        except NotApplied as refusal:
            done.append(type(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done, key=str) == [2, Overtaken]
    assert Attendance.objects.count() == 2


# --- Files that are none, and warnings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"%PDF-1.7", "This is a PDF file"),
        (b"Dear all", "No list of participants was found"),
        (b"Name,Join Time\n", "names no participants"),
    ],
)
def test_a_broken_file_is_told_in_one_message_and_nothing_is_kept(staff, meeting, raw, message):
    answer = upload(staff, meeting, raw)

    assert message in answer.content.decode()
    assert answer.content.decode().count('class="errorlist"') == 1
    assert ParticipantReport.objects.count() == 0


def test_a_file_that_does_not_tell_its_program_is_asked_for_it(staff, meeting, cities):
    raw = files.file_of("german")

    assert "choose one" in upload(staff, meeting, raw).content.decode()
    assert upload(staff, meeting, raw, channel="teams").context["report"].channel == "teams"


def test_times_outside_the_session_are_warned_of_and_another_zone_mends_it(staff, meeting, cities):
    starts = files.START.replace(tzinfo=plan_zone())
    session = factories.SessionFactory(meeting=meeting, starts_at=starts, ends_at=starts.replace(hour=14))
    raw = zoom(IVAN)

    wrong = upload(staff, meeting, raw, session=session.pk, timezone="Europe/Lisbon")
    assert "lie outside the session (9 April 2025, 13:00 to 9 April 2025, 14:00)" in wrong.content.decode()
    right = upload(staff, meeting, raw, session=session.pk)

    assert right.context["plan"].warnings == []
    assert ParticipantReport.objects.get().timezone == "Europe/Sofia"


def test_other_oddities_are_warned_of(staff, meeting, cities):
    record(staff, upload(staff, meeting, zoom(IVAN)))
    later = factories.MeetingFactory(start_on=files.START.date().replace(month=6), timezone="Europe/Sofia")

    warnings = upload(staff, later, zoom(IVAN), channel="teams").context["plan"].warnings

    assert re.sub(r"on 20\S+,", "on DAY", " ".join(warnings)) == (
        "The file looks like a Zoom report; you chose Teams report. "
        "Its times, 9 April 2025, 13:00 to 9 April 2025, 14:00, lie outside the meeting's days (9 June 2025). Is it the right file? "
        "This very file was recorded for “Round” on DAY too."
    )


# --- Who may, and what it costs --------------------------------------------------------------------------------------


def pages_of(report):
    shown = [page("upload", report.meeting_id), page("preview", report.pk), page("file", report.pk)]
    return shown, [page("record", report.pk), page("take_back", report.pk)]


def test_strangers_are_sent_to_the_login_and_staff_without_rights_refused(client, cities):
    shown, sent = pages_of(factories.ParticipantReportFactory())
    newcomer = client_of(User.objects.create_user("newcomer", password="a-long-password", is_staff=True))

    for each in shown:
        assert client.get(each)["Location"].startswith("/account/login/")
        assert newcomer.get(each).status_code == 403
    for each in sent:
        assert client.post(each)["Location"].startswith("/account/login/")
        assert newcomer.post(each).status_code == 403


def test_what_writes_is_sent_and_what_is_not_there_is_not_found(staff, cities):
    _shown, sent = pages_of(factories.ParticipantReportFactory())

    assert [staff.get(each).status_code for each in sent] == [405, 405]
    assert staff.get(page("preview", 999)).status_code == 404
    assert staff.get(page("upload", 999)).status_code == 404


def test_the_file_is_given_back_as_it_was_and_never_shown(staff):
    report = factories.ParticipantReportFactory(file_name='<b>"1".csv', raw=b"<script>alert(1)</script>")

    answer = staff.get(page("file", report.pk))

    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="_b__1_.csv"'


def test_names_of_people_stay_text(staff, meeting, cities):
    answer = upload(staff, meeting, zoom(Somebody("<script>alert(1)</script> – Sofia")))

    assert "<script>alert" not in answer.content.decode()


def test_nobody_outside_sees_names_of_a_report(client, staff, meeting, cities):
    record(staff, upload(staff, meeting, zoom(IVAN, ANA)))

    public = client.get(meeting.get_absolute_url()).content.decode()

    assert "Skopje" in public
    assert "Ana |" not in public
    assert "ana@gmail.com" not in public


def test_the_workspace_leads_to_the_upload_for_those_who_may(staff, meeting):
    address = page("upload", meeting.pk)

    assert address in staff.get(reverse("admin:meetings_meeting_workspace", args=[meeting.pk])).content.decode()


@pytest.mark.parametrize("number", [3, 80])
def test_a_preview_costs_the_same_for_any_number(staff, meeting, django_assert_num_queries, number):
    people = [Somebody(f"Ana {n} - Grad{n}", f"a{n}@gmail.com") for n in range(number)]
    for n in range(number):
        city = factories.OrganisationFactory(name=f"Grad{n}")
        factories.AttendanceFactory(meeting=meeting, organisation=city, channel="zoom")
    shown = upload(staff, meeting, zoom(*people))

    with django_assert_num_queries(16):
        answer = staff.get(page("preview", shown.context["report"].pk))

    assert answer.context["plan"].count("changed") == number


def test_recording_costs_a_few_queries_for_each_organisation_and_no_more(user, meeting):
    queries = {number: queries_of_recording(user, factories.MeetingFactory(), number) for number in (2, 12, 80)}

    each = (queries[12] - queries[2]) / 10
    assert each <= 16
    assert queries[80] - queries[12] == 68 * each


def queries_of_recording(user, meeting, number):
    people = [Somebody(f"Ana {n} - Grad{number}x{n}") for n in range(number)]
    for n in range(number):
        factories.OrganisationFactory(name=f"Grad{number}x{n}")
    report = factories.ParticipantReportFactory(meeting=meeting, raw=zoom(*people))
    sent = {"digest": plan_of(report).digest}
    with CaptureQueriesContext(connection) as captured:
        apply(report, sent, by=user)
    assert Attendance.objects.filter(meeting=meeting).count() == number
    return len(captured)
