"""`make docs`: write the pages of docs/reference that the code itself knows best; `--check` only names the stale ones."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the code; change the code, not this page. -->\n\n"


def commands() -> str:
    """Return the command line's help as Markdown."""
    from gebyar.cli import COMMANDS, main

    context = click.Context(main, info_name="gebyar", terminal_width=80, **main.context_settings)
    parts = ["# Command line\n"]
    for name in COMMANDS:
        command = main.get_command(context, name)
        if command is None:
            continue
        with click.Context(command, parent=context, info_name=name, terminal_width=80) as own:
            parts.append(f"## gebyar {name}\n\n```\n{command.get_help(own)}\n```\n")
    return "\n".join(parts)


def permissions() -> str:
    """Return the table of routes and who may open them."""
    from gebyar.web.permissions import ROUTES

    lines = ["# Routes and permissions\n", "A route that is not in this table is closed to everybody.\n"]
    lines += ["| route | who |", "|---|---|", *(f"| `{route}` | {who} |" for route, who in ROUTES.items())]
    return "\n".join(lines) + "\n"


def columns() -> str:
    """Return the columns that a list of firms can have."""
    from django.utils.translation import override

    from gebyar.registry.imports.fields import FIELDS

    lines = [
        "# Columns of a list\n",
        "What a column of an office's list can be mapped to. Headings are recognised in many",
    ]
    lines += ["spellings; `gebyar import --save-map` shows what was understood.\n"]
    lines += ["| field | Indonesian | English | unit |", "|---|---|---|---|"]
    for field in FIELDS:
        words = []
        for language in ("id", "en"):
            with override(language):
                words.append(str(field.label))
        lines.append(f"| `{field.id}` | {words[0]} | {words[1]} | {field.unit} |")
    return "\n".join(lines) + "\n"


def size_rules() -> str:
    """Return every size rule with its classes."""
    from gebyar.reference.size_rules import size_rules as rules

    parts = [
        "# Size rules\n",
        "Five definitions hold at once. Bounds are whole persons and rupiah, both ends included.\n",
    ]
    for rule in rules():
        parts.append(
            f"## {rule.labels['en']}\n\n`{rule.id}`, version {rule.version}, {rule.law}, since {rule.valid_from}\n"
        )
        parts.append("| class | holds when |\n|---|---|")
        for size_class in rule.classes:
            branches = [
                " and ".join(f"{fact} {_span(*bounds)}" for fact, bounds in branch.items())
                for branch in size_class.branches
            ]
            parts.append(f"| {size_class.name} | {'<br>or '.join(branches)} |")
        parts.append("")
    return "\n".join(parts) + "\n"


def _span(low: int | None, high: int | None) -> str:
    if low is None:
        return f"≤ {high:,}"
    return f"≥ {low:,}" if high is None else f"{low:,} to {high:,}"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "permissions.md": permissions,
    "columns.md": columns,
    "size-rules.md": size_rules,
}


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gebyar.web.settings")
    django.setup()
    pages = {REFERENCE / name: NOTE + page() for name, page in PAGES.items()}
    if "--check" in sys.argv:
        stale = [path.name for path, text in pages.items() if path.read_text(encoding="utf-8") != text]
        sys.stdout.writelines(f"{name}\n" for name in stale)
        return len(stale)
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
