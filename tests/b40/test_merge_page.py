"""The page that merges two organisations: asking, showing, refusing, doing; and who may."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from playwright.sync_api import expect

from b40.models import OldAddress
from members.models import Change, Organisation, User
from tests import factories
from tests.b40.admin_rows import address, client_of, secretariat_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return client_of(secretariat_user())


@pytest.fixture
def sofia() -> Organisation:
    return factories.OrganisationFactory(name="Sofia", slug="sofia", country__code="BG")


@pytest.fixture
def sofija() -> Organisation:
    return factories.OrganisationFactory(name="Sofija", slug="sofija", country__code="BG")


def page_of(winner: Organisation, loser: Organisation | None = None) -> str:
    page = address(Organisation, "merge", winner.pk)
    return f"{page}?other={loser.pk}" if loser else page


def form_of(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the page that shows what would move."""
    plan = response.context["plan"]
    sent = {
        "other": plan.loser.pk,
        "_version": plan.seen.winner_version,
        "_other_version": plan.seen.loser_version,
        "_fingerprint": plan.seen.fingerprint,
    }
    for choice in response.context["choices"]:
        if choice["is_mine"] or choice["is_theirs"]:
            sent[choice["name"]] = "mine" if choice["is_mine"] else "theirs"
    return {**sent, **changes}


def test_page_asks_for_the_other_record_and_offers_likely_ones(
    staff: Client, sofia: Organisation, sofija: Organisation
) -> None:
    page = staff.get(page_of(sofia)).content.decode()

    assert f'href="{page_of(sofia, sofija)}"' in page
    assert 'class="admin-autocomplete"' in page


def test_page_shows_what_would_move_and_writes_nothing(
    staff: Client, sofia: Organisation, sofija: Organisation
) -> None:
    factories.AttendanceFactory(organisation=sofija, meeting__title="Spring round")
    factories.OrganisationNameFactory.create_batch(9, organisation=sofija)
    before = Change.objects.version()

    response = staff.get(page_of(sofia, sofija))

    page = response.content.decode()
    assert [(each.relation.title, each.count, each.left_out) for each in response.context["moving"]] == [
        ("Attendance", 1, 0),
        ("Names and spellings", 9, 1),
    ]
    assert "Spring round: present (secretariat)" in page
    assert "… and 1 more" in page
    assert "/cities/sofija/ will lead to /cities/sofia/" in page
    assert Change.objects.version() == before


def test_confirmed_it_is_done_under_the_user_s_name(staff: Client, sofia: Organisation, sofija: Organisation) -> None:
    row = factories.AttendanceFactory(organisation=sofija)
    shown = staff.get(page_of(sofia, sofija))

    response = staff.post(page_of(sofia), form_of(shown, **{"take-name": "theirs"}), follow=True)

    row.refresh_from_db()
    sofia.refresh_from_db()
    assert response.redirect_chain == [(address(Organisation, "change", sofia.pk), 302)]
    assert "Rows that moved or were joined: 1." in response.content.decode()
    assert (row.organisation, sofia.name) == (sofia, "Sofija")
    assert OldAddress.objects.get().path == "/cities/sofija/"
    history = staff.get(address(Organisation, "history", sofia.pk)).content.decode()
    assert "elif · “Sofija” merged into “Sofia”" in history


def test_obstacles_are_named_with_links_and_nothing_can_be_sent(
    staff: Client, sofia: Organisation, sofija: Organisation
) -> None:
    meeting = factories.MeetingFactory(title="Spring round")
    for city, presence in ((sofia, "present"), (sofija, "absent")):
        factories.AttendanceFactory(organisation=city, meeting=meeting, presence=presence)
    shown = staff.get(page_of(sofia, sofija))

    refused = staff.post(page_of(sofia), form_of(shown))

    for response in (shown, refused):
        page = response.content.decode()
        assert "“Spring round” cannot have been both" in page
        assert f'href="{address(type(meeting), "change", meeting.pk)}"' in page
        assert 'value="Merge"' not in page
    assert refused.status_code == 409
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("side", ["winner", "loser", "rows"])
def test_what_changed_since_the_preview_is_refused_and_shown_anew(
    side: str, staff: Client, sofia: Organisation, sofija: Organisation
) -> None:
    shown = staff.get(page_of(sofia, sofija))
    if side == "rows":
        factories.AttendanceFactory(organisation=sofija)
    else:
        factories.OrganisationNameFactory(organisation=sofia if side == "winner" else sofija)

    refused = staff.post(page_of(sofia), form_of(shown))
    done = staff.post(page_of(sofia), form_of(refused))

    assert refused.status_code == 409
    assert "Somebody changed one of the two meanwhile" in refused.content.decode()
    assert done.status_code == 302
    assert list(Organisation.objects.all()) == [sofia]


