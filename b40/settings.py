"""Settings: one file, the environment decides. Every variable is listed in README.md, "Settings".

Nonsense is refused at start, with the variable's name and what it may hold.
"""

import warnings
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from b40.environment import env, env_choice, env_flag, env_mailbox, env_names, env_number, env_numbers, env_some

# Lets QuerySet["Meeting"] and ModelAdmin[Meeting] stand in running code, not only in annotations.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent


def read_mail_server() -> dict[str, Any]:
    """Give the mail server of EMAIL_URL; without one an empty dictionary.

    Raises ImproperlyConfigured for what is no mail server's address; the password is not shown.
    """
    address: str = env.str("EMAIL_URL", default="")
    try:
        server: dict[str, Any] = env.email_url_config(address) if address else {}
    except (ImproperlyConfigured, ValueError):
        server = {"EMAIL_HOST": None}
    scheme = address.partition("://")[0]
    if address and (scheme not in SMTP_PORTS or not server["EMAIL_HOST"]):
        raise ImproperlyConfigured(
            "EMAIL_URL must begin with smtp://, smtp+tls:// or smtp+ssl://, such as smtp+tls://user:password@host:587."
        )
    return {**server, "EMAIL_PORT": server["EMAIL_PORT"] or SMTP_PORTS[scheme]} if server else {}


def read_secret_key(secret_file: Path) -> str:
    """Give SECRET_KEY, from the environment or from the file that ``make run`` writes once.

    With DEBUG on, a fixed key does. Raises ImproperlyConfigured, with a hint, when there is none.
    """
    key: str = env.str("SECRET_KEY", default="")
    if not key and secret_file.is_file():
        key = secret_file.read_text(encoding="ascii").strip()
    if key or DEBUG:
        return key or "for-development-only"
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Start with `make run`, which keeps one in "
        f"{secret_file}, or set it: python3 -c 'import secrets; print(secrets.token_urlsafe(50))' makes one."
    )


def read_database() -> dict[str, Any]:
    """Give the database of DATABASE_URL, else the SQLite file in B40_VAR.

    Raises ImproperlyConfigured for an address of another kind of database.
    """
    address: str = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'b40.sqlite3'}"
    try:
        with warnings.catch_warnings(action="error"):  # the library warns of an unknown engine, showing the password
            database: dict[str, Any] = env.db_url_config(address)
    except (ImproperlyConfigured, KeyError, ValueError, UserWarning):
        database = {}
    options = ENGINE_OPTIONS.get(database.get("ENGINE", ""))
    if options is None:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgres:// or sqlite:///, such as postgres://user:password@host:5432/name."
        )
    return {**database, **options, "OPTIONS": {**options["OPTIONS"], **database.get("OPTIONS", {})}}


# Where the running system keeps what is its own: database, secret, uploads, collected static files.
VAR_DIR = Path(env.str("B40_VAR", default=str(BASE_DIR / "var"))).resolve()

DEBUG = env_flag("DEBUG", default=False)
SECRET_KEY = read_secret_key(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env_names("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_names("CSRF_TRUSTED_ORIGINS", default=[])

# --- Parts -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "b40.apps.B40Config",
    "meetings",
    "workinggroups",
    "members",
    "csp",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "b40.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Outermost, so that a kept page costs next to nothing and has the headers of all the layers below.
    "b40.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "b40.accounts.private.PrivatePagesMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Static files are compressed beforehand; pages here, with random padding against guessing secrets by size.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "b40.accounts.second_factor.SecondFactorMiddleware",
    # From here on, whom staff pretends to be stands in the place of the user.
    "b40.accounts.viewing.ViewingMiddleware",
    # The history names who wrote.
    "members.history.actor.ActorMiddleware",
    # Private by default: a public view wears @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Innermost, so that what it redirects goes through every layer above.
    "b40.old_addresses.OldAddressMiddleware",
]

ROOT_URLCONF = "b40.urls"
WSGI_APPLICATION = "b40.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database --------------------------------------------------------------------------------------------------------

ENGINE_OPTIONS: dict[str, dict[str, Any]] = {
    "django.db.backends.sqlite3": {
        "CONN_MAX_AGE": None,  # a thread keeps its connection; PostgreSQL's are kept by the pool
        "OPTIONS": {
            # Writers queue for the lock at BEGIN instead of failing halfway; readers go on beside them.
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000;"
            ),
        },
    },
    "django.db.backends.postgresql": {
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
    },
}

DATABASES = {"default": read_database()}

# In the database, shared by all processes: how often somebody tried to sign in. In each process's memory: counts and
# drawn pictures; and public pages, of some 10 kB each.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"},
    "answers": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "answers"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Forms -----------------------------------------------------------------------------------------------------------

# An address typed without its scheme means https, as from Django 6 on; asking for it early draws a warning of its own.
warnings.filterwarnings("ignore", message="The FORMS_URLFIELD_ASSUME_HTTPS transitional setting is deprecated")
FORMS_URLFIELD_ASSUME_HTTPS = True

