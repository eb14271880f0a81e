from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group look at the steps of meetings and at frozen records; the steps write them."""
    database = schema_editor.connection.alias
    first._create_permissions(apps, "meetings", database)
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    kept = permissions.filter(content_type__app_label="meetings", content_type__model__in=["meetingstep", "snapshot"])
    group.permissions.add(*kept)


class Migration(migrations.Migration):
    dependencies = [
        ("b40", "0008_secretariat_mail"),
        ("meetings", "0007_lifecycle"),
    ]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
