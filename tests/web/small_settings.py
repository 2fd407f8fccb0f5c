"""The smallest site that `gebyar serve` can serve: tests of the supervisor need no register."""

import os

from gebyar.web import database
from gebyar.web.home import home, secret_key

SECRET_KEY = secret_key()
DATABASES = {"default": database.settings_for(home())}
INSTALLED_APPS = ["django.contrib.staticfiles", "django_tasks", "django_tasks_db"]
ROOT_URLCONF = "tests.web.small_site"
ALLOWED_HOSTS = ["127.0.0.1"]
STATIC_URL = "static/"
STATIC_ROOT = home() / "static"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}
USE_TZ = True
SITE_URL = "http://127.0.0.1:8000"
DEBUG = False
EMAIL_HOST, EMAIL_PORT = os.environ.get("GEBYAR_MAIL_HOST", ""), int(os.environ.get("GEBYAR_MAIL_PORT", "25"))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = home() / "mail"
RECURRING_TASKS: list[str] = []
