"""Commands that run and keep the machine."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from gebyar.cli.setup import with_database


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", type=int, help="Web processes; one for each processor when left out, at most four.")
def serve(host: str, port: int, workers: int | None) -> None:
    """Serve the pages: database if it is embedded, migrations, background work, web server."""
    from gebyar.web import serving

    plainly(lambda: serving.serve(host=host, port=port, workers=workers))


@click.command()
def worker() -> None:
    """Run background work only, beside `gebyar serve` on another machine."""
    from gebyar.web import serving

    plainly(serving.run_worker)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_database
def manage(arguments: tuple[str, ...]) -> None:
    """Run a Django management command, for example `gebyar manage shell`."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["gebyar manage", *arguments])


def plainly(run: Callable[[], object]) -> None:
    """Run it, and say what goes wrong with the machine in plain words."""
    from gebyar.web.home import SetupError

    try:
        run()
    except SetupError as error:
        raise click.ClickException(str(error)) from error


@click.command()
def doctor() -> None:
    """Check this machine and say in plain words what is wrong and what to do."""
    from gebyar.web.doctor import run_doctor

    sys.exit(run_doctor())


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--with-key", is_flag=True, help="Put the secret key in too. Whoever holds the file can then read everything."
)
@with_database
def backup(file: Path, with_key: bool) -> None:
    """Write database and uploaded files into one file."""
    from gebyar.web import backup as backups

    plainly(lambda: click.echo(backups.backup(file, with_key=with_key)))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is there now.")
def restore(file: Path, force: bool) -> None:
    """Bring a backup back. What is there now stays untouched until the backup is wholly in."""
    from gebyar.web import backup as backups

    plainly(lambda: click.echo(backups.restore(file, force=force)))


commands = {
    "serve": serve,
    "worker": worker,
    "manage": manage,
    "doctor": doctor,
    "backup": backup,
    "restore": restore,
}
