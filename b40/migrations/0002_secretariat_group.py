from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUP = "Secretariat"
RECORD_APPS = ("members", "workinggroups", "meetings")
ACCOUNTS = "user"  # accounts are a superuser's business


def create_group(apps: Any, schema_editor: Any) -> None:
    """Make the group and give it every right on the record. On a fresh database the permissions are not there yet: Django makes them after all migrations."""
    database = schema_editor.connection.alias
    for label in (*RECORD_APPS, "b40"):
        _create_permissions(apps, label, database)
    group, _ = apps.get_model("auth", "Group").objects.using(database).get_or_create(name=GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    record = permissions.filter(content_type__app_label__in=RECORD_APPS).exclude(content_type__model=ACCOUNTS)
    seen = permissions.filter(content_type__app_label="b40", codename__startswith="view_")
    group.permissions.add(*record, *seen)


def _create_permissions(apps: Any, label: str, database: str) -> None:
    config = apps.get_app_config(label)
    config.models_module = True  # the historical app has none, and Django would take it for an app without models
    create_permissions(config, verbosity=0, using=database, apps=apps)
    config.models_module = None


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("b40", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("meetings", "0002_initial"),
        ("members", "0001_initial"),
        ("workinggroups", "0001_initial"),
    ]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(create_group, migrations.RunPython.noop, elidable=False)]
