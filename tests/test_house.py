"""The house itself: settings, locks, the run command, the checks of a deployment, and which way relations may point."""

import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from b40 import checks
from b40.management.commands import serve
from b40.secret_key import write_once

ROOT = Path(settings.BASE_DIR)
LOCKS = ["requirements.txt", "requirements-dev.txt"]
LAYERS = ["b40", "meetings", "workinggroups", "members"]


def manage(*arguments, **environment):
    """Run manage.py as a fresh process, with the real settings and only these variables set."""
    kept = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, timeout=60)


# --- Settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "Settings: SECRET_KEY is not set. Start with `make run`"),
        ({"SECRET_KEY": "x", "DEBUG": "yes"}, "Settings: DEBUG is 'yes': use 'True' or 'False'."),
        ({"SECRET_KEY": "x", "HTTPS": "1"}, "Settings: HTTPS is '1': use 'True' or 'False'."),
        (
            {"SECRET_KEY": "x", "HSTS_SECONDS": "soon"},
            "Settings: HSTS_SECONDS is 'soon': use a whole number, such as 0.",
        ),
        (
            {"SECRET_KEY": "x", "LOG_LEVEL": "loud"},
            "Settings: LOG_LEVEL is 'loud': use one of INFO, DEBUG, WARNING, ERROR.",
        ),
        ({"SECRET_KEY": "x", "DATABASE_URL": "mysql://a:b@c/d"}, "Settings: DATABASE_URL must begin with postgres://"),
        ({"SECRET_KEY": "x", "DATABASE_URL": "the usual one"}, "Settings: DATABASE_URL must begin with postgres://"),
        ({"SECRET_KEY": "x", "EMAIL_URL": "mail.example.org"}, "Settings: EMAIL_URL must begin with smtp://"),
        ({"SECRET_KEY": "x", "EMAIL_URL": "smtp://a:b@host:x"}, "Settings: EMAIL_URL must begin with smtp://"),
        ({"SECRET_KEY": "x", "EMAIL_URL": "smtp+tls://"}, "Settings: EMAIL_URL must begin with smtp://"),
        (
            {"SECRET_KEY": "x", "MAIL_FROM": "the secretariat"},
            "Settings: MAIL_FROM is 'the secretariat': use an address, such as B40 Balkan Cities Network <network@",
        ),
    ],
)
def test_settings_that_make_no_sense_end_with_one_sentence(environment, message, tmp_path):
    result = manage("check", **{"B40_VAR": str(tmp_path), **environment})

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(message)
    assert len(result.stderr.splitlines()) == 1


def test_settings_for_production_pass_every_deployment_check(tmp_path):
    environment = {
        "HTTPS": "True",
        "BEHIND_PROXY": "True",
        "ALLOWED_HOSTS": "example.org",
        "SECRET_KEY": "k3y!" * 5 + "abcdefghijklmnopqrstuvwxyzABCD",
    }

    result = manage("check", "--deploy", "--fail-level", "WARNING", B40_VAR=str(tmp_path), **environment)

    assert result.returncode == 0, result.stderr


def test_postgresql_address_brings_a_connection_pool(tmp_path):
    shown = "from django.conf import settings; print(settings.DATABASES['default'])"
    address = "postgres://someone:secret@db.example.org:5433/b40"

    result = manage("shell", "--no-imports", "-c", shown, B40_VAR=str(tmp_path), SECRET_KEY="x", DATABASE_URL=address)

    assert "'ENGINE': 'django.db.backends.postgresql'" in result.stdout
    assert "'pool': {'min_size': 1, 'max_size': 8, 'timeout': 10}" in result.stdout


def test_mail_server_is_read_from_one_address(tmp_path):
    shown = (
        "from django.conf import settings as s;"
        "print(s.EMAIL_BACKEND, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS)"
    )
    address = "smtp+tls://office%40b40.org:p%2Fw@mail.example.org"

    result = manage("shell", "--no-imports", "-c", shown, B40_VAR=str(tmp_path), SECRET_KEY="x", EMAIL_URL=address)

    expected = "django.core.mail.backends.smtp.EmailBackend mail.example.org 587 office@b40.org p/w True\n"
    assert result.stdout == expected


@pytest.mark.django_db
def test_sqlite_connection_waits_for_its_turn_and_keeps_foreign_keys():
    if connection.vendor != "sqlite":
        assert connection.pool is not None
        return
    with connection.cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }

    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10000, "synchronous": 1}
    assert connection.transaction_mode == "IMMEDIATE"


# --- Answers ---------------------------------------------------------------------------------------------------------


