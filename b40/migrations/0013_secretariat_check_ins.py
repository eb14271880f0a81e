from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group decide about those who checked themselves in."""
    database = schema_editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    first._create_permissions(apps, "meetings", database)
    group.permissions.add(*permissions.filter(content_type__app_label="meetings", content_type__model="checkin"))


class Migration(migrations.Migration):
    dependencies = [("b40", "0010_secretariat_planning"), ("meetings", "0013_desk")]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
