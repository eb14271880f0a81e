"""Old addresses lead on with 301, never to what the visitor may not see; new ones are kept when a page moves."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from b40.models import OldAddress
from b40.old_addresses import OldAddressMiddleware
from meetings.models import Meeting, MeetingStatus
from members.history import acting, restore
from members.models import Change
from tests import factories
from tests.b40.admin_rows import address, client_of, secretariat_user, typed

pytestmark = pytest.mark.django_db

OLD = "/v2/first-meeting/"


def answer(client: Client, path: str) -> tuple[int, str | None]:
    response = client.get(path)
    return response.status_code, response.get("Location")


@pytest.fixture
def meeting() -> Meeting:
    return factories.MeetingFactory(slug="round")


def lead(path: str, **target: Any) -> OldAddress:
    return factories.OldAddressFactory(path=path, **{"organisation": None, **target})


# --- Answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        (OLD, OLD),
        (OLD, OLD.rstrip("/")),
        (OLD.rstrip("/"), OLD),
        (OLD, f"{OLD}?utm_source=mail"),
        ("/v2/?p=9747", "/v2/?p=9747"),
        ("/v2/?p=9747", "/v2?p=9747"),
        ("/v2/?p=9747", "/v2/?utm_source=mail&p=9747"),
        ("/?p=9747", "/?p=9747"),
        ("/?page_id=12", "/?page_id=12"),
        ("/v2/среща/", "/v2/%D1%81%D1%80%D0%B5%D1%89%D0%B0/"),
        ("/v2/%d1%81%d1%80%d0%b5%d1%89%d0%b0/", "/v2/%D1%81%D1%80%D0%B5%D1%89%D0%B0"),
    ],
)
def test_old_address_leads_on(kept: str, asked: str, client: Client, meeting: Meeting) -> None:
    lead(kept, meeting=meeting)

    assert answer(client, asked) == (301, "/meetings/round/")
    assert client.head(asked).status_code == 301


@pytest.mark.parametrize(
    ("kept", "asked", "status"),
    [
        (OLD, "/v2/second-meeting/", 404),
        ("/v2/?p=9747", "/v2/?p=974", 404),
        ("/v2/?p=9747", "/v2/?p=9747x", 404),
        ("/v2/?p=9747", "/v2/", 404),
        ("/v2/", "/v2/?p=9747", 404),
        ("/?p=9747", "/?p=1", 200),
        ("/?p=9747", "/", 200),
        ("/cities/", "/cities/", 200),
        (OLD, "/v2/%00/", 404),
        (OLD, f"/v2/{'a' * 900}/", 404),
        (OLD, "/v2/%ff%fe/", 404),
    ],
)
def test_other_addresses_answer_as_ever(kept: str, asked: str, status: int, client: Client, meeting: Meeting) -> None:
    lead(kept, meeting=meeting)

    assert client.get(asked).status_code == status


def test_every_kind_of_page_is_led_to(client: Client) -> None:
    lead("/v2/a/", news_item=factories.NewsItemFactory(slug="visit"))
    lead("/v2/b/", organisation=factories.OrganisationFactory(slug="sofia"))
    lead("/v2/c/", organisation=factories.OrganisationFactory(observer=True, slug="iclei"))

    assert [answer(client, f"/v2/{each}/")[1] for each in "abc"] == [
        "/news/visit/",
        "/cities/sofia/",
        "/observers/iclei/",
    ]


@pytest.mark.parametrize(
    "target",
    [
        lambda: {"meeting": factories.MeetingFactory(status=MeetingStatus.DRAFT)},
        lambda: {"news_item": factories.NewsItemFactory(published_on=None)},
        lambda: {"news_item": factories.NewsItemFactory(published_on=dt.date(2999, 1, 1))},
    ],
    ids=["draft meeting", "draft news", "news to come"],
)
def test_what_is_not_published_stays_not_found_but_for_staff(target: Any, client: Client) -> None:
    kept = lead(OLD, **target())

    hidden, missing = client.get(OLD), client.get("/v2/never-was/")
    seen = client_of(factories.UserFactory(staff=True)).get(OLD)

    assert (hidden.status_code, hidden.content) == (404, missing.content)
    assert (seen.status_code, seen["Location"]) == (301, (kept.meeting or kept.news_item).get_absolute_url())


def test_it_costs_one_query_where_there_is_nothing_and_none_elsewhere(
    client: Client, django_assert_num_queries: Any
) -> None:
    lead(OLD, meeting=factories.MeetingFactory())

    with django_assert_num_queries(1):
        client.get("/v2/never-was/")
    with django_assert_num_queries(2):
        client.get(OLD)
    with django_assert_num_queries(0):
        client.get("/robots.txt")


def test_what_is_sent_is_not_led_elsewhere(client: Client, meeting: Meeting) -> None:
    lead(OLD, meeting=meeting)

    assert client.post(OLD).status_code == 404


def test_browsers_ask_again_since_the_page_may_move_again(client: Client, meeting: Meeting) -> None:
    lead(OLD, meeting=meeting)

    assert client.get(OLD)["Cache-Control"] == "no-cache"


def test_address_never_leads_to_itself(rf: Any, meeting: Meeting) -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpResponse

    lead("/meetings/round/", meeting=meeting)
    request = rf.get("/meetings/round/")
    request.user = AnonymousUser()

    assert OldAddressMiddleware(lambda _request: HttpResponse(status=404))(request).status_code == 404


def test_front_page_that_was_kept_gives_way_to_an_address_that_is_new(
    client: Client, meeting: Meeting, settings: Any
) -> None:
    settings.MIDDLEWARE = ["b40.page_cache.PageCacheMiddleware", *settings.MIDDLEWARE]
    first = client.get("/?p=9747").status_code

    lead("/?p=9747", meeting=meeting)

    assert (first, client.get("/?p=9747").status_code) == (200, 301)


# --- Pages that move -------------------------------------------------------------------------------------------------

MOVERS: dict[str, tuple[Any, str]] = {
    "meeting": (factories.MeetingFactory, "/meetings/"),
    "news": (factories.NewsItemFactory, "/news/"),
    "city": (factories.OrganisationFactory, "/cities/"),
}


def rename(record: Any, slug: str) -> None:
    record.slug = slug
    record.save()


@pytest.mark.parametrize("kind", MOVERS)
def test_page_that_gets_another_address_is_found_under_the_former_one(kind: str, client: Client) -> None:
    make, place = MOVERS[kind]
    record = make(slug="one")

    rename(record, "two")
    rename(record, "three")

    assert [answer(client, f"{place}{slug}/") for slug in ("one", "two")] == [(301, f"{place}three/")] * 2
    assert client.get(f"{place}three/").status_code == 200


def test_page_that_returns_to_a_former_address_makes_no_loop(client: Client, meeting: Meeting) -> None:
    rename(meeting, "other")
    rename(meeting, "round")

    assert client.get("/meetings/round/").status_code == 200
    assert answer(client, "/meetings/other/") == (301, "/meetings/round/")
    assert list(OldAddress.objects.values_list("path", flat=True)) == ["/meetings/other/"]


def test_address_that_another_page_took_over_leads_to_the_last_that_left_it(client: Client, meeting: Meeting) -> None:
    other = factories.MeetingFactory(slug="other")
    rename(meeting, "first")
    rename(other, "round")
    rename(other, "second")

    assert answer(client, "/meetings/round/") == (301, "/meetings/second/")
    assert answer(client, "/meetings/other/") == (301, "/meetings/second/")


def test_city_that_turns_out_to_be_none_is_found_under_both_addresses(client: Client) -> None:
    body = factories.OrganisationFactory(slug="union")
    body.kind = "network"
    body.save()

    assert list(OldAddress.objects.values_list("path", flat=True)) == ["/cities/union/"]
    assert client.get("/cities/union/", follow=True).status_code == 200


def test_presidency_is_found_under_the_former_name_of_its_city(client: Client) -> None:
    term = factories.PresidencyFactory(city__slug="constantinople", started_on=dt.date(2021, 11, 30))
    rename(term.city, "istanbul")

    assert answer(client, "/presidencies/constantinople-2021-11-30/") == (301, "/presidencies/istanbul-2021-11-30/")
    assert client.get("/presidencies/constantinople-2021-12-01/").status_code == 404


def test_other_changes_keep_no_address(meeting: Meeting) -> None:
    meeting.title = "Another title"
    meeting.kind = "workshop"
    meeting.save()

    assert not OldAddress.objects.exists()


def test_address_is_kept_when_staff_change_it_in_the_admin(client: Client, meeting: Meeting) -> None:
    staff = client_of(secretariat_user())
    page = address(Meeting, "change", meeting.pk)

    staff.post(page, typed(staff.get(page), slug="spring-round"))

    assert answer(client, "/meetings/round/") == (301, "/meetings/spring-round/")
    change = Change.objects.get(model="b40.oldaddress")
    assert (change.actor, change.batch) == ("elif", Change.objects.of_record(f"meetings.meeting:{meeting.pk}")[0].batch)


def test_address_is_kept_when_an_earlier_one_is_brought_back(client: Client, meeting: Meeting) -> None:
    with acting(name="somebody"):
        rename(meeting, "other")
    created = Change.objects.of_record(f"meetings.meeting:{meeting.pk}").order_by("pk")[0]

    restore(created)

    assert client.get("/meetings/round/").status_code == 200
    assert answer(client, "/meetings/other/") == (301, "/meetings/round/")


# --- The admin -------------------------------------------------------------------------------------------------------


def test_staff_add_an_old_address(client: Client, meeting: Meeting) -> None:
    staff = client_of(secretariat_user())
    page = address(OldAddress, "add")

    staff.post(page, typed(staff.get(page), path=OLD, meeting=meeting.pk))

    assert answer(client, OLD) == (301, "/meetings/round/")
    assert OLD in staff.get(address(OldAddress, "changelist"), {"q": "first"}).content.decode()


@pytest.mark.parametrize(
    ("typed_over", "message"),
    [
        ({"path": "v2/old/"}, "Write the old address from its first slash on"),
        ({"path": OLD}, "An old address leads to one meeting, one piece of news or one organisation."),
    ],
)
def test_rules_are_told_in_words(typed_over: dict[str, Any], message: str, meeting: Meeting) -> None:
    staff = client_of(secretariat_user())
    page = address(OldAddress, "add")
    if typed_over["path"] != OLD:
        typed_over = {**typed_over, "meeting": meeting.pk}

    response = staff.post(page, typed(staff.get(page), **typed_over))

    assert message in response.content.decode()
    assert not OldAddress.objects.exists()
