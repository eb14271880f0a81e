"""Topics from the delegate's side: who proposes, who sees, who decides, and that nothing leaks before."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from members.models import Change
from tests import factories
from tests.b40.papers_cast import NOON, TODAY, answers, client_of, delegate, expect, make_cast
from workinggroups.models import Topic, TopicSupport
from workinggroups.similar import likeness

pytestmark = pytest.mark.django_db
WORD = "Confidential"


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def proposed(cast):
    topic = factories.TopicFactory(title=f"{WORD} heat", slug="heat", group=cast.group, status="proposed")
    proposal = {"why": f"{WORD} reason", "wanted": f"{WORD} wish", "by": cast.delegate}
    factories.TopicProposalFactory(topic=topic, organisation=cast.skopje, **proposal)
    factories.TopicSupportFactory(topic=topic, organisation=cast.skopje, by=cast.delegate)
    return topic


def typed(cast, **changes):
    sent = {"group": cast.group.pk, "organisation": cast.skopje.pk, "title": "Урбана топлина", "why": "It is hot."}
    return {**sent, "wanted": "An hour", "links": "example.org/heat\n", "seen": "", **changes}


# --- Proposing -------------------------------------------------------------------------------------------------------


def test_delegate_proposes_a_topic_for_their_city(cast):
    response = client_of(cast.delegate).post("/my/propose-topic/", typed(cast))

    topic = Topic.objects.get(title="Урбана топлина")
    assert (response.status_code, response["Location"]) == (302, f"/my/topics/{topic.slug}/")
    assert (topic.status, topic.status_since, topic.group, topic.slug) == (
        "proposed",
        TODAY,
        cast.group,
        "urbana-toplina",
    )
    proposal = topic.proposal
    assert (proposal.organisation, proposal.by, proposal.why, proposal.wanted) == (
        cast.skopje,
        cast.delegate,
        "It is hot.",
        "An hour",
    )
    assert proposal.addresses == ["https://example.org/heat"]
    assert [(line.organisation, line.since) for line in topic.supports.all()] == [(cast.skopje, TODAY)]
    assert Change.objects.filter(label="Урбана топлина", user=cast.delegate, action="created").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "This field is required."),
        ({"why": ""}, "This field is required."),
        ({"links": "https://example.org\nno address at all"}, "Line 2 is no address"),
        ({"group": "elsewhere"}, "Select a valid choice"),
        ({"organisation": "varna"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_read_is_said_and_all_words_are_kept(cast, changes, said):
    for name, value in changes.items():
        if name in ("group", "organisation"):
            changes = {name: getattr(cast, value).pk}

    response = client_of(cast.delegate).post("/my/propose-topic/", typed(cast, **changes))

    assert response.status_code == 422
    assert said in response.text
    assert ("It is hot." in response.text) == ("why" not in changes)
    assert "An hour" in response.text
    assert not Topic.objects.exists()


def test_somebody_of_two_cities_speaks_in_each_group_for_the_one_that_sits_there(cast):
    both = delegate(cast.skopje, groups=[cast.group])
    factories.MandateFactory(person=both.person, organisation=cast.varna)

    refused = client_of(both).post("/my/propose-topic/", typed(cast, organisation=cast.varna.pk))
    taken = client_of(both).post("/my/propose-topic/", typed(cast))

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "You do not sit in “Local Climate Action” for Varna" in refused.text


def test_similar_topics_of_the_group_are_shown_first_and_the_proposal_can_be_sent_all_the_same(cast):
    alike = factories.TopicFactory(title="Urbana toplina", group=cast.group)
    factories.TopicFactory(title="Urbana toplina", group=cast.elsewhere)
    client = client_of(cast.delegate)

    first = client.post("/my/propose-topic/", typed(cast))
    seen = first.context["form"]["seen"].value()
    second = client.post("/my/propose-topic/", typed(cast, seen=seen))

    assert (first.status_code, first.context["similar"], "It is hot." in first.text) == (422, [alike], True)
    assert second.status_code == 302


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("Urban heat islands", "Urban heat", True),
        ("Урбана топлина", "Urbana toplina", True),
        ("Waste", "Air quality", False),
        ("Local climate plans", "Local culture", False),
    ],
)
def test_titles_are_alike_by_sound_or_words(one, other, is_alike):
    assert (likeness(one, other) >= 0.72) == is_alike


def test_a_title_that_the_group_has_is_refused_but_one_that_it_declined_may_come_again(cast):
    factories.TopicFactory(title="Урбана топлина", group=cast.group, status="draft")
    client = client_of(cast.delegate)

    refused = client.post("/my/propose-topic/", typed(cast))
    Topic.objects.update(status="declined", status_reason="Not now.")

    assert refused.status_code == 422
    assert "This group has a topic of this title already." in refused.text
    assert client.post("/my/propose-topic/", typed(cast)).status_code == 302


# --- Who sees --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("/my/topics/", {"stranger": 200, "colleague": 200, "delegate": 200, "coordinator": 200}),
        ("/my/topics/heat/", {"stranger": 404, "colleague": 200, "delegate": 200, "coordinator": 200}),
        ("/my/topics/heat/edit/", {"stranger": 404, "colleague": 403, "delegate": 403, "coordinator": 200}),
        ("/my/groups/climate/", {"stranger": 404, "colleague": 404, "delegate": 404, "coordinator": 200}),
        ("/topics/heat/", {"public": 404, "ended": 404, "stranger": 404, "colleague": 200, "delegate": 200, "coordinator": 200, "staff": 200}),
    ],
)  # fmt: skip
def test_proposal_is_seen_by_its_group_and_decided_by_its_coordinators(cast, proposed, address, codes):
    assert answers(cast, address) == expect(**codes)


PUBLIC = [
    "/", "/topics/", "/topics/?q=confidential", "/working-groups/", "/working-groups/climate/", "/search/?q=confidential+heat",
    "/feed.atom", "/news.atom", "/sitemap.xml", "/sitemap-topics.xml", "/meetings/round/", "/meetings/round.ics", "/my/topics/",
]  # fmt: skip


@pytest.mark.parametrize("status", ["proposed", "declined"])
@pytest.mark.parametrize("who", ["public", "ended", "stranger"])
def test_proposal_leaks_to_nobody_else(cast, proposed, status, who):
    Topic.objects.filter(pk=proposed.pk).update(status=status, status_reason=f"{WORD} answer")
    session = factories.SessionFactory(meeting__slug="round", working_groups=[cast.group])
    factories.AgendaItemFactory(session=session, topics=[proposed])
    client = client_of(getattr(cast, who))

    leaks = [address for address in PUBLIC if WORD in client.get(address).text.replace(f"{WORD.lower()}", "")]

    assert leaks == []
    assert client.get("/topics/heat/").status_code == client.get("/og/topic/heat.png").status_code == 404


def test_declined_proposal_is_read_by_who_proposed_it_with_the_reason(cast, proposed):
    client_of(cast.coordinator).post(
        "/my/topics/heat/edit/", edited(cast, status="declined", status_reason="Next year.")
    )

    proposed.refresh_from_db()
    assert (proposed.status, proposed.status_reason) == ("declined", "Next year.")
    assert "Next year." in client_of(cast.delegate).get("/my/topics/").text
    assert client_of(cast.colleague).get("/my/topics/heat/").status_code == 404


# --- Deciding --------------------------------------------------------------------------------------------------------


def edited(cast, **changes):
    """What the coordinator's page would send, with some of it typed over."""
    form = client_of(cast.coordinator).get("/my/topics/heat/edit/").context["form"]
    return {name: form[name].value() for name in form.fields} | changes


