from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")
MODELS = [
    "invitation", "invitee", "sessionanswer", "announceddelegate", "datepoll", "polloption", "ballot", "voter", "preference",
]  # fmt: skip


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group invite, and ask for dates."""
    database = schema_editor.connection.alias
    first._create_permissions(apps, "meetings", database)
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    group.permissions.add(*permissions.filter(content_type__app_label="meetings", content_type__model__in=MODELS))


class Migration(migrations.Migration):
    dependencies = [
        ("b40", "0012_secretariat_minutes"),
        ("meetings", "0013_invitations"),
    ]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
