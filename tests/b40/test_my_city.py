"""One's own organisation on its own pages: who sees what, proposing for the public page, the secretariat's answer, leaks."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from meetings.models import Meeting
from members.models import Change, Mandate, ProposedChange
from members.proposing import waiting_for
from tests import factories
from tests.b40.admin_rows import address, secretariat_user
from tests.cast import client_of, delegate
from tests.factories import picture_file

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
TODAY = NOON.date()
SECRET = "Градът на седемте хълма"


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def sofia():
    change = factories.MembershipChangeFactory(
        organisation__name="Sofia", organisation__slug="sofia", how="signed in Sofia"
    )
    city = change.organisation
    city.description, city.website = "A city", "https://sofia.example.org"
    city.save()
    factories.OrganisationNameFactory(organisation=city, text="София", language="bg", is_native=True)
    return city


@pytest.fixture
def maria(sofia):
    return delegate(sofia)


@pytest.fixture
def staff():
    return client_of(secretariat_user())


def picture(**size):
    return SimpleUploadedFile("p.png", picture_file(**size).read(), "image/png")


def form_of(client, page):
    """What a browser would send back from a form page, untouched."""
    response = client.get(page)
    form = response.context["form"]
    sent = {"shown": response.context["shown"]}
    for field in form:
        value = field.value()
        if field.name not in ("emblem", "photo") and not field.name.endswith("_gone"):
            sent[field.name] = "\n".join(value) if isinstance(value, list) else value or ""
    return sent


def propose(client, **changes):
    page = "/my/city/sofia/edit/"
    return client.post(page, {**form_of(client, page), **changes})


# --- Who comes in ----------------------------------------------------------------------------------------------------

PAGES = ["", "edit/", "brief/", "brief.pdf"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_a_city_are_for_its_delegates_of_the_day(sofia, maria, page, client):
    other = delegate(factories.OrganisationFactory())
    former = delegate(sofia, ends_on=TODAY - dt.timedelta(days=1))
    coming = delegate(sofia, starts_on=TODAY + dt.timedelta(days=1))
    both = delegate(sofia, ends_on=TODAY - dt.timedelta(days=1))
    factories.MandateFactory(person=both.person)  # ended here, holds elsewhere
    people = {"own": maria, "other": other, "former": former, "coming": coming, "both": both}

    answers = {name: client_of(user).get(f"/my/city/sofia/{page}").status_code for name, user in people.items()}

    assert answers == {"own": 200, "other": 404, "former": 403, "coming": 403, "both": 404}
    assert client.get(f"/my/city/sofia/{page}")["Location"].startswith("/account/login/")


def test_an_observer_has_the_same_pages():
    body = factories.OrganisationFactory(observer=True, slug="iclei")
    factories.MembershipChangeFactory(organisation=body, status="observer")
    client = client_of(delegate(body))

    assert [client.get(f"/my/city/iclei/{page}").status_code for page in PAGES] == [200] * 4


def test_staff_reads_briefs_and_not_what_is_the_delegates_own(sofia, staff):
    answers = {page: staff.get(f"/my/city/sofia/{page}").status_code for page in PAGES}

    assert answers == {"": 403, "edit/": 403, "brief/": 200, "brief.pdf": 200}
    assertContains(staff.get(address(type(sofia), "change", sofia.pk)), 'href="/my/city/sofia/brief/"')


def test_the_way_to_one_s_own_organisation(sofia, maria, client):
    assert client_of(maria).get("/my/city/")["Location"] == "/my/city/sofia/"

    iclei = factories.OrganisationFactory(slug="iclei", observer=True)
    factories.MandateFactory(organisation=iclei, person=maria.person)
    page = client_of(maria).get("/my/city/").content.decode()
    assert 'href="/my/city/iclei/"' in page
    assert 'href="/my/city/sofia/"' in page


# --- What stands there -----------------------------------------------------------------------------------------------


def attend(city, presence="present", **fields):
    meeting = factories.MeetingFactory(**{"start_on": dt.date(2025, 5, 1), **fields})
    factories.AttendanceFactory(meeting=meeting, organisation=city, presence=presence)
    return meeting


def test_attendance_tells_each_source_and_counts_by_the_ledger_s_rule(sofia, maria):
    attend(sofia, title="Came")
    contradicted = attend(sofia, "excused", title="Contradicted", start_on=dt.date(2025, 6, 1))
    factories.AttendanceFactory(meeting=contradicted, organisation=sofia, channel="press")
    attend(sofia, "absent", title="Away", start_on=dt.date(2024, 6, 1))
    factories.MeetingFactory(title="Complete", start_on=dt.date(2024, 7, 1), attendance_complete=True)
    factories.MeetingFactory(title="Unknown", start_on=dt.date(2024, 8, 1))
    factories.MeetingFactory(title="Board of others", kind="board", start_on=dt.date(2024, 9, 1))
    factories.MeetingFactory(title="Before it joined", start_on=dt.date(2021, 1, 1))
    factories.MeetingFactory(title="To come", status="announced", start_on=dt.date(2026, 9, 1))

    response = client_of(maria).get("/my/city/sofia/")

    record = response.context["record"]
    assert {own.meeting.title: own.outcome for own in record.meetings} == {
        "Came": "present", "Contradicted": "excused", "Away": "absent", "Complete": "absent", "Unknown": "unknown",
    }  # fmt: skip
    assert record.years == [(2025, [1, 1, 0, 0], 2), (2024, [0, 0, 2, 1], 3)]
    assert record.count("present") == Meeting.objects.attended_by(sofia).count()
    assertContains(response, "secretariat: excused · press: present")
    assertContains(response, "the list of cities is complete and does not name you")
    assertContains(response, "no source says")


def test_one_sees_one_s_own_mandates_former_ones_too_and_today_s_colleagues(sofia, maria):
    past = {"starts_on": dt.date(2022, 1, 1), "ends_on": dt.date(2023, 1, 1)}
    factories.MandateFactory(organisation=sofia, person=maria.person, role="alternate", **past)
    factories.MandateFactory(organisation=sofia, person__name="Ελένη", position="Διευθύντρια")
    factories.MandateFactory(organisation=sofia, person__name="Left long ago", ends_on=dt.date(2023, 1, 1))
    factories.MandateFactory(person__name="Of another city")

    response = client_of(maria).get("/my/city/sofia/")

    assertContains(response, "from 1 January 2022 until 1 January 2023")
    assertContains(response, "Ελένη")
    assertContains(response, "Signed in Sofia")
    assertContains(response, 'href="/cities/sofia/"')
    assertContains(response, 'href="/my/city/sofia/colleagues/"')
    for absent in ("Left long ago", "Of another city"):
        assertNotContains(response, absent)


def test_the_page_asks_the_same_number_of_queries_however_much_there_is(sofia, maria, django_assert_num_queries):
    client = client_of(maria)
    propose(client, description=SECRET)
    decided = {"decided_at": timezone.now(), "decided_by": maria, "verdict": "accepted"}
    factories.ProposedChangeFactory(organisation=sofia, **decided)
    first = attend(sofia)
    session = factories.SessionFactory(meeting=first, working_groups=[factories.WorkingGroupFactory()])
    factories.AttendanceFactory(meeting=first, session=session, organisation=sofia)
    client.get("/my/city/sofia/")
    with django_assert_num_queries(21):
        client.get("/my/city/sofia/")
    for number in range(5):
        meeting = attend(sofia, start_on=dt.date(2025, 1, 1 + number))
        session = factories.SessionFactory(meeting=meeting, working_groups=[factories.WorkingGroupFactory()])
        factories.AttendanceFactory(meeting=meeting, session=session, organisation=sofia)
        factories.MandateFactory(organisation=sofia)
        factories.ProposedChangeFactory(organisation=sofia, **decided)

    with django_assert_num_queries(21):
        client.get("/my/city/sofia/")
    with django_assert_num_queries(9):
        client.get("/my/city/sofia/edit/")


# --- Proposing -------------------------------------------------------------------------------------------------------


def test_a_delegate_proposes_and_sees_it_wait_while_the_page_stays(sofia, maria, client):
    own = client_of(maria)

    response = propose(own, description=SECRET, links="https://data.example.org/\n\nhttps://visit.example.org/")

    assert (response.status_code, response["Location"]) == (302, "/my/city/sofia/")
    assert waiting_for(sofia).wanted == {
        "description": SECRET, "links": ["https://data.example.org/", "https://visit.example.org/"],
    }  # fmt: skip
    assertContains(own.get("/my/city/sofia/"), SECRET)
    assertContains(own.get("/my/city/sofia/edit/"), "Send the changed proposal")
    assertContains(client.get("/cities/sofia/"), "A city")


def test_nothing_that_waits_leaks_into_any_public_channel(sofia, maria, client):
    own, other = client_of(maria), client_of(delegate(factories.OrganisationFactory()))
    propose(own, description=SECRET, photo_credit=SECRET, photo=picture(width=700))
    staged = waiting_for(sofia).photo
    pages = ["/", "/cities/", "/cities/sofia/", "/search/?q=Sofia", "/feed.atom", "/news.atom", "/sitemap-cities.xml"]

    for page in pages:
        for visitor in (client, other):
            body = visitor.get(page).content.decode()
            assert SECRET not in body, page
            assert "proposed/" not in body, page
    assert client.get("/search/", {"q": SECRET}).context["total"] == "0"
    for name in (staged.url, staged.small_url):
        assert [visitor.get(name).status_code for visitor in (client, other)] == [404, 404]
        shown = own.get(name)
        assert (shown.status_code, "no-store" in shown["Cache-Control"]) == (200, True)
        assert shown.getvalue()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"website": "sofia"}, "Enter a valid URL"),
        ({"links": "https://a.example.org\nnothing"}, "Line 2 is no web address"),
        ({"contact_email": "nobody"}, "Enter a valid email address"),
        ({"photo": SimpleUploadedFile("p.png", b"no picture")}, "no picture that can be read|valid image"),
        ({}, "change something, then send it"),
    ],
)
def test_what_cannot_be_read_is_said_beside_what_was_typed(sofia, maria, changes, complaint):
    own = client_of(maria)
    typed = {"description": SECRET} if changes else {}

    response = propose(own, **typed, **changes)

    assert response.status_code == 422
    assert re.search(complaint, response.content.decode())
    assert (SECRET in response.content.decode()) == bool(changes)
    assert waiting_for(sofia) is None


def test_a_new_photo_needs_its_credit(sofia, maria):
    response = propose(client_of(maria), photo=picture())

    assertContains(response, "Say who took the photo", status_code=422)
    assert waiting_for(sofia) is None


def test_a_picture_is_taken_away_with_its_box(sofia, maria):
    sofia.photo.save("p.png", picture_file())

    propose(client_of(maria), photo_gone="on")

    assert waiting_for(sofia).fields == {"photo": [sofia.photo.name, ""]}


def test_two_colleagues_at_once_lose_nothing(sofia, maria):
    first, second = client_of(maria), client_of(delegate(sofia))
    page = "/my/city/sofia/edit/"
    one, two = form_of(first, page), form_of(second, page)
    first.post(page, {**one, "description": "Theirs", "website": "https://theirs.example.org/"})

    refused = second.post(page, {**two, "description": "Mine"})

    assert refused.status_code == 409
    assertContains(refused, "Somebody else changed this meanwhile", status_code=409)
    told = {row["label"]: (row["was"], row["now"], row["mine"]) for row in refused.context["theirs"]}
    assert told == {
        "Description": ("A city", "Theirs", "Mine"),
        "Website": ("https://sofia.example.org", "https://theirs.example.org/", ""),
    }
    again = {name: refused.context["form"][name].value() for name in two if name != "shown"}
    assert (again["description"], again["website"]) == ("Mine", "https://theirs.example.org/")
    assert second.post(page, {**again, "shown": refused.context["shown"]}).status_code == 302
    proposal = ProposedChange.objects.get()
    assert (proposal.wanted, proposal.edition) == ({"description": "Mine", "website": "https://theirs.example.org/"}, 2)


def test_a_record_that_staff_changed_meanwhile_is_shown_beside_what_was_typed(sofia, maria):
    own, page = client_of(maria), "/my/city/sofia/edit/"
    sent = form_of(own, page)
    sofia.description = "By staff"
    sofia.save()

    refused = own.post(page, {**sent, "description": "Mine"})

    assert refused.status_code == 409
    assert [(row["was"], row["now"], row["mine"]) for row in refused.context["theirs"]] == [
        ("A city", "By staff", "Mine")
    ]
    assert waiting_for(sofia) is None


def test_what_the_form_was_shown_with_cannot_be_forged(sofia, maria):
    own = client_of(maria)

    assert own.post("/my/city/sofia/edit/", {**form_of(own, "/my/city/sofia/edit/"), "shown": "{}"}).status_code == 400


def test_taking_back(sofia, maria):
    own, other = client_of(maria), client_of(delegate(factories.OrganisationFactory(slug="varna")))
    propose(own, description=SECRET)
    proposal, page = waiting_for(sofia), "/my/city/sofia/edit/withdraw/"
    sent = {"proposal": proposal.pk, "edition": 1}

    assert other.post(page, sent).status_code == 404
    assert other.post("/my/city/varna/edit/withdraw/", sent).status_code == 404
    assert own.get(page).status_code == 405
    assertContains(own.post(page, {**sent, "edition": 9}, follow=True), "Nothing was taken back")
    assert waiting_for(sofia)
    assertContains(own.post(page, sent, follow=True), "The proposal is taken back")
    assert waiting_for(sofia) is None
    assert own.post(page, sent).status_code == 404


# --- The secretariat's answer ----------------------------------------------------------------------------------------


def answering(staff, proposal, **answers):
    page = address(ProposedChange, "change", proposal.pk)
    seen = staff.get(page).context["seen"]
    return staff.post(page, {"_seen": seen, **answers})


def test_the_secretariat_answers_field_by_field_and_the_city_reads_it(sofia, maria, staff, client):
    own = client_of(maria)
    propose(own, description=SECRET, website="https://ads.example.org/", photo_credit="Мария", photo=picture(width=700))
    proposal = waiting_for(sofia)
    page = staff.get(address(ProposedChange, "change", proposal.pk))
    assertContains(page, f'src="{proposal.photo.small_url}"')
    yes = dict.fromkeys(["answer-description", "answer-photo", "answer-photo_credit"], "accept")

    refused = answering(staff, proposal, **yes, **{"answer-website": "refuse"})
    assertContains(refused, "Say why it is not accepted", status_code=422)
    assert waiting_for(sofia)
    no = {"answer-website": "refuse", "reason-website": "Рекламен адрес", "word": "Благодарим!"}
    assert answering(staff, proposal, **yes, **no).status_code == 302

    sofia.refresh_from_db()
    assert (sofia.description, sofia.website) == (SECRET, "https://sofia.example.org")
    assertContains(client.get("/cities/sofia/"), SECRET)
    read = own.get("/my/city/sofia/")
    for words in ("Accepted in part", "Рекламен адрес", "Благодарим!"):
        assertContains(read, words)
    assert Change.objects.filter(actor="elif").values("batch").distinct().count() == 1


def test_an_answer_that_comes_too_late_shows_both_and_keeps_what_was_answered(sofia, maria, staff):
    own = client_of(maria)
    propose(own, description=SECRET)
    proposal = waiting_for(sofia)
    page = address(ProposedChange, "change", proposal.pk)
    seen = staff.get(page).context["seen"]
    sofia.description = "By somebody else"
    sofia.save()

    refused = staff.post(page, {"_seen": seen, "answer-description": "refuse", "reason-description": "Too long"})

    assert refused.status_code == 409
    for words in ("Nothing was saved yet", "By somebody else", SECRET, "A city", 'value="Too long"'):
        assertContains(refused, words, status_code=409)
    sofia.refresh_from_db()
    assert sofia.description == "By somebody else"
    withdrawn = {"proposal": proposal.pk, "edition": 1}
    own.post("/my/city/sofia/edit/withdraw/", withdrawn)
    late = staff.post(page, {"_seen": refused.context["seen"], "answer-description": "accept"})
    assertContains(late, "answered or taken back while you were deciding", status_code=409)


def test_only_who_may_answer_answers(sofia, maria):
    proposal = factories.ProposedChangeFactory(organisation=sofia)
    page = address(ProposedChange, "change", proposal.pk)
    bare = client_of(factories.UserFactory(staff=True))

    assert client_of(maria).get(page).status_code == 302  # to the sign-in of staff
    assert [bare.get(page).status_code, bare.post(page).status_code] == [403, 403]


def test_the_answer_s_page_asks_the_same_number_of_queries(sofia, maria, staff, django_assert_num_queries):
    propose(client_of(maria), description=SECRET, website="", links="https://a.example.org/", contact_office="Office")
    page = address(ProposedChange, "change", waiting_for(sofia).pk)
    staff.get(page)

    with django_assert_num_queries(6):
        staff.get(page)


# --- How one is reached ----------------------------------------------------------------------------------------------


def test_own_contact_details_change_at_once_and_are_on_record(sofia, maria):
    own, mandate = client_of(maria), maria.person.mandates.get()
    page = reverse("my:city_contact", args=["sofia", mandate.pk])

    assert own.post(page, {**form_of(own, page), "position": "Началник", "phone": "+359 2 1"}).status_code == 302

    mandate.refresh_from_db()
    assert (mandate.position, mandate.phone, mandate.email) == ("Началник", "+359 2 1", maria.email)
    last = Change.objects.filter(model="members.mandate", action="changed").latest("pk")
    assert (last.actor, set(last.fields)) == (maria.username, {"position", "phone"})


def test_a_contact_changed_by_staff_meanwhile_is_shown_beside_one_s_own(sofia, maria):
    own, mandate = client_of(maria), maria.person.mandates.get()
    page = reverse("my:city_contact", args=["sofia", mandate.pk])
    sent = form_of(own, page)
    mandate.phone = "+359 2 2"
    mandate.save()

    refused = own.post(page, {**sent, "phone": "+359 2 3"})

    assert refused.status_code == 409
    assert [(row["was"], row["now"], row["mine"]) for row in refused.context["theirs"]] == [
        ("–", "+359 2 2", "+359 2 3")
    ]
    assert Mandate.objects.get(pk=mandate.pk).phone == "+359 2 2"


def test_nobody_changes_how_others_are_reached(sofia, maria):
    colleague = delegate(sofia).person.mandates.get()
    former = factories.MandateFactory(
        organisation=sofia, person=maria.person, role="alternate", ends_on=dt.date(2023, 1, 1)
    )
    elsewhere = factories.MandateFactory(person=maria.person)
    own = client_of(maria)

    pages = [reverse("my:city_contact", args=["sofia", each.pk]) for each in (colleague, former, elsewhere)]

    assert [own.post(page, {"email": "me@example.org"}).status_code for page in pages] == [404, 404, 404]
