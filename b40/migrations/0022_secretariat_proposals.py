from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group answer what organisations would have changed on their pages."""
    database = schema_editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    first._create_permissions(apps, "members", database)
    group.permissions.add(
        *permissions.filter(content_type__app_label="members", content_type__model="proposedchange")
    )


class Migration(migrations.Migration):
    dependencies = [("b40", "0021_secretariat_minutes_copies"), ("members", "0009_proposed_changes")]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
