"""Staff looks at the site with the eyes of others: sees what they see, changes nothing, and it is on record."""

import pytest
from django.core.cache import caches

from meetings.models import MeetingStatus
from members.models import Mandate, Viewing
from tests import factories
from tests.b40.admin_rows import secretariat_user
from tests.cast import client_of, delegate

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return factories.OrganisationFactory(name="Sofia", slug="sofia")


@pytest.fixture
def delegate_of(city):
    factories.MembershipChangeFactory(organisation=city)
    return delegate(city)


@pytest.fixture
def staff():
    return client_of(secretariat_user())


def start(client, person=None):
    return client.post("/account/view-as/", {"person": person.pk} if person else {})


def test_the_public_s_eyes_see_no_drafts_and_no_tools_of_staff(staff):
    factories.MeetingFactory(slug="secret", status=MeetingStatus.DRAFT)
    assert staff.get("/meetings/secret/").status_code == 200

    start(staff)

    assert staff.get("/meetings/secret/").status_code == 404
    page = staff.get("/meetings/")
    assert "You see the site as the public does." in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    staff.post("/account/view-as/stop/")
    assert staff.get("/meetings/secret/").status_code == 200


def test_a_delegate_s_eyes_see_exactly_what_the_delegate_sees(staff, city, delegate_of):
    ours = factories.WorkingGroupFactory()
    factories.ParticipationChangeFactory(group=ours, organisation=city)
    meeting = factories.MeetingFactory(slug="round")
    factories.SessionFactory(meeting=meeting, working_groups=[ours])
    for audience in ("public", "members", "group", "secretariat"):
        factories.DocumentFactory(meeting=meeting, title=f"Paper of {audience}", audience=audience)
    start(staff, delegate_of.person)
    pages = ["/my/", "/my/city/sofia/colleagues/", "/meetings/round/", "/cities/sofia/"]

    def main(client, page):
        return client.get(page).content.decode().partition("<main")[2].partition("</main")[0]

    for page in pages:
        seen, own = main(staff, page), main(client_of(delegate_of), page)
        assert "Paper of secretariat" not in seen
        assert [word in seen for word in ("Paper of members", "Paper of group")] == [
            word in own for word in ("Paper of members", "Paper of group")
        ]
    assert "Paper of group" in main(staff, "/meetings/round/")


def test_nothing_can_be_changed_with_other_eyes(staff, city, delegate_of):
    lead = delegate(city, role="lead")
    start(staff, lead.person)
    mandate = Mandate.objects.get(person=delegate_of.person)

    answers = [
        getattr(staff, method)(f"/my/city/sofia/colleagues/{mandate.pk}/retire/", {"last_day": "2026-01-01"})
        for method in ("post", "put", "patch", "delete")
    ]

    mandate.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403] * 4
    assert "nothing can be changed" in answers[0].content.decode()
    assert mandate.ends_on is None


def test_private_pages_say_that_the_public_would_sign_in(staff):
    start(staff)

    response = staff.get("/my/")

    assert response.status_code == 403
    assert "Here the public is asked to sign in" in response.content.decode()


def test_admin_and_account_stay_one_s_own(staff):
    start(staff)

    assert staff.get("/admin/").status_code == 200
    assert staff.get("/account/2fa/").status_code == 200


def test_start_and_stop_are_on_record(staff, delegate_of):
    start(staff, delegate_of.person)
    start(staff)
    staff.post("/account/view-as/stop/")

    rows = Viewing.objects.order_by("pk")
    assert [row.person for row in rows] == [delegate_of.person, None]
    assert {row.user.username for row in rows} == {"elif"}
    assert all(row.stopped_at for row in rows)
    assert "elif" in staff.get("/admin/members/viewing/").content.decode()


def test_who_may_not_is_refused_and_loses_other_eyes_with_the_right(staff, delegate_of):
    nobody = client_of(factories.UserFactory(staff=True))
    assert start(nobody).status_code == 403
    assert start(client_of(delegate_of)).status_code == 403
    assert start(staff, factories.PersonFactory()).status_code == 404  # speaks for nobody
    assert staff.post("/account/view-as/", {"person": "x"}).status_code == 404
    start(staff)

    user = Viewing.objects.get().user
    user.groups.clear()

    assert "You see the site as" not in staff.get("/").content.decode()


def test_no_page_with_other_eyes_is_kept_for_anybody(staff, client, settings):
    settings.MIDDLEWARE = ["b40.page_cache.PageCacheMiddleware", *settings.MIDDLEWARE]
    caches["pages"].clear()
    start(staff)

    staff.get("/meetings/")

    assert "You see the site as" not in client.get("/meetings/").content.decode()
    assert "You see the site as the public" in staff.get("/meetings/").content.decode()


def test_people_are_found_by_their_organisation_in_any_script(staff, city, delegate_of):
    factories.OrganisationNameFactory(organisation=city, text="София")

    found = staff.get("/account/view-as/?organisation=София").content.decode()
    unknown = staff.get("/account/view-as/?organisation=Atlantis").content.decode()

    assert str(delegate_of.person) in found
    assert "is not in the register" in unknown
