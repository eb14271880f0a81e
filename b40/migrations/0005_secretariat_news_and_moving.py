from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group keep news, posts that move in, and old addresses."""
    database = schema_editor.connection.alias
    for label in ("meetings", "b40"):
        first._create_permissions(apps, label, database)
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    group.permissions.add(
        *permissions.filter(content_type__app_label="meetings", content_type__model="newsitem"),
        *permissions.filter(content_type__app_label="b40", content_type__model__in=("importedpost", "oldaddress")),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("b40", "0004_moving"),
        ("meetings", "0004_news"),
    ]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