def test_coordinator_takes_a_proposal_on_and_the_public_sees_it_with_its_supporters(cast, proposed):
    sent = edited(cast, status="open", title="Heat", description="What cities do about heat.")
    response = client_of(cast.coordinator).post("/my/topics/heat/edit/", sent)

    page = client_of(None).get("/topics/heat/").text
    assert response.status_code == 302
    assert "What cities do about heat." in page
    assert [part in page for part in ("Supported by", "Skopje", WORD)] == [True, True, False]


def test_description_begins_with_why_it_matters_and_needs_the_coordinators_save(cast, proposed):
    assert edited(cast)["description"] == f"{WORD} reason"
    assert Topic.objects.get().description == ""


def test_declining_needs_a_reason(cast, proposed):
    response = client_of(cast.coordinator).post("/my/topics/heat/edit/", edited(cast, status="declined"))

    assert response.status_code == 422
    assert "Say why it is declined" in response.text
    assert Topic.objects.get().status == "proposed"


def test_what_somebody_else_changed_meanwhile_is_shown_beside_what_was_typed(cast, proposed):
    sent = edited(cast, status="open", title="Mine")
    client = client_of(cast.coordinator)
    client.post("/my/topics/heat/edit/", edited(cast, title="Theirs"))

    refused = client.post("/my/topics/heat/edit/", sent)
    again = {name: refused.context["form"][name].value() for name in refused.context["form"].fields}

    assert (refused.status_code, Topic.objects.get().title) == (409, "Theirs")
    assert all(word in refused.text for word in ("Theirs", 'value="Mine"'))
    assert client.post("/my/topics/heat/edit/", again).status_code == 302
    assert (Topic.objects.get().title, Topic.objects.get().status) == ("Mine", "open")