# --- Accounts --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my:home"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Nobody signs up: an account is made by taking up an invitation (`b40.accounts`).
ACCOUNT_ADAPTER = "b40.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}  # the first accounts of the staff have no address
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # which an invitation by mail is
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True  # one address at a time; the old one holds until the new one is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # seconds
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the address or the password is changed
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds
ACCOUNT_SESSION_REMEMBER = None  # asked for at each sign-in
ACCOUNT_EMAIL_SUBJECT_PREFIX = "B40: "
ACCOUNT_USER_DISPLAY = "b40.accounts.adapter.name_of"
ACCOUNT_FORMS = {
    "login": "b40.accounts.forms.LoginForm",
    "request_login_code": "b40.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "b40.accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "b40.accounts.forms.ConfirmEmailVerificationCodeForm",
    "reset_password": "b40.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "b40.accounts.forms.ResetPasswordKeyForm",
    "change_password": "b40.accounts.forms.ChangePasswordForm",
    "set_password": "b40.accounts.forms.SetPasswordForm",
    "add_email": "b40.accounts.forms.AddEmailForm",
    "reauthenticate": "b40.accounts.forms.ReauthenticateForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if env_flag("HTTPS", default=False) else "http"
MFA_ADAPTER = "b40.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "b40.accounts.forms.AuthenticateForm",
    "reauthenticate": "b40.accounts.forms.SecondReauthenticateForm",
    "activate_totp": "b40.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "b40.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "b40.accounts.forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "B40 Balkan Cities Network"
MFA_TOTP_TOLERANCE = 1  # clocks of phones may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the library fears strangers who sign up with another's address: nobody signs up
# Staff hold the names of people: their accounts need a second factor, or a passkey.
STAFF_SECOND_FACTOR = env_flag("STAFF_SECOND_FACTOR", default=True)

# --- Rights ----------------------------------------------------------------------------------------------------------

# What the statute gives observers and candidates is not known; who reads what is meant for the network's organisations
# is therefore set here, by their standing: member, candidate, observer, partner.
MEMBERS_PAPERS_FOR = env_some("MEMBERS_PAPERS_FOR", ["member", "candidate", "observer"], ["partner"])

# --- Privacy ---------------------------------------------------------------------------------------------------------

# How many days personal data is kept (`b40.privacy.retention`, docs/privacy.md); the page /privacy/ shows this table.
RETENTION = {
    "letters": 365,  # after a letter was sent: its text; that it was sent stays
    "check_ins": 90,  # those that nobody confirmed
    "participant_reports": 365,  # the uploaded file; what it wrote into the ledger stays
    "asked_subscriptions": 30,  # those that nobody confirmed
    "ended_subscriptions": 30,
    "digests": 90,  # which things a digest told; longer than the time that digests look back
    "calendar_links": 30,  # after one was switched off
    "account_invitations": 90,  # after one has run out
    "sessions": 0,
    "former_contacts": 730,  # after the mandate ended: mail address, telephone, note; the name stays with the mandate
}

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Texts are marked for translation; a language joins this list when its catalogue in locale/ is complete.
# The languages of the members to come: Turkish, Bulgarian, Greek, Albanian, Bosnian, Croatian, Macedonian, Romanian,
# Serbian, Slovenian (tr bg el sq bs hr mk ro sr sl).
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# The Permanent Secretariat sits in Istanbul; a meeting carries a zone of its own.
TIME_ZONE = "Europe/Istanbul"

# --- Static files and uploads ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "b40.storage.HashedStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Uploads are served by a view that asks who may see them, never straight from this folder.
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"

FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The attendance of a meeting with eighty cities and its sessions is one form of the admin.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# --- Mail ------------------------------------------------------------------------------------------------------------

# From the network's own address, so that SPF and DKIM hold; answers go to the secretariat.
MAIL_FROM = env_mailbox("MAIL_FROM", default="B40 Balkan Cities Network <network@b40network.org>")
MAIL_REPLY_TO = env_mailbox("MAIL_REPLY_TO", default="B40 Permanent Secretariat <secretariat@b40network.org>")
# Makes Message-IDs and the identity of calendar entries; it stays when the site moves.
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="b40network.org")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
# The site's own address, without a path, for links in letters that the worker writes by itself.
SITE_URL = env.str("SITE_URL", default=(CSRF_TRUSTED_ORIGINS or ["http://127.0.0.1:8000"])[0]).rstrip("/")
# So many days before an action is due its owners are reminded; set to nothing, nobody is.
ACTION_REMINDER_DAYS = env_numbers("ACTION_REMINDER_DAYS", default=[14, 3])

# With smtp+tls the connection begins in the clear and turns to TLS (STARTTLS); with smtp+ssl it is TLS from the start.
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
MAIL_SERVER = read_mail_server()
# Without a server, mails are written into a folder; the admin shows every letter in any case.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_SERVER else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = MAIL_SERVER.get("EMAIL_HOST", "")
EMAIL_PORT = MAIL_SERVER.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = MAIL_SERVER.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = MAIL_SERVER.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = MAIL_SERVER.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL_SERVER.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 30  # seconds, for each answer of the server
EMAIL_USE_LOCALTIME = True  # the hour of sending with its distance to UTC

# --- Work in the background ------------------------------------------------------------------------------------------

# Tasks wait in the database; `manage.py work` does them. Django 6 has this framework built in.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Security --------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# One switch for a site behind TLS: secure cookies, redirect, HSTS. `make run` on the loopback leaves it off.
HTTPS = env_flag("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env_number("HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_flag("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env_flag("HSTS_PRELOAD", default=False)
# Subdomains and the browsers' preload list bind the whole domain: its owner says yes, not this site.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Only when the proxy in front always sets or strips X-Forwarded-Proto: else a visitor could claim to be on TLS.
BEHIND_PROXY = env_flag("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Whose attempts to sign in are counted: the last address in X-Forwarded-For is the one that our proxy wrote.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "b40.pages.errors.csrf_failure"

# --- Logging ---------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_choice("LOG_LEVEL", ["INFO", "DEBUG", "WARNING", "ERROR"])},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # A stranger asking for another host name is no error of ours.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Our own lines say what became of each letter; theirs would come every second.
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
