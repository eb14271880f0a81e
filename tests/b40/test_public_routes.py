"""Who may come where: the full list of public routes, with what a stranger gets. Everything else asks to sign in."""

import datetime as dt
from urllib.parse import quote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from meetings.models import MeetingStatus
from tests import factories

# Route as `b40.urls` names it: the addresses a stranger may ask, and the answer.
PUBLIC = {
    "home": {"/": 200},
    "about": {"/about/": 200},
    "search": {"/search/": 200, "/search/?q=sofia": 200},
    "feed": {"/feed.atom": 200},
    "news_feed": {"/news.atom": 200},
    "sitemap": {"/sitemap.xml": 200},
    "sitemap_section": {"/sitemap-meetings.xml": 200, "/sitemap-none.xml": 404},
    "robots": {"/robots.txt": 200},
    "og_image": {"/og/site/b40.png": 200, "/og/meeting/round.png": 200, "/og/meeting/draft.png": 404},
    "members:city_list": {"/cities/": 200, "/cities/?on=2024-01-01": 200},
    "members:city_detail": {"/cities/sofia/": 200, "/cities/iclei/": 302, "/cities/none/": 404},
    "members:observer_list": {"/observers/": 200},
    "members:observer_detail": {"/observers/iclei/": 200, "/observers/sofia/": 302, "/observers/none/": 404},
    "members:presidency_list": {"/presidencies/": 200},
    "members:presidency_detail": {"/presidencies/sofia-2022-01-01/": 200, "/presidencies/none/": 404},
    "members:report_in_office": {"/presidencies/report/": 302},
    "members:presidency_report": {"/presidencies/sofia-2022-01-01/report/": 200, "/presidencies/none/report/": 404},
    "members:presidency_report_paper": {
        "/presidencies/sofia-2022-01-01/report.pdf": 200,
        "/presidencies/none/report.pdf": 404,
    },
    "members:presidency_report_workbook": {
        "/presidencies/sofia-2022-01-01/report.xlsx": 200,
        "/presidencies/none/report.xlsx": 404,
    },
    "members:presidency_report_table": {
        "/presidencies/sofia-2022-01-01/report/cities.csv": 200,
        "/presidencies/sofia-2022-01-01/report/none.csv": 404,
    },
    "workinggroups:list": {"/working-groups/": 200},
    "workinggroups:detail": {"/working-groups/climate/": 200, "/working-groups/none/": 404},
    "workinggroups:topic_list": {"/topics/": 200},
    "workinggroups:topic_detail": {"/topics/heat/": 200, "/topics/idea/": 404, "/topics/none/": 404},
    "meetings:list": {"/meetings/": 200},
    "meetings:next": {"/meetings/next/": 302},
    "meetings:detail": {"/meetings/round/": 200, "/meetings/draft/": 404, "/meetings/none/": 404},
    "meetings:record": {
        "/meetings/round/record/1/": 200,
        "/meetings/round/record/2/": 404,
        "/meetings/draft/record/1/": 404,
    },
    "meetings:record_file": {
        **{f"/meetings/round/record/1.{ending}": 200 for ending in ("pdf", "xlsx", "csv")},
        "/meetings/draft/record/1.pdf": 404,
    },
    "meetings:news_list": {"/news/": 200, "/news/?kind=visit": 200},
    "meetings:news_detail": {"/news/flood/": 200, "/news/plan/": 404, "/news/soon/": 404, "/news/none/": 404},
    "meetings:calendar": {"/meetings/calendar.ics": 200},
    "meetings:ics": {"/meetings/round.ics": 200, "/meetings/draft.ics": 404, "/meetings/none.ics": 404},
    "meetings:check_in": {"/check-in/none/": 404, "/check-in/1-aaaaaaaaaa/": 404},
    "meetings:answer": {"/answer/none/": 404},
    "meetings:poll": {"/poll/none/": 404},
    "privacy": {"/privacy/": 200},
    "meetings:group_calendar": {"/working-groups/climate/calendar.ics": 200, "/working-groups/none/calendar.ics": 404},
    "meetings:subscribe": {"/subscribe/": 200},
    "meetings:confirm": {"/subscribe/none/": 404},
    "meetings:unsubscribe": {"/unsubscribe/none/": 404},
    "meetings:minutes": {"/minutes/none/": 404},
    "media": {"/media/none.pdf": 404},
    "account_invitation": {"/account/invitation/none/": 404, "/account/invitation/0.a/": 404},
    "account_login": {"/account/login/": 200},
    "account_logout": {"/account/logout/": 302},
    "account_inactive": {"/account/inactive/": 200},
    "account_signup": {"/account/signup/": 200},
    "account_request_login_code": {"/account/login/code/": 200},
    "account_confirm_login_code": {"/account/login/code/confirm/": 302},
    "account_email_verification_sent": {"/account/confirm-email/": 302},
    "account_reset_password": {"/account/password/reset/": 200},
    "account_reset_password_done": {"/account/password/reset/done/": 200},
    "account_reset_password_from_key": {"/account/password/reset/key/1-none/": 200},
    "account_reset_password_from_key_done": {"/account/password/reset/key/done/": 200},
    "mfa_authenticate": {"/account/2fa/authenticate/": 302},
    "mfa_login_webauthn": {"/account/2fa/webauthn/login/": 302},
}
# Pages of the library whose forms strangers send: to sign in, and to find a way back in; and those of our own.
STRANGERS_SEND = ("/account/", "/subscribe/")
# Programs read it, not people: its 404 is not the site's page (see test_own_calendar.py).
PUBLIC_TO_PROGRAMS = {"meetings:own_calendar"}
ADDRESSES = [(address, status) for addresses in PUBLIC.values() for address, status in addresses.items()]


