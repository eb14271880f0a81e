"""Documents from the delegate's side: what each reads, handing in, replacing, taking back; nothing reaches the wrong eyes."""

import datetime as dt

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from pytest_django.asserts import assertContains

from meetings.models import Document, DocumentVersion
from members.models import Change
from tests import factories
from tests.b40.admin_rows import permitted, typed
from tests.b40.papers_cast import NOON, TODAY, answers, client_of, expect, make_cast

pytestmark = pytest.mark.django_db
WORD = "Confidential"


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast():
    cast = make_cast()
    cast.meeting = factories.MeetingFactory(
        slug="round", title="Round", status="announced", start_on=TODAY + dt.timedelta(days=9)
    )
    cast.session = factories.SessionFactory(meeting=cast.meeting, working_groups=[cast.group])
    return cast


def pdf(name="roofs.pdf", content=b"%PDF-1.7\n%%EOF\n"):
    return SimpleUploadedFile(name, content)


def sent(cast, **changes):
    place = {"place": f"session-{cast.session.pk}", "organisation": cast.skopje.pk, "title": f"{WORD} roofs"}
    return {
        **place,
        "kind": "presentation",
        "language": "mk",
        "audience": "members",
        "note": "first",
        "file": pdf(),
        **changes,
    }


def hand_in(cast, who=None, **changes):
    return client_of(who or cast.delegate).post("/my/documents/hand-in/", sent(cast, **changes))


def fetch(client, address):
    response = client.get(address)
    b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code


# --- Handing in ------------------------------------------------------------------------------------------------------


def test_delegate_hands_a_paper_in_for_their_session(cast):
    response = hand_in(cast)

    paper = Document.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/my/documents/{paper.pk}/")
    assert (paper.meeting, paper.session, paper.audience, paper.wished_audience) == (
        cast.meeting,
        cast.session,
        "members",
        "",
    )
    assert (paper.handed_in_by, paper.handed_in_through, paper.handed_in_at) == (cast.skopje, cast.delegate, NOON)
    version = paper.versions.get()
    assert (version.note, version.uploaded_by, default_storage.exists(paper.file.name)) == (
        "first",
        cast.delegate,
        True,
    )
    assert Change.objects.filter(user=cast.delegate, model="meetings.document", action="created").exists()


def test_public_is_a_wish_that_the_secretariat_grants(cast):
    hand_in(cast, audience="public")
    paper = Document.objects.get()
    before = client_of(None).get("/meetings/round/").text
    staff = client_of(permitted("elif"))
    page = f"/admin/meetings/document/{paper.pk}/change/"
    said = staff.get("/admin/").text

    staff.post(page, typed(staff.get(page), audience="public"))

    assert (paper.audience, paper.wished_audience) == ("members", "public")
    assert "Skopje wishes it to be public" in said
    assert (WORD in before, WORD in client_of(None).get("/meetings/round/").text) == (False, True)
    assert not Document.objects.wishing_to_be_public().exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"file": ""}, "Choose the file."),
        ({"file": pdf(content=b"")}, "The file is empty."),
        ({"file": pdf("roofs.exe", b"MZ")}, "Documents are kept as"),
        ({"file": pdf("roofs.pdf", b"no pdf at all")}, "The file&#x27;s content is not what its ending"),
        ({"title": ""}, "This field is required."),
        ({"language": "xx"}, "Select a valid choice"),
        ({"audience": "secretariat"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said_and_all_words_are_kept(cast, changes, said):
    response = hand_in(cast, **changes)

    assert response.status_code == 422
    assert said in response.text
    assert "choose the file again" in response.text
    assert 'value="first"' in response.text
    assert not Document.objects.exists()


def test_file_that_is_too_large_is_refused(cast, monkeypatch):
    monkeypatch.setattr("meetings.files.MAX_BYTES", 10)

    assertContains(hand_in(cast), "larger than 40 MB", status_code=422)


def test_title_that_the_meeting_has_is_refused_at_the_title(cast):
    factories.DocumentFactory(meeting=cast.meeting, title=f"{WORD} roofs")

    assertContains(hand_in(cast), "This meeting has a document of this title already.", status_code=422)


@pytest.mark.parametrize(("where", "status"), [("session", 422), ("meeting", 302)])
def test_paper_for_a_session_of_groups_comes_from_who_sits_there(cast, where, status):
    response = hand_in(cast, cast.stranger, organisation=cast.varna.pk, place=f"{where}-{getattr(cast, where).pk}")

    assert response.status_code == status


@pytest.mark.parametrize(
    ("changes", "is_open"),
    [
        ({}, True),
        ({"status": "held", "start_on": TODAY - dt.timedelta(days=30)}, True),
        ({"status": "held", "start_on": TODAY - dt.timedelta(days=31)}, False),
        ({"status": "closed"}, False),
        ({"status": "cancelled"}, False),
        ({"status": "draft"}, False),
    ],
)
def test_papers_are_taken_until_a_month_after_the_meeting(cast, changes, is_open):
    type(cast.meeting).objects.filter(pk=cast.meeting.pk).update(**changes)

    assert hand_in(cast).status_code == (302 if is_open else 422)


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("/my/documents/", {"stranger": 200, "colleague": 200, "delegate": 200, "coordinator": 200}),
        ("/my/documents/hand-in/", {"stranger": 200, "colleague": 200, "delegate": 200, "coordinator": 200}),
    ],
)
def test_pages_are_for_delegates(cast, address, codes):
    assert answers(cast, address) == expect(**codes)


