"""What the group "Secretariat" may do, and what only a superuser may."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client

from members.models import User
from tests.b40.admin_rows import address, client_of, secretariat_user, typed

pytestmark = pytest.mark.django_db

ACTIONS = ("add", "change", "delete", "view")


def test_migrations_give_the_secretariat_every_right_on_the_record_and_none_on_accounts() -> None:
    models = {model for label in ("members", "workinggroups", "meetings") for model in _names(label)} - {
        "user",
        "change",
        "searchword",
    }

    granted = Permission.objects.filter(group__name="Secretariat", content_type__app_label__in=_APPS)

    rights = {f"{act}_{name}" for act in ACTIONS for name in models - LOOKED_AT} | {
        f"view_{name}" for name in LOOKED_AT
    }
    assert set(granted.values_list("codename", flat=True)) == rights


# What steps write of themselves, and nobody by hand.
LOOKED_AT = {"meetingstep", "snapshot", "digest", "digestentry"}
_APPS = ("members", "workinggroups", "meetings")


def _names(label: str) -> list[str]:
    return [str(model._meta.model_name) for model in apps.get_app_config(label).get_models()]


def test_beyond_the_record_the_secretariat_imports_posts_and_may_only_look_at_what_was_loaded() -> None:
    granted = Permission.objects.filter(group__name="Secretariat").exclude(content_type__app_label__in=_APPS)

    assert set(granted.values_list("codename", flat=True)) == {
        "view_loadedrecord",
        *(f"{action}_importedpost" for action in ("add", "change", "view")),  # what was imported is not forgotten
        *(f"{action}_oldaddress" for action in ("add", "change", "delete", "view")),
    }


@pytest.mark.parametrize("model", [User, Group], ids=lambda model: model.__name__)
def test_secretariat_does_not_reach_accounts(model: type[User]) -> None:
    staff = client_of(secretariat_user())

    pages = [staff.get(address(model, page)).status_code for page in ("changelist", "add")]

    assert pages == [403, 403]


@pytest.fixture
def account_keeper() -> Client:
    """Staff who may change accounts, yet are no superuser."""
    keeper = secretariat_user("keeper")
    keeper.user_permissions.add(
        Permission.objects.get(codename="change_user"), Permission.objects.get(codename="view_user")
    )
    return client_of(keeper)


def test_keeper_of_accounts_cannot_hand_out_privileges(account_keeper: Client) -> None:
    user = User.objects.create_user("new", password="a-long-password")
    page = address(User, "change", user.pk)
    group = Group.objects.get(name="Secretariat")

    form = account_keeper.get(page)
    account_keeper.post(page, typed(form, is_superuser="on", groups=[group.pk], first_name="Ana"))

    user.refresh_from_db()
    assert (user.first_name, user.is_superuser, user.groups.count()) == ("Ana", False, 0)


def test_keeper_of_accounts_cannot_touch_a_superuser(account_keeper: Client) -> None:
    root = User.objects.create_superuser("root", password="a-long-password")

    answers = [
        account_keeper.post(address(User, "change", root.pk), {"first_name": "Ana"}).status_code,
        account_keeper.get(f"/admin/members/user/{root.pk}/password/").status_code,
    ]

    assert answers == [403, 403]


def test_superuser_hands_out_the_group_by_typing_its_name() -> None:
    admin = client_of(User.objects.create_superuser("root", password="a-long-password"))
    user = User.objects.create_user("new", password="a-long-password")
    group = Group.objects.get(name="Secretariat")
    page = address(User, "change", user.pk)

    query = {"app_label": "members", "model_name": "user", "field_name": "groups", "term": "secret"}
    found = admin.get("/admin/autocomplete/", query)
    admin.post(page, typed(admin.get(page), groups=[group.pk], is_staff="on"))

    user.refresh_from_db()
    assert found.json()["results"] == [{"id": str(group.pk), "text": "Secretariat"}]
    assert (user.is_staff, list(user.groups.all())) == (True, [group])
