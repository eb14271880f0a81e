"""``make check`` and ``make test``: every stage under its heading, stopping at the first that fails.

``python -m tests.run check`` runs what needs no database; ``python -m tests.run test`` goes on to the tests themselves.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

from tests import browser, postgres

BIN = os.path.dirname(sys.executable)
MANAGE = (sys.executable, "-W", "error", "manage.py")
PYTEST = (sys.executable, "-m", "pytest", "-n", os.environ.get("TEST_WORKERS", "2"))
# All but what PostgreSQL has no part in and the run on SQLite has tested.
ON_POSTGRESQL = "not looks and not own_database"
# A deployment as it should be, for the checks that only make sense there.
DEPLOYED = {
    "SECRET_KEY": "0123456789" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR",
    "HTTPS": "True",
    "ALLOWED_HOSTS": "example.org",
}

CHECKS = (
    ("Lint: ruff", (f"{BIN}/ruff", "check", "."), {}),
    ("Format: ruff", (f"{BIN}/ruff", "format", "--check", "."), {}),
    ("Templates: djlint", (f"{BIN}/djlint", "--lint", "--quiet", "templates"), {}),
    ("Types: mypy", (f"{BIN}/mypy",), {}),
    ("Import contract: import-linter", (f"{BIN}/lint-imports",), {}),
    ("Missing migrations", (*MANAGE, "makemigrations", "--check", "--dry-run"), DEPLOYED),
    ("Static files: hashed and compressed", (*MANAGE, "collectstatic", "--noinput", "-v", "0"), DEPLOYED),
    ("Deployment: check --deploy", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), DEPLOYED),
)


def run(title: str, command: tuple[str, ...], environment: dict[str, str]) -> None:
    """Run one stage under its heading. Exits with the stage's name when it fails."""
    print(f"\n=== {title} ===", flush=True)
    started = time.monotonic()
    if subprocess.call(command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL) != 0:
        sys.exit(f"\nStopped: the stage “{title}” failed.")
    print(f"    done in {time.monotonic() - started:.0f} s", flush=True)


def check() -> None:
    """Run the stages that need no database server and no browser."""
    with tempfile.TemporaryDirectory(prefix="b40-check-") as folder:
        for title, command, environment in CHECKS:
            run(title, command, {**environment, "B40_VAR": folder})


def test() -> None:
    """Run the checks, then the whole suite on SQLite and on PostgreSQL, the browser's journeys in both.

    What asks only how pages look, by the marker `looks`, is asked once: the same markup comes from either database. So is
    what has a database of its own in any case, by the marker `own_database`.
    """
    print("\n=== Browser ===", flush=True)
    print("   ", browser.install())
    check()
    run("Tests on SQLite", PYTEST, {"DATABASE_URL": ""})
    print("\n=== PostgreSQL ===\n    starting a server", flush=True)
    with postgres.server() as address:
        run("Tests on PostgreSQL", (*PYTEST, "-m", ON_POSTGRESQL), {"DATABASE_URL": address})
    print("\nAll stages passed.")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a server started here is stopped
    {"check": check, "test": test}[sys.argv[1]]()