def test_coordinator_changes_no_other_groups_topic(cast):
    factories.TopicFactory(slug="museums", group=cast.elsewhere)

    assert answers(cast, "/my/topics/museums/edit/", "post") == expect(
        stranger=403, colleague=403, delegate=403, coordinator=403
    )


# --- Support ---------------------------------------------------------------------------------------------------------


def test_support_is_one_line_an_organisation_given_and_withdrawn_by_the_day(cast, proposed):
    client, sent = client_of(cast.colleague), {"organisation": "nis", "do": "support"}
    client.post("/my/topics/heat/support/", sent)
    client.post("/my/topics/heat/support/", sent)
    line = TopicSupport.objects.get(organisation=cast.nis)
    given = (line.since, line.withdrawn_on, line.by)
    with time_machine.travel(NOON + dt.timedelta(days=3), tick=False):
        client.post("/my/topics/heat/support/", {**sent, "do": "withdraw"})
    line.refresh_from_db()

    assert given == (TODAY, None, cast.colleague)
    assert (line.since, line.withdrawn_on) == (TODAY, TODAY + dt.timedelta(days=3))
    assert [topic.support for topic in Topic.objects.with_support()] == [1]


@pytest.mark.parametrize(("status", "stranger"), [("proposed", 404), ("open", 302), ("settled", 403)])
def test_proposals_are_supported_by_the_group_and_open_topics_by_the_network(cast, proposed, status, stranger):
    Topic.objects.update(status=status)

    response = client_of(cast.stranger).post("/my/topics/heat/support/", {"organisation": "varna"})

    assert response.status_code == stranger
    assert TopicSupport.objects.filter(organisation=cast.varna).exists() == (stranger == 302)


def test_nobody_supports_in_another_citys_name(cast, proposed):
    assert client_of(cast.colleague).post("/my/topics/heat/support/", {"organisation": "varna"}).status_code == 404


# --- The database ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("topic_proposed_to_a_group", lambda: factories.TopicFactory(status="proposed", group=None)),
        ("topic_declined_with_a_reason", lambda: factories.TopicFactory(status="declined")),
        ("topic_support_withdrawn_after_it_began", lambda: factories.TopicSupportFactory(withdrawn_on=dt.date(2020, 1, 1))),
    ],
)  # fmt: skip
def test_database_refuses(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_database_refuses_a_second_line_of_support():
    line = factories.TopicSupportFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.TopicSupportFactory(topic=line.topic, organisation=line.organisation)


# --- Costs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_a_fixed_number_of_queries(cast, proposed, rows, django_assert_num_queries):
    for number in range(rows):
        topic = factories.TopicFactory(group=cast.group)
        factories.AgendaItemFactory(session__working_groups=[cast.group], topics=[topic])
        factories.TopicProposalFactory(topic__group=cast.group, topic__slug=f"more-{number}", organisation=cast.nis)
        factories.TopicSupportFactory(topic=proposed)
        factories.ActionReportFactory(done=True, action__group=cast.group)
    coordinator = client_of(cast.coordinator)

    with django_assert_num_queries(10):
        coordinator.get("/my/topics/")
    with django_assert_num_queries(9):
        coordinator.get("/my/topics/heat/")
    with django_assert_num_queries(8):
        coordinator.get("/my/groups/climate/")
