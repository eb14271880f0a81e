from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")
MODELS = {"meetings": ["mailing", "letter", "delegate"], "members": ["deadaddress"]}


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group send mail, and keep delegates and dead addresses."""
    database = schema_editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    for label, models in MODELS.items():
        first._create_permissions(apps, label, database)
        group.permissions.add(*permissions.filter(content_type__app_label=label, content_type__model__in=models))


class Migration(migrations.Migration):
    dependencies = [
        ("b40", "0007_sheet_imports"),
        ("meetings", "0006_mail_and_delegates"),
        ("members", "0005_dead_addresses"),
    ]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
