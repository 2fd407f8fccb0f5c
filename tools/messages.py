"""`make messages`: collect new words from code and pages into each app's Indonesian catalogue.

Needs GNU gettext (`apt-get install gettext`). Write the Indonesian text beside each new message afterwards; a test fails
while one is missing.
"""

import os
import subprocess
import sys
from pathlib import Path

APPS = Path(__file__).parents[1] / "src" / "gebyar"


def main() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "gebyar.web.settings"}
    # -P: run inside an app, its rules.py would stand before the package of that name.
    command = [sys.executable, "-P", "-m", "django", "makemessages", "--locale", "id", "--no-location", "--no-wrap"]
    for catalogue in sorted(APPS.glob("*/locale")):
        subprocess.run(command, cwd=catalogue.parent, env=environment, check=True)


if __name__ == "__main__":
    main()
