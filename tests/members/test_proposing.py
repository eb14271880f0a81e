"""What an organisation proposes for its page: written, changed, taken back and answered; two at once lose nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.history import acting
from members.models import Change, Organisation, ProposedChange
from members.proposing import (
    Answer,
    ProposalStale,
    decide,
    digest_of,
    lines_of,
    propose,
    shown_state,
    waiting_for,
    withdraw,
)
from tests import factories
from tests.cast import delegate
from tests.factories import picture_file

pytestmark = pytest.mark.django_db

YES = Answer(is_accepted=True)


@pytest.fixture
def city():
    return factories.OrganisationFactory(
        name="Sofia", slug="sofia", description="A city", website="https://sofia.example.org"
    )


@pytest.fixture
def maria(city):
    return delegate(city)


@pytest.fixture
def staff():
    return factories.UserFactory(staff=True, username="elif")


def picture(**size):
    return SimpleUploadedFile("own name.png", picture_file(**size).read())


def send(city, by, uploads=None, **changes):
    seen = shown_state(city, waiting_for(city))
    return propose(city, {**seen, **changes}, by=by, seen=seen, uploads=uploads)


def answer(proposal, by, **answers):
    return decide(proposal, answers, by=by, seen=digest_of(proposal))


def folder(name):
    try:
        return set(default_storage.listdir(name)[1])
    except FileNotFoundError:
        return set()


# --- Proposing -------------------------------------------------------------------------------------------------------


def test_a_proposal_holds_what_differs_and_leaves_the_record_alone(city, maria):
    proposal = send(city, maria, description="The capital", links=["https://data.example.org/"])

    city.refresh_from_db()
    assert proposal.fields == {"description": ["A city", "The capital"], "links": [[], ["https://data.example.org/"]]}
    assert (city.description, city.links) == ("A city", [])
    assert (proposal.proposed_by, proposal.edition, proposal.is_waiting) == (maria, 1, True)
    assert proposal.version == Change.objects.of_record(f"members.organisation:{city.pk}").version()


def test_amending_makes_the_next_edition_of_the_same_proposal(city, maria):
    first = send(city, maria, description="The capital", uploads={"photo": picture()})
    staged = first.photo.name

    second = send(city, maria, website="")

    assert second.pk == first.pk
    assert second.edition == 2
    assert second.fields == {
        "description": ["A city", "The capital"],
        "website": ["https://sofia.example.org", ""],
        "photo": ["", staged],
    }


def test_a_proposal_that_changes_nothing_is_refused_with_the_way_out(city, maria):
    with pytest.raises(ValidationError, match="change something, then send it"):
        send(city, maria)
    send(city, maria, description="The capital")
    with pytest.raises(ValidationError, match="take the proposal back"):
        send(city, maria, description="A city")

    assert waiting_for(city).wanted == {"description": "The capital"}


def test_two_at_once_the_second_is_refused_and_the_first_stands(city, maria):
    seen = shown_state(city, None)
    propose(city, {**seen, "description": "First"}, by=maria, seen=seen)

    with pytest.raises(ProposalStale):
        propose(city, {**seen, "website": "https://other.example.org"}, by=delegate(city), seen=seen)

    assert waiting_for(city).wanted == {"description": "First"}


def test_a_form_older_than_the_record_is_refused(city, maria):
    seen = shown_state(city, None)
    city.description = "Changed by staff"
    city.save()

    with pytest.raises(ProposalStale):
        propose(city, {**seen, "description": "Mine"}, by=maria, seen=seen)

    assert waiting_for(city) is None


def test_pictures_are_written_anew_and_wait_beside_the_record(city, maria, django_capture_on_commit_callbacks):
    proposal = send(city, maria, uploads={"emblem": picture(width=700, height=500)})

    city.refresh_from_db()
    assert not city.emblem
    assert proposal.emblem.name.startswith("proposed/")
    assert proposal.emblem.name.endswith("-700x500.webp")
    assert "own name" not in proposal.emblem.name
    with django_capture_on_commit_callbacks(execute=True):
        other = send(city, maria, uploads={"emblem": picture(width=300, height=200)})
    assert other.emblem.name.endswith("-300x200.webp")
    assert default_storage.exists(other.emblem.name)
    assert not default_storage.exists(proposal.emblem.name)


def test_taking_back_lets_go_of_the_files_and_needs_the_edition_that_was_shown(
    city, maria, django_capture_on_commit_callbacks
):
    proposal = send(city, maria, uploads={"photo": picture(width=700)})
    name, kept = proposal.photo.name, folder("proposed")
    with pytest.raises(ProposalStale):
        withdraw(proposal, by=maria, edition=7)

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(proposal, by=maria, edition=1)

    proposal.refresh_from_db()
    assert (proposal.withdrawn_by, proposal.photo.name, waiting_for(city)) == (maria, "", None)
    assert len(kept - folder("proposed")) == 2  # both widths
    assert not default_storage.exists(name)
    with pytest.raises(ProposalStale):
        withdraw(proposal, by=maria, edition=1)


# --- The answer ------------------------------------------------------------------------------------------------------


def test_what_is_accepted_is_on_record_in_one_batch_and_the_rest_says_why_not(
    city, maria, staff, django_capture_on_commit_callbacks
):
    proposal = send(
        city, maria, description="The capital", website="http://ads.example.org", photo_credit="Maria",
        uploads={"photo": picture(width=1000, height=500)},
    )  # fmt: skip
    staged = proposal.photo.name

    with django_capture_on_commit_callbacks(execute=True):
        answered = answer(
            proposal,
            staff,
            description=YES,
            photo=YES,
            photo_credit=YES,
            website=Answer(False, "That is an advertisement."),
        )

    city.refresh_from_db()
    assert (city.description, city.website, city.photo_credit) == ("The capital", "https://sofia.example.org", "Maria")
    assert (answered.verdict, answered.refused) == ("partly", {"website": "That is an advertisement."})
    changes = Change.objects.filter(
        record__in=[f"members.organisation:{city.pk}", f"members.proposedchange:{proposal.pk}"]
    )
    last = changes.filter(actor="elif")
    assert last.values("batch").distinct().count() == 1
    assert set(last.get(model="members.organisation").fields) == {"description", "photo", "photo_credit"}
    assert last.get(model="members.organisation").reason == f"proposed by {maria.person}"
    assert city.photo.name.startswith("cities/")
    assert city.photo.name.endswith("-1000x500.webp")
    assert [default_storage.exists(name) for name in (city.photo.name, city.photo._name_at(480), staged)] == [
        True,
        True,
        False,
    ]


def test_a_picture_is_accepted_as_it_was_looked_at_byte_by_byte(city, maria, staff):
    proposal = send(city, maria, uploads={"emblem": picture()})
    with proposal.emblem as staged:
        looked_at = staged.read()

    answer(proposal, staff, emblem=YES)

    city.refresh_from_db()
    with city.emblem as kept:
        assert kept.read() == looked_at


def test_taking_a_picture_away_is_proposed_and_accepted(city, maria, staff, django_capture_on_commit_callbacks):
    city.photo.save("p.png", picture_file())
    name = city.photo.name
    proposal = send(city, maria, photo="")

    with django_capture_on_commit_callbacks(execute=True):
        answer(proposal, staff, photo=YES)

    city.refresh_from_db()
    assert not city.photo
    assert not default_storage.exists(name)


def test_every_field_needs_an_answer_and_every_refusal_its_reason(city, maria, staff):
    proposal = send(city, maria, description="The capital", website="")

    with pytest.raises(ValidationError) as refused:
        answer(proposal, staff, website=Answer(False, " "))

    assert set(refused.value.message_dict) == {"description", "website"}
    assert waiting_for(city)


def test_an_answer_to_a_record_that_changed_meanwhile_is_refused_then_given_knowingly(city, maria, staff):
    proposal = send(city, maria, description="The capital")
    seen = digest_of(waiting_for(city))
    with acting(name="somebody"):
        Organisation.objects.get(pk=city.pk).save()  # what changes nothing is no matter
    assert digest_of(waiting_for(city)) == seen
    city.description = "Changed by staff"
    city.save()

    with pytest.raises(ProposalStale):
        decide(proposal, {"description": YES}, by=staff, seen=seen)

    city.refresh_from_db()
    (line,) = lines_of(waiting_for(city))
    assert city.description == "Changed by staff"
    assert (line.before, line.now, line.after, line.is_moved) == ("A city", "Changed by staff", "The capital", True)
    answer(waiting_for(city), staff, description=YES)
    city.refresh_from_db()
    assert city.description == "The capital"


def test_an_answer_to_an_earlier_edition_is_refused(city, maria, staff):
    proposal = send(city, maria, description="The capital")
    seen = digest_of(proposal)
    send(city, maria, description="Something else altogether")

    with pytest.raises(ProposalStale):
        decide(proposal, {"description": YES}, by=staff, seen=seen)

    city.refresh_from_db()
    assert city.description == "A city"


def test_a_value_that_the_record_s_rules_forbid_is_refused_and_nothing_is_written(city, maria, staff):
    proposal = send(city, maria, description="The capital", links=["no address"])

    with pytest.raises(ValidationError, match="Line 1 is no web address"):
        answer(proposal, staff, description=YES, links=YES)

    city.refresh_from_db()
    assert (city.description, waiting_for(city).pk) == ("A city", proposal.pk)


# --- Rules of the database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("proposal_changes_something", {"fields": {}}),
        ("proposal_decided_by_somebody", {"decided_at": timezone.now()}),
        ("proposal_decided_by_somebody", {"verdict": "accepted"}),
        ("proposal_taken_back_by_somebody", {"withdrawn_at": timezone.now()}),
        ("proposal_answered_or_taken_back", {"withdrawn_at": timezone.now(), "decided_at": timezone.now(), "verdict": "accepted"}),
        ("proposal_files_while_it_waits", {"withdrawn_at": timezone.now(), "photo": "proposed/a-1x1.webp"}),
    ],
)  # fmt: skip
def test_the_database_refuses_what_makes_no_sense(maria, name, changes):
    people = {
        "proposal_answered_or_taken_back": ("withdrawn_by", "decided_by"),
        "proposal_files_while_it_waits": ("withdrawn_by",),
    }
    who = dict.fromkeys(people.get(name, ()), maria)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factories.ProposedChangeFactory(**changes, **who)


def test_one_proposal_of_an_organisation_waits(city, maria):
    send(city, maria, description="The capital")

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ProposedChangeFactory(organisation=city)
    factories.ProposedChangeFactory(organisation=city, withdrawn_at=timezone.now(), withdrawn_by=maria)

    assert ProposedChange.objects.filter(organisation=city).count() == 2


# --- Addresses that are taken ----------------------------------------------------------------------------------------


def test_an_organisation_takes_an_address_that_only_begins_like_one():
    city = factories.OrganisationFactory.build(slug="meetings-town", country=factories.CountryFactory())

    city.full_clean(exclude=["key", "loose_key", "search"])
