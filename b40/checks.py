"""System checks for a wrong deployment. Those tagged "deploy" speak only under ``manage.py check --deploy``."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from PIL import features

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


@register(Tags.security, deploy=True)
def check_hosts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A public site answers to its own names, and to no others."""
    hosts = set(settings.ALLOWED_HOSTS)
    if "*" in hosts:
        return [Error("ALLOWED_HOSTS allows every host name.", hint="List the names of this site.", id="b40.E001")]
    if hosts <= LOOPBACK:
        return [Warning("ALLOWED_HOSTS names only this machine.", hint="List the names of this site.", id="b40.W002")]
    return []


@register(Tags.security, deploy=True)
def check_proxy(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Trusting the proxy's word on TLS only makes sense for a site that stands behind TLS."""
    if settings.SECURE_PROXY_SSL_HEADER and not settings.HTTPS:
        return [Warning("BEHIND_PROXY is on, but HTTPS is off.", hint="Set HTTPS=True.", id="b40.W003")]
    return []


@register(Tags.security)
def check_secret_file(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The file with the secret key is its owner's alone."""
    path = Path(settings.VAR_DIR) / "secret_key"
    if path.is_file() and path.stat().st_mode & 0o077:
        return [Error(f"Others may read {path}.", hint=f"chmod 600 {path}", id="b40.E004")]
    return []


@register(Tags.files)
def check_folder(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Uploads, static files and an SQLite database are written below B40_VAR."""
    folder = Path(settings.VAR_DIR)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not (existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)):
        return [Error(f"{folder} cannot be written to.", hint="Set B40_VAR to a folder that can.", id="b40.E005")]
    return []


@register(Tags.files)
def check_pictures(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Photos are kept as WebP, which a Pillow built without it cannot write."""
    if not features.check("webp"):
        return [Error("Pillow cannot write WebP.", hint="Install Pillow's own wheel.", id="b40.E006")]
    return []


@register(Tags.database)
def check_journal(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """SQLite refuses WAL in silence where the file system cannot share memory, a network drive for instance."""
    found = {alias: journal_mode(alias) for alias in databases or ()}
    return [
        Error(f"SQLite works without WAL ({mode}).", hint="Put B40_VAR on a local disk.", id="b40.E007")
        for mode in found.values()
        if mode not in {None, "wal", "memory"}
    ]


def journal_mode(alias: str) -> str | None:
    """Give SQLite's journal mode; None for another engine."""
    connection = connections[alias]
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        return str(cursor.fetchone()[0])