def routes(patterns, namespace=""):
    """Every named route below some patterns, with its namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback


def is_behind_login(name, view):
    return name.startswith("admin:") or getattr(view, "login_required", True)


@pytest.fixture
def record():
    """One row of each kind that has a page, and drafts of those that may be drafts."""
    city = factories.OrganisationFactory(slug="sofia")
    factories.OrganisationFactory(observer=True, slug="iclei")
    factories.PresidencyFactory(city=city, started_on=dt.date(2022, 1, 1))
    group = factories.WorkingGroupFactory(slug="climate")
    factories.TopicFactory(slug="heat", group=group)
    factories.TopicFactory(slug="idea", group=group, status="draft")
    factories.SnapshotFactory(meeting=factories.MeetingFactory(slug="round"), number=1)
    factories.SnapshotFactory(meeting=factories.MeetingFactory(slug="draft", status=MeetingStatus.DRAFT), number=1)
    factories.NewsItemFactory(slug="flood")
    factories.NewsItemFactory(slug="plan", draft=True)
    factories.NewsItemFactory(slug="soon", waiting=True)


def test_every_route_is_in_the_list_or_behind_the_login():
    public = {name for name, view in routes(get_resolver().url_patterns) if not is_behind_login(name, view)}

    assert public == set(PUBLIC) | PUBLIC_TO_PROGRAMS


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_a_stranger_gets_what_the_list_says(client, record, address, status):
    assert client.get(address).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", [address for address, status in ADDRESSES if status == 200 and not address.startswith(STRANGERS_SEND)]
)
def test_a_public_page_takes_no_posts(client, record, address):
    assert client.post(address).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/", "/admin/meetings/meeting/", "/my/"])
def test_what_is_not_public_asks_to_sign_in(client, address):
    response = client.get(address, follow=True)

    assert response.redirect_chain[-1] == (f"/account/login/?next={quote(address)}", 302)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [address for address, status in ADDRESSES if status == 404])
def test_what_is_not_public_answers_with_the_same_page_as_what_is_not_there(client, record, address):
    page = client.get(address).content.decode()

    assert "There is no such page" in page
    assert 'action="/search/"' in page