# --- Who reads -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("audience", "stranger"), [("members", 200), ("group", 404), ("secretariat", 404)])
def test_paper_and_its_file_reach_their_audience_and_nobody_else(cast, audience, stranger):
    hand_in(cast)
    Document.objects.update(audience=audience)
    paper = Document.objects.get()
    others = 404 if audience == "secretariat" else 200

    page = answers(cast, f"/my/documents/{paper.pk}/")
    file = {who: fetch(client_of(getattr(cast, who)), paper.file.url) for who in page}

    read = {"stranger": stranger, "colleague": others, "delegate": 200, "coordinator": others}
    assert page == expect(**read)
    assert file == {"public": 404, "ended": 404, "staff": 200, **read}


def test_members_paper_is_on_no_public_channel(cast):
    hand_in(cast)
    channels = ["/", "/meetings/round/", "/meetings/round.ics", "/search/?q=confidential+roofs"]
    channels += ["/feed.atom", "/news.atom", "/sitemap.xml", "/about/"]

    for who in (cast.public, cast.ended):
        shown = [address for address in channels if WORD in client_of(who).get(address).text]
        assert shown == []


def test_list_is_narrowed_and_begins_with_the_newest(cast):
    old = factories.DocumentFactory(title="Old", dated=dt.date(2024, 1, 1), kind="report", language="bg")
    of_group = factories.DocumentFactory(title="Of the group", meeting=cast.meeting, dated=dt.date(2025, 1, 1))
    hand_in(cast)
    new = Document.objects.get(title=f"{WORD} roofs")
    client = client_of(cast.delegate)

    def listed(query):
        return [row["document"] for row in client.get(f"/my/documents/{query}").context["rows"]]

    assert listed("") == [new, of_group, old]
    assert listed("?kind=report") == listed("?language=bg") == listed("?q=old") == [old]
    assert listed("?meeting=round") == listed("?group=climate") == [new, of_group]
    assert listed("?group=culture") == []
    assert listed("?kind=none") == [new, of_group, old]


# --- Versions and taking back ----------------------------------------------------------------------------------------


def test_own_paper_gets_a_new_version_and_keeps_the_former(cast):
    hand_in(cast)
    paper = Document.objects.get()

    response = client_of(cast.delegate).post(
        f"/my/documents/{paper.pk}/version/", {"file": pdf("new.pdf"), "note": "second"}
    )

    assert response.status_code == 302
    assert list(paper.versions.values_list("number", "note")) == [(2, "second"), (1, "first")]
    paper.refresh_from_db()
    assert paper.file.name.endswith("new.pdf")


@pytest.mark.parametrize("page", ["version", "withdraw"])
def test_only_its_organisation_replaces_and_withdraws_a_paper(cast, page):
    hand_in(cast)
    paper = Document.objects.get()
    found = {
        who: client_of(getattr(cast, who))
        .post(f"/my/documents/{paper.pk}/{page}/", {"file": pdf("new.pdf")})
        .status_code
        for who in ("stranger", "colleague", "coordinator", "ended", "staff")
    }

    assert found == dict.fromkeys(found, 403)
    assert DocumentVersion.objects.count() == 1


def test_paper_is_taken_back_with_its_files(cast, django_capture_on_commit_callbacks):
    hand_in(cast)
    paper = Document.objects.get()
    client = client_of(cast.delegate)
    asked = client.get(f"/my/documents/{paper.pk}/withdraw/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/my/documents/{paper.pk}/withdraw/")

    assert "Yes, take it back" in asked.text
    assert not Document.objects.exists()
    assert not default_storage.exists(paper.file.name)
    assert Change.objects.filter(user=cast.delegate, action="deleted", label=f"{WORD} roofs").exists()


@pytest.mark.parametrize("changes", [{"audience": "public"}, {"meeting__start_on": TODAY}])
def test_paper_stays_once_it_is_public_or_the_meeting_begins(cast, changes):
    hand_in(cast)
    if "audience" in changes:
        Document.objects.update(**changes)
    else:
        type(cast.meeting).objects.update(start_on=TODAY)
    paper = Document.objects.get()
    client = client_of(cast.delegate)

    response = client.post(f"/my/documents/{paper.pk}/withdraw/", follow=True)

    assert "until its meeting begins" in response.text
    assert Document.objects.count() == 1


# --- The database, costs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("document_wish_is_for_everybody", lambda: factories.DocumentFactory(wished_audience="members")),
        ("document_handed_in_by_somebody", lambda: factories.DocumentFactory(handed_in_at=NOON)),
        ("document_session_of_a_meeting", lambda: factories.DocumentFactory(meeting=None, session=factories.SessionFactory())),
    ],
)  # fmt: skip
def test_database_refuses(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_session_is_one_of_the_meeting():
    paper = Document(meeting=factories.MeetingFactory(), session=factories.SessionFactory(), title="Paper")

    with pytest.raises(Exception, match="another meeting"):
        paper.full_clean()


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_a_fixed_number_of_queries(cast, rows, django_assert_num_queries):
    for number in range(rows):
        hand_in(cast, title=f"Paper {number}")
    client = client_of(cast.delegate)

    with django_assert_num_queries(12):
        client.get("/my/documents/")
    with django_assert_num_queries(11):
        client.get(f"/my/documents/{Document.objects.order_by('pk').values_list('pk', flat=True).first()}/")
    with django_assert_num_queries(7):
        client.get("/my/documents/hand-in/")
