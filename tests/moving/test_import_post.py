"""manage.py import_post: drafts, memory of what was imported, old addresses, bad input."""

import io
import json

import pytest
from django.core.management import call_command

from b40.models import ImportedPost, OldAddress
from meetings.attendance import who_attended
from meetings.models import Attendance, Channel, Meeting, MeetingStatus, NewsItem, Session
from members.models import Change, Source
from tests.moving.conftest import POSTS
from tests.moving.samples import raw
from workinggroups.models import Topic, TopicStatus

pytestmark = pytest.mark.django_db

MEETING = "<p>The Local Climate Action Working Group met in Varna on 3 May 2025.</p><p>Athens, Sofia and Atlantis attended.</p>"


def run(*files, code=0, **options):
    """Run the command; give what it printed and what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_post", *map(str, files), stdout=out, stderr=err, **options)
        ended = 0
    except SystemExit as stop:
        ended = stop.code
    assert ended == code, err.getvalue()
    return out.getvalue(), err.getvalue()


def counts():
    return [
        model.objects.count()
        for model in (Meeting, NewsItem, Session, Attendance, Topic, Source, ImportedPost, OldAddress)
    ]


# --- What becomes of a post ------------------------------------------------------------------------------------------


def test_a_meeting_becomes_a_draft_with_rows_that_name_the_post_as_source(register, write_posts):
    run(write_posts(raw(MEETING, "Working group meeting in Varna")))

    meeting = Meeting.objects.get(slug="post-1")
    rows = list(meeting.attendances.order_by("organisation__slug"))
    assert (meeting.status, meeting.host_city.slug, meeting.timezone) == (MeetingStatus.DRAFT, "varna", "Europe/Sofia")
    assert [row.organisation.slug for row in rows] == ["athens", "sofia"]
    assert {row.channel for row in rows} == {Channel.PUBLISHED}
    assert {source.url for row in rows for source in row.sources.all()} == {"https://b40network.org/v2/post-1/"}
    assert (
        meeting.report
        == "<p>The Local Climate Action Working Group met in Varna on 3 May 2025.</p><p>Athens, Sofia and Atlantis attended.</p>"
    )


def test_ten_stated_and_three_named_make_three_rows_and_a_total_of_ten(register, write_posts):
    run(
        write_posts(
            raw(
                "<p>A workshop was held in Sofia on 3 May 2025.</p><p>10 cities took part, among them Athens, Tirana and Zagreb.</p>",
                "Workshop",
            )
        )
    )

    meeting = Meeting.objects.get(slug="post-1")
    assert len(who_attended(meeting).cities) == 3
    assert [(total.what, total.number) for total in meeting.stated_totals.all()] == [("cities", 10)]


def test_topics_are_met_again_by_title_and_else_made_as_drafts(register, write_posts):
    content = "<p>The working groups met online on 3 May 2025.</p><p>Local Climate Action: Urban heat island effect; Roof gardens</p>"
    run(write_posts(raw(content, "Working group meeting")))

    topics = Topic.objects.filter(agenda_items__session__meeting__slug="post-1")
    assert {(topic.title, topic.status) for topic in topics} == {
        ("Urban heat island effect", TopicStatus.OPEN),
        ("Roof gardens", TopicStatus.DRAFT),
    }


def test_the_post_of_april_2025_comes_out_complete(whole_register):
    """The same facts as the network's own post of that day, in other words and in the markup of its page builder."""
    run(POSTS / "avia-april-2025.json")

    meeting = ImportedPost.objects.get().meeting
    listed = who_attended(meeting)
    sessions = meeting.sessions.prefetch_related("working_groups", "items__topics")
    topics = {str(session): [item.label for item in session.items.all()] for session in sessions}
    assert (meeting.start_on.isoformat(), meeting.end_on, meeting.mode) == ("2025-04-09", None, "online")
    assert (len(listed.cities), len(listed.observers), len(topics)) == (16, 2, 4)
    assert meeting.presidency.city.slug == "sofia"
    assert topics["Local Climate Action"] == ["Urban heat island effect", "Air pollution mitigation"]
    assert all(topics.values())


