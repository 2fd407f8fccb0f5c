"""Settings of the test run: those of the project, in a throw-away data folder, without waiting.

The folder is chosen here because Django reads its settings before pytest calls any hook of a `conftest.py`. xdist's
workers inherit the environment and with it the folder.
"""

import os
import tempfile

# No socket path may exceed 103 characters, so the folder lies directly below /tmp.
if "GEBYAR_TEST_HOME" not in os.environ:
    os.environ["GEBYAR_TEST_HOME"] = tempfile.mkdtemp(prefix="gt-", dir="/tmp")
os.environ["GEBYAR_HOME"] = os.environ["GEBYAR_TEST_HOME"]
os.environ.setdefault("GEBYAR_SECRET_KEY", "only-for-tests-" + "0123456789" * 4)

from gebyar.web.settings import *  # noqa: F403

# xdist's workers have a database each, and so a folder of snapshots each: a snapshot clears away what a killed one left.
HOME = HOME / os.environ.get("PYTEST_XDIST_WORKER", "alone")  # noqa: F405
HOME.mkdir(exist_ok=True)

# Hashing a password slowly is the point of PBKDF2, and would be most of the run time here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Names of static files carry their hash only after collectstatic, which tests do not run.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405  whitenoise warns when it is missing, and warnings are errors here

# Tests that use no database would otherwise need one to forget rate limits.
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in CACHES}  # noqa: F405
