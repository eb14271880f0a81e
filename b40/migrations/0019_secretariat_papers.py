from importlib import import_module
from typing import Any

from django.db import migrations

first = import_module("b40.migrations.0002_secretariat_group")
MODELS = {"workinggroups": ["topicproposal", "topicsupport"], "meetings": ["actionreport", "actionreminder"]}


def grant(apps: Any, schema_editor: Any) -> None:
    """Let the secretariat's group follow up proposals of topics, their support, and reports on actions."""
    database = schema_editor.connection.alias
    group = apps.get_model("auth", "Group").objects.using(database).get(name=first.GROUP)
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    for app, models in MODELS.items():
        first._create_permissions(apps, app, database)
        group.permissions.add(*permissions.filter(content_type__app_label=app, content_type__model__in=models))


class Migration(migrations.Migration):
    dependencies = [
        ("b40", "0018_secretariat_joining"),
        ("meetings", "0018_papers_and_reports"),
        ("workinggroups", "0003_proposals"),
    ]

    # Going back leaves the group alone: accounts may be in it.
    operations = [migrations.RunPython(grant, migrations.RunPython.noop, elidable=False)]