def test_what_is_no_meeting_becomes_a_draft_of_news(register):
    run(POSTS / "statement.json")

    item = NewsItem.objects.get()
    assert (item.kind, item.is_draft) == ("statement", True)
    assert {each.slug for each in item.organisations.all()} == {"istanbul", "sofia", "athens", "zagreb"}


def test_a_meeting_without_its_day_waits_for_a_person(register):
    out, _err = run(POSTS / "no-year.json")

    imported = ImportedPost.objects.get()
    assert (imported.meeting, imported.made_at) == (None, None)
    assert "waits for a person" in out
    assert "not understood: “21-22 May”" in out


def test_a_meeting_on_record_stays_as_it_is_and_gets_the_old_address(register):
    before = Change.objects.count()

    out, _err = run(POSTS / "ceremony.json")

    meeting = ImportedPost.objects.get().meeting
    assert meeting.status == MeetingStatus.HELD
    assert "speaks of a meeting that is on record" in out
    assert OldAddress.objects.get(path="/v2/ten-bulgarian-cities/").meeting == meeting
    written = Change.objects.order_by("pk")[before:]
    assert {change.model for change in written} == {"b40.oldaddress"}


def test_dry_run_says_the_same_and_writes_nothing(register, write_posts):
    path = write_posts([raw(MEETING, "Working group meeting"), raw("<p>We stand with you.</p>", "Statement", 2)])
    before = counts()

    out, _err = run(path, dry_run=True)

    assert counts() == before
    assert "2 drafted." in out
    assert "nothing was written" in out


# --- Again -----------------------------------------------------------------------------------------------------------


def test_the_second_import_changes_nothing(register):
    files = sorted(POSTS.glob("*.json"))
    run(*files)
    before, changes = counts(), Change.objects.count()

    out, _err = run(*files)

    assert (counts(), Change.objects.count()) == (before, changes)
    assert "drafted" not in out


def test_a_post_that_changed_renews_a_draft_that_nobody_touched(register, write_posts):
    run(write_posts(raw(MEETING, "Working group meeting")))
    out, _err = run(write_posts(raw(MEETING.replace("Sofia", "Tirana"), "Working group meeting")))

    assert "its draft, which nobody had edited, was made anew" in out
    assert {row.organisation.slug for row in Attendance.objects.filter(meeting__slug="post-1")} == {"athens", "tirana"}
    assert OldAddress.objects.get(path="/v2/post-1/").meeting == Meeting.objects.get(slug="post-1")


def test_a_draft_that_a_person_edited_is_only_told_what_the_post_says_now(register, write_posts):
    run(write_posts(raw(MEETING, "Working group meeting")))
    row = Attendance.objects.filter(meeting__slug="post-1", organisation__slug="sofia").get()
    row.basis = "The list of signatures."
    row.save()

    out, _err = run(write_posts(raw(MEETING.replace("Sofia", "Tirana"), "Working group meeting")))

    assert "what stands here stays" in out
    assert "cities: here athens, sofia, in the post athens, tirana" in out
    assert {each.organisation.slug for each in Attendance.objects.filter(meeting__slug="post-1")} == {"athens", "sofia"}


def test_a_draft_that_a_person_deleted_does_not_come_back(register, write_posts):
    run(write_posts(raw(MEETING, "Working group meeting")))
    Meeting.objects.get(slug="post-1").delete()

    for content in (MEETING, MEETING.replace("Sofia", "Tirana")):
        out, _err = run(write_posts(raw(content, "Working group meeting")))
        assert "somebody discarded" in out

    assert not Meeting.objects.filter(slug="post-1").exists()


# --- JSON ------------------------------------------------------------------------------------------------------------

