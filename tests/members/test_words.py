"""The index of words follows the records, and finds what a reader of them would."""

import pytest
from django.apps import apps as installed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.models import Meeting
from members.models import Organisation, SearchWord
from members.names import search_text
from members.words import index_all, searchable_models
from tests.factories import (
    DocumentFactory,
    FormerNameFactory,
    MeetingFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    TopicFactory,
    WorkingGroupFactory,
)
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db


def index():
    return sorted(SearchWord.objects.values_list("kind", "word", "object_id", "part"))


@pytest.mark.parametrize("text", ["Heat in cities", "heat cit", "CITIES", "Héat", "Солун", "solun"])
def test_words_are_found_by_their_beginnings_in_any_script(text):
    meeting = MeetingFactory(title="Heat in cities: Солун")

    assert list(Meeting.objects.matching(text)) == [meeting]


@pytest.mark.parametrize("text", ["eat", "heat water", "heats", "", "…"])
def test_other_words_find_nothing(text):
    MeetingFactory(title="Heat in cities")

    assert list(Meeting.objects.matching(text)) == []


def test_index_follows_a_change_of_text():
    meeting = MeetingFactory(title="Heat")
    meeting.title = "Water"
    meeting.save()

    assert [list(Meeting.objects.matching(text)) for text in ("heat", "water")] == [[], [meeting]]


def test_index_follows_names_to_the_organisation_that_bears_them():
    first, second = OrganisationFactory(name="Alpha"), OrganisationFactory(name="Beta")
    name = OrganisationNameFactory(organisation=first, text="Üsküp")
    assert list(Organisation.objects.matching("usk")) == [first]

    name.organisation = second
    name.save()
    assert list(Organisation.objects.matching("usk")) == [second]

    name.delete()
    assert list(Organisation.objects.matching("usk")) == []


def test_words_of_one_record_may_stand_in_several_of_its_names():
    city = OrganisationFactory(name="Novo Mesto")
    OrganisationNameFactory(organisation=city, text="Ново место Словенија")

    assert list(Organisation.objects.matching("novo slovenija")) == [city]


def test_group_is_found_by_a_name_that_it_bore():
    group = WorkingGroupFactory(name="Local Economic and Cultural Cooperation")
    FormerNameFactory(group=group, name="Trade")

    assert list(WorkingGroup.objects.matching("trade local")) == [group]


def test_deletion_takes_the_words_of_record_and_parts_along():
    city = OrganisationFactory()
    OrganisationNameFactory(organisation=city)
    meeting = MeetingFactory()
    DocumentFactory(meeting=meeting)

    city.delete()
    meeting.delete()

    assert index() == []


def test_index_made_anew_and_by_the_migration_is_the_one_kept_in_step():
    name = OrganisationNameFactory(text="Солун")
    FormerNameFactory()
    MeetingFactory(title="Heat heat " + "very" * 30)
    TopicFactory(description=name.text)
    kept = index()

    for model in searchable_models():
        index_all(model)
    anew = index()
    SearchWord.objects.all().delete()
    migration = __import__("importlib").import_module("b40.migrations.0003_index_words")
    migration.index(installed, None)

    assert kept == anew == index()
    came_later = {"meetings.NewsItem"}  # its table was made after that migration, empty
    searched = {f"{app}.{name}" for app, name in migration.SEARCHED}
    assert {model._meta.label for model in searchable_models()} - came_later == searched


WORDS = st.sampled_from(["heat", "heating", "water", "9", "99", "жега", "zz", "zzz", "ćevapi"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    titles=st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=5), asked=st.lists(WORDS, min_size=1, max_size=2)
)
def test_matching_is_every_word_begins_a_word(titles, asked):
    Meeting.objects.all().delete()
    meetings = [MeetingFactory(title=" ".join(words)) for words in titles]
    wanted = search_text(*asked).split()

    found = set(Meeting.objects.matching(" ".join(asked)))

    assert found == {
        meeting
        for meeting in meetings
        if all(any(own.startswith(word) for own in meeting.search.split()) for word in wanted)
    }