def test_kind_must_be_chosen_and_what_was_chosen_stays_chosen(staff: Client, sofia: Organisation) -> None:
    network = factories.OrganisationFactory(observer=True, website="https://example.org")
    sofia.website = "https://sofia.example"
    sofia.save()
    shown = staff.get(page_of(sofia, network))

    refused = staff.post(page_of(sofia), form_of(shown, **{"take-website": "theirs"}))

    kind = next(choice for choice in shown.context["choices"] if choice["name"] == "take-kind")
    assert (kind["is_mine"], kind["is_theirs"], kind["mine"], kind["theirs"]) == (False, False, "city", "city network")
    assert "Kind: the records differ, so choose which one is right." in refused.content.decode()
    website = next(choice for choice in refused.context["choices"] if choice["name"] == "take-website")
    assert website["is_theirs"]


@pytest.mark.parametrize("other", ["", "0", "x", "999999", "9" * 30, "self"])
def test_other_record_that_is_none_is_refused_in_words(
    other: str, staff: Client, sofia: Organisation, sofija: Organisation
) -> None:
    other = str(sofia.pk) if other == "self" else other

    for response in (
        staff.get(page_of(sofia), {"other": other}),
        staff.post(page_of(sofia), {"other": other}),
    ):
        assert response.status_code == 200
        assert response.context["form"].errors["other"]
    assert Organisation.objects.count() == 2


def test_form_without_versions_is_refused(staff: Client, sofia: Organisation, sofija: Organisation) -> None:
    assert staff.post(page_of(sofia), {"other": sofija.pk}).status_code == 409
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("number", [1, 2, 3])
def test_list_merges_exactly_two(number: int, staff: Client) -> None:
    cities = factories.OrganisationFactory.create_batch(number)
    chosen = {"action": "merge_selected", "_selected_action": [city.pk for city in cities]}

    response = staff.post(address(Organisation, "changelist"), chosen)

    expected = page_of(*cities) if number == 2 else address(Organisation, "changelist")
    assert (response.status_code, response["Location"]) == (302, expected)


def test_change_page_leads_to_it(staff: Client, sofia: Organisation) -> None:
    page = staff.get(address(Organisation, "change", sofia.pk)).content.decode()

    assert f'href="{page_of(sofia)}"' in page
    assert f'href="{address(Organisation, "status", sofia.pk)}"' in page


# --- Who may ---------------------------------------------------------------------------------------------------------


def test_anonymous_is_sent_to_the_login(client: Client, sofia: Organisation) -> None:
    response = client.get(page_of(sofia))

    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={page_of(sofia)}")


@pytest.mark.parametrize("missing", ["change_organisation", "delete_organisation", "change_attendance"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_right_is_needed(missing: str, method: str, sofia: Organisation, sofija: Organisation) -> None:
    factories.AttendanceFactory(organisation=sofija)
    user = User.objects.create_user("newcomer", password="a-long-password", is_staff=True)
    held = Permission.objects.filter(group__name="Secretariat").exclude(codename=missing)
    user.user_permissions.set(held)
    shown = client_of(secretariat_user()).get(page_of(sofia, sofija))

    if method == "get":
        status = client_of(user).get(page_of(sofia)).status_code
        assert status == (200 if missing == "change_attendance" else 403)
    else:
        assert client_of(user).post(page_of(sofia), form_of(shown)).status_code == 403
    assert Organisation.objects.count() == 2


def test_links_are_shown_to_those_who_may(sofia: Organisation) -> None:
    user = User.objects.create_user("newcomer", password="a-long-password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_organisation"]))

    page = client_of(user).get(address(Organisation, "change", sofia.pk)).content.decode()

    assert "/merge/" not in page
    assert "/status/" not in page


def test_record_that_is_not_there(staff: Client) -> None:
    assert staff.get("/admin/members/organisation/999999/merge/").status_code == 404
    assert staff.get("/admin/members/organisation/x/merge/").status_code == 404


