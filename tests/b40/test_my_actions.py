"""Actions from the delegate's side: reporting on them, and who says that they are done."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from meetings.models import ActionItem, ActionReport
from members.models import Change
from tests import factories
from tests.b40.admin_rows import permitted, typed
from tests.b40.papers_cast import NOON, TODAY, answers, client_of, expect, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast():
    cast = make_cast()
    fields = {"text": "Name a contact", "due_on": TODAY + dt.timedelta(days=5)}
    cast.action = factories.ActionItemFactory(group=cast.group, owners=[cast.skopje], **fields)
    cast.page = f"/my/actions/{cast.action.pk}/"
    return cast


def report(cast, who=None, **changes):
    sent = {"organisation": cast.skopje.pk, "says": "done", "text": "Ms Petrovska is named.", "evidence_url": ""}
    return client_of(who or cast.delegate).post(cast.page, {**sent, **changes})


def settle(cast, who, **sent):
    return client_of(who).post(f"/my/reports/{ActionReport.objects.latest('pk').pk}/settle/", sent)


# --- Looking ---------------------------------------------------------------------------------------------------------


def test_action_is_seen_by_its_owners_and_its_group(cast):
    codes = {"stranger": 404, "colleague": 200, "delegate": 200, "coordinator": 200}

    assert answers(cast, cast.page) == expect(**codes)
    assert answers(cast, "/my/actions/") == expect(**dict.fromkeys(codes, 200))


def test_list_parts_overdue_open_and_closed_ones_of_my_organisations(cast):
    late = factories.ActionItemFactory(owners=[cast.skopje], due_on=TODAY - dt.timedelta(days=1))
    closed = factories.ActionItemFactory(owners=[cast.skopje], closed_on=TODAY, outcome="done")
    factories.ActionItemFactory(owners=[cast.nis], group=cast.group)

    context = client_of(cast.delegate).get("/my/actions/").context

    parts = [list(context["overdue"]), list(context["open"]), list(context["page"].object_list)]
    assert parts == [[late], [cast.action], [closed]]


# --- Reporting -------------------------------------------------------------------------------------------------------


def test_owner_reports_with_evidence_that_its_readers_alone_may_open(cast):
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.7\n%%EOF\n")
    response = report(cast, says="progress", evidence_url="example.org/letter", evidence=file)

    noted = ActionReport.objects.get()
    assert response.status_code == 302
    assert (noted.organisation, noted.by, noted.says, noted.at) == (cast.skopje, cast.delegate, "progress", NOON)
    assert noted.evidence_url == "https://example.org/letter"
    found = {}
    for who in ("public", "ended", "stranger", "colleague", "delegate", "coordinator", "staff"):
        answer = client_of(getattr(cast, who)).get(noted.evidence.url)
        found[who] = answer.status_code
        b"".join(answer.streaming_content) if answer.streaming else answer.content
    hidden = dict.fromkeys(["public", "ended", "stranger"], 404)
    assert found == {**hidden, **dict.fromkeys(["colleague", "delegate", "coordinator", "staff"], 200)}
    assert Change.objects.filter(user=cast.delegate, model="meetings.actionreport").exists()


def test_only_owners_report(cast):
    codes = {
        who: report(cast, getattr(cast, who)).status_code
        for who in ("stranger", "colleague", "coordinator", "ended", "staff")
    }

    assert codes == {"stranger": 404, "colleague": 403, "coordinator": 403, "ended": 403, "staff": 403}
    assert not ActionReport.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": ""}, "This field is required."),
        ({"evidence_url": "nothing at all"}, "Enter a valid URL."),
        ({"evidence": SimpleUploadedFile("letter.txt", b"x")}, "Documents are kept as"),
        ({"organisation": "varna"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_read_is_said_and_all_words_are_kept(cast, changes, said):
    changes = {name: cast.varna.pk if value == "varna" else value for name, value in changes.items()}

    response = report(cast, **changes)

    assert response.status_code == 422
    assert said in response.text
    assert ("Ms Petrovska is named." in response.text) == ("text" not in changes)


def test_closed_action_takes_no_report(cast):
    ActionItem.objects.update(closed_on=TODAY, outcome="dropped")

    response = report(cast)

    assert response.status_code == 422
    assert "This action was closed meanwhile" in response.text


# --- Confirming ------------------------------------------------------------------------------------------------------


def test_owners_word_closes_nothing_and_the_coordinators_does(cast):
    report(cast)
    cast.action.refresh_from_db()
    waiting = "waits to be confirmed" in client_of(cast.delegate).get("/my/actions/").text
    asked = "Name a contact" in client_of(cast.coordinator).get("/my/groups/climate/").text
    still_open = cast.action.is_open

    settle(cast, cast.coordinator, outcome="confirmed")

    cast.action.refresh_from_db()
    assert (waiting, asked, still_open) == (True, True, True)
    assert (cast.action.outcome, cast.action.closed_on, cast.action.evidence) == (
        "done",
        TODAY,
        "Ms Petrovska is named.",
    )
    assert ActionReport.objects.get().settled_by == cast.coordinator


def test_report_is_given_back_with_an_answer_that_the_owner_reads(cast):
    report(cast)
    silent = settle(cast, cast.coordinator, outcome="returned")
    settle(cast, cast.coordinator, outcome="returned", answer="The address is missing.")

    page = client_of(cast.delegate).get(cast.page).text
    assert silent.status_code == 422
    assert all(words in page for words in ("Given back, 2 March 2026.", "The address is missing.", "Report on it"))
    assert ActionItem.objects.get().is_open


def test_only_coordinators_and_the_secretariat_confirm(cast):
    report(cast)
    cities = ("stranger", "colleague", "delegate", "ended", "staff")
    codes = {who: settle(cast, getattr(cast, who), outcome="confirmed").status_code for who in cities}

    assert codes == {"stranger": 404, "colleague": 403, "delegate": 403, "ended": 403, "staff": 403}
    assert ActionItem.objects.get().is_open


def test_coordinator_does_not_confirm_what_their_own_city_owns(cast):
    cast.action.owners.add(cast.sofia)
    report(cast)

    assert settle(cast, cast.coordinator, outcome="confirmed").status_code == 403


def test_answer_that_comes_second_is_refused(cast):
    report(cast)
    settle(cast, cast.coordinator, outcome="confirmed")

    response = settle(cast, cast.coordinator, outcome="returned", answer="No.")

    assert response.status_code == 409
    assert "Somebody answered this report meanwhile" in response.text
    assert ActionItem.objects.get().outcome == "done"


def test_secretariat_confirms_in_the_admin_once(cast):
    report(cast)
    staff = client_of(permitted("elif"))
    page = f"/admin/meetings/actionreport/{ActionReport.objects.get().pk}/change/"

    staff.post(page, typed(staff.get(page), outcome="confirmed"))

    assert ActionItem.objects.get().outcome == "done"
    assert "confirmed" in staff.get(f"/admin/meetings/actionitem/{cast.action.pk}/change/").text
    assert staff.post(page, {"outcome": "returned", "answer": "No."}).status_code == 403


def test_secretariat_gives_back_only_with_an_answer(cast):
    report(cast)
    staff = client_of(permitted("elif"))
    page = f"/admin/meetings/actionreport/{ActionReport.objects.get().pk}/change/"

    response = staff.post(page, typed(staff.get(page), outcome="returned"))

    assert "Say what is still missing" in response.text
    assert ActionReport.objects.get().outcome == ""


def test_later_report_takes_the_place_of_the_word_done(cast):
    report(cast)
    report(cast, says="progress", text="Not quite yet.")

    assert not ActionReport.objects.waiting().exists()
    assert "Is it done?" not in client_of(cast.coordinator).get(cast.page).text


# --- The database, costs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("action_report_word_known", {"says": "perhaps"}),
        ("action_report_answered_by_somebody", {"says": "done", "outcome": "confirmed"}),
        ("action_report_only_done_is_answered", {"outcome": "confirmed", "settled_at": NOON, "settled_by": True}),
        ("action_report_given_back_with_an_answer", {"says": "done", "outcome": "returned", "settled_at": NOON, "settled_by": True}),
    ],
)  # fmt: skip
def test_database_refuses(name, fields):
    if fields.get("settled_by"):
        fields = {**fields, "settled_by": factories.UserFactory()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factories.ActionReportFactory(**fields)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_a_fixed_number_of_queries(cast, rows, django_assert_num_queries):
    for _number in range(rows):
        report(cast)
        factories.ActionItemFactory(owners=[cast.skopje], due_on=TODAY - dt.timedelta(days=1))
        factories.ActionItemFactory(owners=[cast.skopje], closed_on=TODAY, outcome="done")
    client = client_of(cast.delegate)

    with django_assert_num_queries(10):
        client.get("/my/actions/")
    with django_assert_num_queries(10):
        client.get(cast.page)