def test_every_answer_carries_the_security_headers(client, db):
    headers = client.get("/account/login/").headers

    policy = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
    assert policy == {
        "default-src 'self'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_page_that_says_nothing_about_access_asks_to_log_in(client, db):
    response = client.get("/admin/")

    assert response.status_code == 302
    assert response["Location"] == "/admin/login/?next=/admin/"


def test_network_is_out_of_reach_of_tests():
    with socket.socket() as outward, pytest.raises(RuntimeError, match="tried to reach the network"):
        outward.connect(("192.0.2.1", 80))


# --- Locks and layers ------------------------------------------------------------------------------------------------


def pins(lock):
    """Give the pinned version of each package of a lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_every_package_with_hashes_and_names_no_host(lock):
    text = (ROOT / lock).read_text()

    requirements = re.split(r"^(?=[^\s#])", text, flags=re.MULTILINE)[1:]
    assert len(requirements) == len(pins(lock))
    assert [one for one in requirements if not re.search(r"--hash=sha256:[0-9a-f]{64}", one)] == []
    assert re.findall(r"://|^\s*--?(?:i|f|index|extra|find|trusted)\S*|[/\\][a-z]+[/\\]", text, re.MULTILINE) == []


def test_lock_for_development_holds_that_for_running():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_locks_answer_every_dependency_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    asked = {re.match(r"[\w-]+", one)[0].lower() for one in project["project"]["dependencies"]}
    asked_by_developers = {re.match(r"[\w-]+", one)[0].lower() for one in project["dependency-groups"]["dev"]}
    assert asked <= pins("requirements.txt").keys()
    assert asked_by_developers <= pins("requirements-dev.txt").keys()


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    reasons = (ROOT / "docs" / "dependencies.md").read_text().lower()

    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    assert [one for one in asked if re.match(r"[\w-]+", one)[0].lower() not in reasons] == []


def test_relations_point_only_down_the_layers():
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in LAYERS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if field.related_model._meta.app_label in LAYERS
        if LAYERS.index(field.related_model._meta.app_label) < LAYERS.index(model._meta.app_label)
    ]

    assert upward == []


# --- make run --------------------------------------------------------------------------------------------------------


def test_secret_key_is_made_once_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "var" / "secret_key"

    write_once(path)
    first = path.read_text()
    write_once(path)

    assert path.read_text() == first
    assert len(first) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("written", ["", "abc", "0", "-1", "65536", "８０００"])
def test_port_that_is_none_is_refused(written):
    with pytest.raises(CommandError, match="use a number from 1 to 65535"):
        serve.free_port(written)


def test_port_in_use_is_refused_with_another_to_try():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(
            CommandError, match=rf"^Port {port} is in use: try another, such as make run PORT=8\d\d\d\.$"
        ):
            serve.free_port(str(port))


def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def serve_once(folder):
    """Serve until the site answers, end it as Ctrl-C does; give that answer's status, the output, the exit code."""
    port = unused_port()
    environment = {"PATH": os.environ["PATH"], "B40_VAR": str(folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    output = folder / "output"
    with output.open("w") as file:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            status = wait_for_answer(f"http://127.0.0.1:{port}/admin/login/", server)
            wait_for_worker(output, server)
        finally:
            os.killpg(server.pid, signal.SIGINT)
            code = server.wait(timeout=8)  # a process that hangs is killed after five seconds
    return status, output.read_text(), code


def wait_for_answer(address, server):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.1)
    return None


def wait_for_worker(output, server):
    deadline = time.monotonic() + 30
    while "The worker is ready." not in output.read_text() and time.monotonic() < deadline and server.poll() is None:
        time.sleep(0.1)


def stored_bytes(path):
    """The database's file, once what waits beside it in the write-ahead log is in."""
    with closing(sqlite3.connect(path)) as reading:
        reading.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


@pytest.mark.own_database
def test_serve_prepares_once_and_starts_again_with_what_is_there(tmp_path):
    write_once(tmp_path / "secret_key")

    first = serve_once(tmp_path)
    database = stored_bytes(tmp_path / "b40.sqlite3")
    second = serve_once(tmp_path)

    assert (first[0], first[2]) == (200, 0), first[1]
    assert "Loading the network's record" in first[1]
    assert "make staff" in first[1]
    assert f"mails go to the folder {tmp_path / 'mail'}." in first[1]
    assert [text.count("The worker ends.") for text in (first[1], second[1])] == [1, 1]
    assert (second[0], second[2]) == (200, 0), second[1]
    assert re.findall(r"Preparing|Hashing|Loading|WARNING|Traceback", second[1]) == []
    assert stored_bytes(tmp_path / "b40.sqlite3") == database


# --- Checks of a deployment ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hosts", "identifiers"),
    [(["*"], ["b40.E001"]), (["localhost"], ["b40.W002"]), (["example.org", "localhost"], [])],
)
def test_check_hosts(hosts, identifiers, settings):
    settings.ALLOWED_HOSTS = hosts

    assert [message.id for message in checks.check_hosts(None)] == identifiers


@pytest.mark.parametrize(("https", "identifiers"), [(False, ["b40.W003"]), (True, [])])
def test_check_proxy(https, identifiers, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.HTTPS = https

    assert [message.id for message in checks.check_proxy(None)] == identifiers


def test_check_secret_file_that_others_may_read(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    write_once(tmp_path / "secret_key")
    kept = checks.check_secret_file(None)
    (tmp_path / "secret_key").chmod(0o644)

    opened = checks.check_secret_file(None)

    assert kept == []
    assert [message.id for message in opened] == ["b40.E004"]


def test_check_folder_that_is_a_file(settings, tmp_path):
    (tmp_path / "var").write_text("")
    settings.VAR_DIR = tmp_path / "var" / "deeper"

    assert [message.id for message in checks.check_folder(None)] == ["b40.E005"]


@pytest.mark.django_db
def test_check_journal_accepts_our_database():
    assert checks.check_journal(None, databases=["default"]) == []
