from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group look at the site with the eyes of others, and see who did."""
    database = schema_editor.connection.alias
    first._create_permissions(apps, "members", database)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    group.permissions.add(*permissions.filter(content_type__app_label="members", content_type__model="viewing"))


class Migration(migrations.Migration):
    dependencies = [("b40", "0016_shared_cache"), ("members", "0007_viewings")]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
