"""The real settings, with what a test run changes: nothing from the developer's environment but DATABASE_URL."""

import atexit
import os
import shutil
import tempfile

for name in list(os.environ):
    if name in {"DEBUG", "ALLOWED_HOSTS", "HTTPS", "BEHIND_PROXY", "LOG_LEVEL"} or name.startswith(
        ("HSTS_", "CSRF_", "EMAIL_", "MAIL_")
    ):
        del os.environ[name]
os.environ["SECRET_KEY"] = "for-tests-only"
# Playwright keeps an event loop in the thread of the tests; Django would take that for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
if "PYTEST_VERSION" not in os.environ:  # mypy reads these settings too, and writes nothing
    os.environ["B40_VAR"] = "/nonexistent"
elif "PYTEST_XDIST_WORKER" not in os.environ:  # workers share the folder of the run that started them
    os.environ["B40_VAR"] = tempfile.mkdtemp(prefix="b40-tests-")
    os.mkdir(os.path.join(os.environ["B40_VAR"], "static"))  # empty: tests read static files at their source
    atexit.register(shutil.rmtree, os.environ["B40_VAR"], ignore_errors=True)

from b40.settings import *  # noqa: E402, F403  the environment must be set first; a test run has all the real settings
from b40.settings import CACHES, DATABASES, MIDDLEWARE, STORAGES, VAR_DIR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the live server's threads then have connections of their own, as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # threads of a test leave no connection behind

# In memory, so that a test without a database can begin with an empty one.
CACHES = {**CACHES, "default": {**CACHES["answers"], "LOCATION": "shared"}}
# Most tests come as staff without going through the sign-in; those of the second factor turn it on.
STAFF_SECOND_FACTOR = False
SITE_URL = "https://b40.example.org"

# A test of a page asks for the page; the tests of the page cache put it back.
MIDDLEWARE = [layer for layer in MIDDLEWARE if layer != "b40.page_cache.PageCacheMiddleware"]
