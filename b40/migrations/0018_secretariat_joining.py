from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group write how meetings are joined."""
    database = schema_editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    first._create_permissions(apps, "meetings", database)
    granted = permissions.filter(content_type__app_label="meetings", content_type__model="joininginstructions")
    group.permissions.add(*granted)


class Migration(migrations.Migration):
    dependencies = [("b40", "0017_secretariat_viewings"), ("meetings", "0017_joining")]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
