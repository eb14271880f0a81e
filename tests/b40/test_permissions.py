"""docs/permissions.md names what is there, and everything that is there."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from meetings.permissions import may_edit_session
from members.rights import may_invite_colleagues, may_remove_factors, may_view_as
from tests import factories
from tests.b40.admin_rows import secretariat_user
from tests.cast import delegate

PAGE = (Path(__file__).parents[2] / "docs/permissions.md").read_text(encoding="utf-8")
MODULES = ["members.rights", "workinggroups.rights", "meetings.permissions"]


def predicates(module):
    """The functions that a module itself defines, and shows to others."""
    own = inspect.getmembers(import_module(module), inspect.isfunction)
    return {f"{module}.{name}" for name, function in own if function.__module__ == module and not name.startswith("_")}


def test_every_predicate_stands_in_the_table_and_nothing_else_does():
    named = set(re.findall(r"`((?:members\.rights|workinggroups\.rights|meetings\.permissions)\.\w+)`", PAGE))

    assert named == {name for module in MODULES for name in predicates(module)}


def test_every_queryset_that_is_named_picks_rows_by_who_looks():
    models = {model.__name__: model for label in ("members", "workinggroups", "meetings") for model in apps.get_app_config(label).get_models()}  # fmt: skip
    named = set(re.findall(r"`(\w+)\.objects\.visible_to`", PAGE))

    assert named
    assert {name for name in named if not hasattr(models[name]._default_manager, "visible_to")} == set()


@pytest.mark.django_db
def test_who_may_edit_a_session_invite_and_view():
    city, other = factories.OrganisationFactory.create_batch(2)
    group, foreign = factories.WorkingGroupFactory.create_batch(2)
    factories.ParticipationChangeFactory(group=group, organisation=city, role="coordinator")
    factories.ParticipationChangeFactory(group=group, organisation=other)
    session, plenary = factories.SessionFactory(working_groups=[group]), factories.SessionFactory()
    coordinator, plain, lead = delegate(city, groups=[group]), delegate(other), delegate(other, role="lead")
    elsewhere = delegate(city, groups=[foreign])
    staff, bare = secretariat_user(), factories.UserFactory(staff=True)
    root = factories.UserFactory(staff=True, is_superuser=True)

    assert {user for user in (coordinator, plain, lead, elsewhere, staff, bare) if may_edit_session(user, session)} == {
        coordinator,
        staff,
    }
    assert {user for user in (coordinator, plain, staff) if may_edit_session(user, plenary)} == {staff}
    assert {user for user in (coordinator, plain, lead, staff, bare) if may_invite_colleagues(user, other)} == {
        lead,
        staff,
    }
    assert not may_invite_colleagues(lead, city)
    assert {user for user in (lead, staff, bare, root) if may_view_as(user)} == {staff, root}
    assert {user for user in (lead, staff, bare, root) if may_remove_factors(user)} == {root}
