from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")
MODELS = {
    "meetings": ["calendarlink", "subscription", "digest", "digestentry"],
    "members": ["consent", "erasurerequest"],
}


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group look at subscriptions and consents, and decide on who asks to be erased."""
    database = schema_editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    for app, models in MODELS.items():
        first._create_permissions(apps, app, database)
        group.permissions.add(*permissions.filter(content_type__app_label=app, content_type__model__in=models))


class Migration(migrations.Migration):
    dependencies = [
        ("b40", "0019_secretariat_papers"),
        ("members", "0008_privacy"),
        ("meetings", "0020_following"),
    ]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
