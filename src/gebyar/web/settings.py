"""Settings: everything a server needs has a default that works on one laptop; the environment overrides it.

The variables are described in docs/reference/settings.md; a test holds that page against this file.
"""

import os
from urllib.parse import urlparse

from django.utils.translation import gettext_lazy as _

from gebyar.web import database
from gebyar.web.home import home, secret_key

HOME = home()
# The compiled scheduler lies beside its source; a service's user may not write there, and often has no home either.
if not os.access(os.path.dirname(__file__), os.W_OK):  # noqa: PTH120
    os.environ.setdefault("NUMBA_CACHE_DIR", str(HOME / "compiled"))
DEBUG = os.environ.get("GEBYAR_DEBUG", "") == "1"
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("GEBYAR_OLD_SECRET_KEYS", "").split(",") if key]

# The address readers use. It stands in mails, QR codes and calendar files, and decides whether cookies need TLS.
SITE_URL = os.environ.get("GEBYAR_URL", "http://localhost:8000").rstrip("/")
_site = urlparse(SITE_URL)
ALLOWED_HOSTS = [_site.hostname or "127.0.0.1", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
_secure = _site.scheme == "https"

INSTALLED_APPS = [
    "gebyar.web.apps.WebConfig",
    "gebyar.statistics.apps.StatisticsConfig",
    "gebyar.readiness.apps.ReadinessConfig",
    "gebyar.facilities.apps.FacilitiesConfig",
    "gebyar.fair.apps.FairConfig",
    "gebyar.awards.apps.AwardsConfig",
    "gebyar.partnership.apps.PartnershipConfig",
    "gebyar.registry.apps.RegistryConfig",
    "gebyar.accounts.apps.AccountsConfig",
    "gebyar.records.apps.RecordsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "gebyar.web.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Our CSRF tokens are masked anew in each answer, so compressing them gives nothing away.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gebyar.web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gebyar.web.middleware.LeaveNothingBehind",
    "gebyar.web.middleware.RoutePermission",
    "gebyar.web.middleware.SecondFactor",
]

ROOT_URLCONF = "gebyar.web.urls"
WSGI_APPLICATION = "gebyar.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django_cotton.templatetags.cotton",
                "gebyar.web.templatetags.formatting",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gebyar.web.context.page",
            ],
        },
    }
]
# Base first: our pages override those that allauth brings.
TEMPLATES[0]["DIRS"] = [os.path.join(os.path.dirname(__file__), "templates")]  # noqa: PTH118, PTH120

DATABASES = {"default": database.settings_for(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # In the database, so that rate limits and used codes hold across all web processes.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"},
    # In the process, for what never changes once it is computed.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# --- who may ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "gebyar.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Gebyar: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if os.environ.get("GEBYAR_BEHIND_PROXY") else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Gebyar"
MFA_FORMS = {
    "activate_totp": "gebyar.accounts.forms.ActivateAppForm",
    "add_webauthn": "gebyar.accounts.forms.AddPasskeyForm",
}
# A stolen key without its PIN must not be a whole sign-in.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ADAPTER = "gebyar.accounts.adapter.SecondFactorAdapter"
# Browsers allow passkeys without TLS on this machine only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _secure

# --- words, numbers, time ---
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # the formatting tags write numbers as people do; widgets and ids stay plain

# --- files ---
STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = 200 * 1024 * 1024
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- safety ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("GEBYAR_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"

# --- mail and work behind the page ---
EMAIL_HOST = os.environ.get("GEBYAR_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("GEBYAR_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("GEBYAR_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GEBYAR_MAIL_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_PORT == 587
DEFAULT_FROM_EMAIL = os.environ.get("GEBYAR_MAIL_FROM", "gebyar@localhost")
# Without a mail server the mails lie as files in the data folder, where `gebyar doctor` points to them.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
# What workers do every so often; each sets its own next run (gebyar.records.recurring).
RECURRING_TASKS = [
    "gebyar.partnership.tasks.remind",
    "gebyar.fair.tasks.look_at_deadlines",
    "gebyar.awards.tasks.look_at_judging",
    "gebyar.facilities.tasks.remind",
]
TASKS = {"default": {"BACKEND": "gebyar.web.tasking.TaskBackend", "QUEUES": ["default"]}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