# --- The cost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [3, 30])
def test_page_costs_the_same_for_any_number_of_rows(
    rows: int, staff: Client, sofia: Organisation, sofija: Organisation, django_assert_num_queries: Any
) -> None:
    for _row in range(rows):
        meeting = factories.MeetingFactory(host_city=sofija, mode="in_person")
        session = factories.SessionFactory(meeting=meeting, working_groups=[factories.WorkingGroupFactory()])
        factories.AttendanceFactory(organisation=sofija, meeting=meeting)
        factories.AttendanceFactory(organisation=sofija, meeting=meeting, session=session)
        factories.AttendanceFactory(organisation=sofia, meeting=meeting)
        factories.NewsItemFactory(organisations=[sofija])
    staff.get(page_of(sofia, sofija))

    with django_assert_num_queries(38):
        assert staff.get(page_of(sofia, sofija)).status_code == 200


# --- In the browser --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "look",
    [
        pytest.param({}, id="desk", marks=pytest.mark.browser_context_args(color_scheme="light")),
        pytest.param(
            {},
            id="phone",
            marks=pytest.mark.browser_context_args(viewport={"width": 360, "height": 800}, color_scheme="dark"),
        ),
    ],
)
def test_two_records_are_merged_by_keyboard(
    look: Any, page: Any, live_server: Any, axe_violations: Any, sofia: Organisation, sofija: Organisation, context: Any
) -> None:
    from django.conf import settings

    root = User.objects.create_superuser("root", password="a-long-password")
    key = client_of(root).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    factories.AttendanceFactory(organisation=sofija)
    factories.BoardSeatChangeFactory(city=sofia)
    blocking = factories.BoardSeatChangeFactory(city=sofija, event="left")

    def look_at(where: str) -> None:
        expect(page.get_by_role("heading", name=where, level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    page.goto(address(Organisation, "change", sofia.pk))
    page.get_by_role("link", name="Merge").press("Enter")
    look_at("Merge two records of one organisation")
    page.locator(".select2-selection").press("Enter")
    page.locator(".select2-search__field").last.press_sequentially("Sofija")
    page.get_by_role("option", name=f"Sofija · {sofija.country}").wait_for()
    page.keyboard.press("ArrowDown")  # Sofia itself comes first
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show what would move").press("Enter")
    look_at("Merge two records of one organisation")
    page.get_by_role("link", name="Change of a board seat: Sofija").wait_for()
    blocking.delete()
    page.reload()
    page.get_by_role("radio", name="English name: Sofia", exact=True).focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Merge").press("Enter")

    expect(page.get_by_text("Merged. Rows that moved or were joined: 1.")).to_be_visible()
    assert list(Organisation.objects.values_list("name", "slug")) == [("Sofija", "sofia")]


@pytest.mark.looks
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "look",
    [
        pytest.param({}, id="desk", marks=pytest.mark.browser_context_args(color_scheme="light")),
        pytest.param(
            {},
            id="phone",
            marks=pytest.mark.browser_context_args(viewport={"width": 390, "height": 844}, color_scheme="dark"),
        ),
    ],
)
def test_pages_are_accessible(
    look: Any, browser: Any, browser_context_args: Any, live_server: Any, axe_violations: Any,
    sofia: Organisation, sofija: Organisation, django_db_serialized_rollback: Any,
) -> None:  # fmt: skip
    """In a browser of its own: axe sets inline styles while it looks, which the policy refuses."""
    from django.conf import settings

    root = User.objects.create_superuser("root", password="a-long-password")
    key = client_of(root).cookies[settings.SESSION_COOKIE_NAME].value
    factories.BoardSeatChangeFactory(city=sofia)
    factories.BoardSeatChangeFactory(city=sofija, event="left")
    own = browser.new_context(**browser_context_args)
    own.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page = own.new_page()

    for where in (page_of(sofia), page_of(sofia, sofija), address(Organisation, "status", sofia.pk)):
        page.goto(where)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), where
        assert (where, axe_violations(page)) == (where, [])
    page.get_by_label("Became").select_option("member")
    page.get_by_label("When").fill("2024-05")
    page.get_by_label("Source").fill("https://example.org/report")
    page.get_by_role("button", name="Show how the log would read").click()
    expect(page.get_by_role("heading", name="The log would read")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Record this change").click()
    expect(page.get_by_text("The change is in the log.")).to_be_visible()
    own.close()
