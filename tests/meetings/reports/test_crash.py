"""A web process that is killed while it records a report writes nothing half, and nothing is lost for it."""

import json
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from meetings.models import Attendance, Delegate, ParticipantReport, RememberedMatch
from meetings.reports.applying import apply
from meetings.reports.plan import plan_of
from members.models import Change, User
from tests import factories
from tests.meetings.reports import files
from tests.meetings.reports.files import Somebody

# What the process runs: a request to the page that records, until the named model is saved so many times.
PROCESS = """
import json, os, signal, sys
wanted = json.loads(sys.argv[1])
from django.conf import settings
settings.DATABASES["default"]["NAME"] = wanted["database"]
import django
django.setup()
from django.apps import apps
from django.test import Client
model, left = apps.get_model("meetings", wanted["model"]), [wanted["times"]]
save = model.save
def killed(self, *args, **kwargs):
    save(self, *args, **kwargs)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
model.save = killed
client = Client(SERVER_NAME="localhost")
client.force_login(apps.get_model("members", "User").objects.get(username="elif"))
client.post(wanted["address"], wanted["sent"])
"""


def killed_while_recording(report, sent, model, times, folder):
    wanted = {"database": str(connection.settings_dict["NAME"]), "model": model, "times": times, "sent": sent}
    wanted["address"] = f"/admin/meetings/participantreport/{report.pk}/record/"
    kept = {name: os.environ[name] for name in ("PATH", "DATABASE_URL", "HOME") if os.environ.get(name)}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "b40.settings",
        "B40_VAR": str(folder),
        "SECRET_KEY": "for-tests-only",
        "STAFF_SECOND_FACTOR": "False",
    }
    connection.close()
    command = [sys.executable, "-c", PROCESS, json.dumps(wanted)]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)


def stored():
    return [model.objects.count() for model in (Attendance, Delegate, RememberedMatch, Change)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("model", "times"), [("Attendance", 1), ("Delegate", 3), ("ParticipantReport", 1)])
def test_a_process_killed_in_the_middle_leaves_nothing_and_the_next_one_writes_all(
    meeting, cities, tmp_path, model, times
):
    user = User.objects.create_superuser("elif", password="a-long-password")
    people = [Somebody("Ivan – Sofia"), Somebody("Ana – Skopje"), Somebody("Zoran – Nikšić"), Somebody("Clara")]
    report = factories.ParticipantReportFactory(meeting=meeting, raw=files.zoom_rows(people))
    sent = {"digest": plan_of(report).digest, "person-4": "nobody"}
    before = stored()

    process = killed_while_recording(report, sent, model, times, tmp_path)

    assert process.returncode == -signal.SIGKILL, process.stderr
    report = ParticipantReport.objects.get()
    assert (stored(), report.batch, bytes(report.raw)) == (before, None, files.zoom_rows(people))

    apply(report, sent, by=user)
    written = stored()
    assert written[:3] == [3, 3, 1]
    plan = apply(report, {**sent, "digest": plan_of(report, sent).digest}, by=user)
    assert (plan.does_something, stored()[:2]) == (False, [3, 3])