KEYS = [
    "post_id", "kind", "start_date", "end_date", "mode", "place", "host_city", "cities", "cities_count_stated", "participants_stated",
    "observers", "working_groups", "topics", "presidency_city", "people", "unresolved",
]  # fmt: skip


def test_json_is_one_list_with_every_key_and_null_for_the_unknown(register, write_posts):
    out, _err = run(
        write_posts([raw(MEETING, "Meeting"), raw("<p>Hello</p>", "Statement", 2)]), format="json", dry_run=True
    )

    first, second = json.loads(out)
    assert list(first) == KEYS
    assert (first["start_date"], first["cities"], first["unresolved"]) == (
        "2025-05-03",
        ["athens", "sofia"],
        ["Atlantis"],
    )
    assert (second["kind"], second["start_date"], second["cities_count_stated"]) == ("news", None, None)


# --- Bad input -------------------------------------------------------------------------------------------------------

GOOD = raw(MEETING, "Meeting", 99)
TEXT = json.dumps(GOOD)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"[]", "the list is empty"),
        (b"<!DOCTYPE html><p>", "this is a web page and no JSON"),
        (TEXT.encode("utf-16"), "the file is UTF-16"),
        (TEXT.encode("utf-16-le"), "not UTF-8"),
        (TEXT.replace("Meeting", "Toplantı ş").encode("cp1254"), "not UTF-8"),
        (b"hello", "line 1, column 1: this is not JSON"),
        (TEXT[:-20].encode(), "this is not JSON, or it breaks off"),
        (b'{"id": 1, "title": nope}', "line 1, column 20"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"[7]", "post 1: this is no post"),
        (b'{"title": "x"}', 'its "id" must be a number'),
        (b'{"id": true, "content": "x"}', 'its "id" must be a number'),
        (json.dumps(raw("", "Title")).encode(), "post 1 (id 1): the post has no content"),
        (b'{"id": 4}', "the post has no content"),
        (json.dumps(raw("<p>x</p>" * 400_000)).encode(), "MB of markup"),
        (json.dumps(raw("<div>" * 100_000)).encode(), "nested 100,000 deep"),
        (b'{"code": "rest_post_invalid_id", "message": "Invalid post ID."}', "answered with an error instead of a post"),
    ],
)  # fmt: skip
def test_bad_input_is_one_message_with_file_and_place_and_the_other_files_go_in(
    register, write_posts, content, message
):
    bad, good = write_posts(content, "bad.json"), write_posts(GOOD, "good.json")

    out, err = run(bad, good, code=2)

    (line,) = [line for line in err.splitlines() if "bad.json" in line]
    assert message in line
    assert "1 drafted, 1 not readable." in out
    assert ImportedPost.objects.get().post_id == 99


def test_what_stands_before_a_break_goes_in(register, write_posts):
    path = write_posts(f"[{TEXT}, {{".encode())

    _out, err = run(path, code=2)

    assert "after post 1: " in err
    assert ImportedPost.objects.get().post_id == 99


def test_a_missing_file_is_named(register, tmp_path):
    _out, err = run(tmp_path / "none.json", code=2)

    assert "none.json: the file cannot be read: No such file or directory" in err


def test_a_byte_order_mark_is_read_over(register, write_posts):
    run(write_posts(b"\xef\xbb\xbf" + TEXT.encode()))

    assert ImportedPost.objects.get().post_id == 99


def test_two_posts_of_one_address_do_not_take_it_from_each_other(register, write_posts):
    run(
        write_posts(
            [
                raw(MEETING, "Meeting", 1, link="https://b40network.org/v2/same/"),
                raw("<p>Hello</p>", "Statement", 2, link="https://b40network.org/v2/same/"),
            ]
        )
    )

    assert OldAddress.objects.get(path="/v2/same/").meeting is not None
    assert OldAddress.objects.get(path="/v2/?p=2").news_item is not None
