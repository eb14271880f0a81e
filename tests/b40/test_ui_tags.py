"""The project's template tags: what they write, within and without an ``include … only``."""

import datetime as dt

import pytest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, RequestContext, Template
from django.urls import path

from b40.templatetags import ui

urlpatterns = [
    path("", lambda request: HttpResponse(), name="home"),
    path("meetings/", lambda request: HttpResponse(), name="meetings"),
]


def render(source, context):
    return Template("{% load ui %}" + source).render(context)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/meetings/", 'href="/meetings/" aria-current="page"'),
        ("/meetings/zagreb/", 'href="/meetings/" aria-current="true"'),
        ("/cities/", 'href="/meetings/"'),
    ],
)
def test_active_link_marks_the_page_and_what_lies_above(rf, address, expected):
    assert render("{% active_link 'meetings' %}", RequestContext(rf.get(address))) == expected


@pytest.mark.urls(__name__)
def test_active_link_home_is_not_above_everything(rf):
    assert render("{% active_link 'home' %}", RequestContext(rf.get("/meetings/"))) == 'href="/"'


@pytest.mark.urls(__name__)
def test_active_link_without_request_marks_nothing():
    assert render("{% active_link 'home' %}", Context()) == 'href="/"'


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% with_page 3 %}", "?city=sofia&amp;city=varna&amp;year=2025&amp;page=3"),
        ("{% with_page 1 %}", "?city=sofia&amp;city=varna&amp;year=2025"),
        ("{% without 'city' 'sofia' %}", "?city=varna&amp;year=2025"),
        ("{% without 'city' %}", "?year=2025"),
    ],
)
def test_query_tags_keep_the_other_filters(rf, tag, expected):
    request = rf.get("/", {"city": ["sofia", "varna"], "kind": "", "year": "2025", "page": "2"})

    assert render(tag, RequestContext(request)) == expected


def test_without_last_filter_links_to_the_bare_list(rf):
    assert render("{% without 'year' 2025 %}", RequestContext(rf.get("/?year=2025&page=4"))) == "?"


def test_page_numbers_show_a_gap_as_none():
    assert ui.page_numbers(Paginator(range(240), 20).page(6)) == [1, None, 5, 6, 7, None, 12]


def test_with_shares_measures_by_the_greatest():
    rows = [{"label": "Greece", "value": 6}, {"label": "Serbia", "value": 1}]

    assert [entry["share"] for entry in ui.with_shares(rows)] == ["100.0%", "16.7%"]


def test_with_shares_of_zeros_and_of_nothing():
    assert ui.with_shares([{"value": 0}]) == [{"row": {"value": 0}, "share": "0.0%"}]
    assert ui.with_shares([]) == []


@pytest.mark.parametrize(
    ("month", "zone", "clock", "label"),
    [
        (1, "Europe/Sofia", "10:30", "Sofia time, UTC+2"),
        (7, "Europe/Sofia", "11:30", "Sofia time, UTC+3"),
        (7, "Asia/Kolkata", "14:00", "Kolkata time, UTC+5:30"),
        (1, "America/New_York", "03:30", "New York time, UTC−5"),
    ],
)
def test_times_are_told_on_the_clocks_of_the_place(month, zone, clock, label):
    moment = dt.datetime(2026, month, 5, 8, 30, tzinfo=dt.UTC)

    assert render("{{ at|in_zone:zone|date:'H:i' }}", Context({"at": moment, "zone": zone})) == clock
    assert ui.zone_label(moment, zone) == label


def test_host_drops_www():
    assert ui.host("https://www.zagreb.hr/en/") == "zagreb.hr"


def test_icon_is_hidden_from_assistive_technology():
    assert 'aria-hidden="true"' in ui.icon("calendar")
    assert "#calendar" in ui.icon("calendar")
