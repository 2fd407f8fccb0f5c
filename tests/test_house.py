"""What holds for the project as a whole: words, documents, licences, nothing unfinished."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
CATALOGUES = sorted((ROOT / "src" / "gebyar").glob("*/locale/id/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def texts(*patterns):
    return {path: path.read_text(encoding="utf-8", errors="replace") for path in tracked(*patterns)}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_catalogue_has_indonesian_words_for_every_message(path):
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale="id") if message.id]

    lacking = [message.id for message in messages if message.fuzzy or not any(_forms(message.string))]
    wrong = [message.id for message in messages if _placeholders(message.id) != _placeholders(message.string)]
    assert (lacking, wrong) == ([], [])


def _forms(words):
    return words if isinstance(words, (tuple, list)) else (words,)


def _placeholders(words):
    """Compare the last form: Indonesian has one, and an English singular may write its number as a word."""
    return set(PLACEHOLDER.findall(_forms(words)[-1]))


def test_every_app_with_words_has_a_catalogue():
    with_words = {
        path.relative_to(ROOT / "src/gebyar").parts[0]
        for path, text in texts("src/gebyar/*.py", "src/gebyar/*.html").items()
        if re.search(r"\bgettext|{% translate|{% blocktranslate", text)
    }

    assert with_words == {path.parts[-5] for path in CATALOGUES}


def test_reference_pages_are_those_the_code_writes(tmp_path):
    """In a process of its own: help texts remember who asked for them first."""
    told = subprocess.run(
        [sys.executable, "-m", "tools.reference", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "GEBYAR_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gebyar.web.settings"},
    )  # fmt: skip

    assert (told.returncode, told.stdout) == (0, ""), f"run `make docs`: {told.stdout}{told.stderr}"


def test_every_setting_is_documented():
    page = (ROOT / "docs/reference/settings.md").read_text()
    used = {
        name
        for text in texts("src/gebyar/*.py").values()
        for name in re.findall(r"\b(GEBYAR_[A-Z_]+|DATABASE_URL)\b", text)
    }

    assert sorted(name for name in used if name not in page) == []


def test_readme_shows_both_commands():
    readme = (ROOT / "README.md").read_text()

    assert "make demo" in readme
    assert "make test" in readme


def test_locks_hold_hashes_and_no_addresses():
    for path, text in texts("requirements/*.lock").items():
        assert "://" not in text, path
        assert text.count("--hash=sha256:") > text.count("=="), path


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path, text in texts("*.md").items()
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        if not (path.parent / target).exists()
    ]

    assert broken == []


def test_nothing_is_left_unfinished():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in texts("src/*.py", "src/*.html", "src/*.css", "tools/*.py", "benchmarks/*.py").items()
        for number, line in enumerate(text.splitlines(), start=1)
        if marks.search(line)
    ]

    assert found == []


def test_every_dependency_has_its_reason():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = [re.match(r"[a-z0-9-]+", dependency)[0] for dependency in project["dependencies"]]
    page = (ROOT / "docs/architecture.md").read_text().lower().replace("_", "-")
    said = {"ibis-framework": "ibis", "psycopg": "psycopg", "django": "django"}

    assert [name for name in names if said.get(name, name) not in page] == []
