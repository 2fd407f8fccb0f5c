"""Commands about people: the first administrator's invitation, and the codes of the demo's accounts."""

import click

from gebyar.cli.setup import speaking, with_database

ROLES = ["administrator", "programme_officer", "local_officer", "judge"]


@click.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What they will be.")
@click.option("--region", default="", help="Code of a local officer's province (33) or regency (33.74).")
@with_database
def invite(email: str, role: str, region: str) -> None:
    """Invite EMAIL to a role; a new system's first administrator comes in this way."""
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from gebyar.accounts.services import invite as send_invitation

    try:
        validate_email(email)
    except ValidationError as error:
        raise click.ClickException(f"{email} is not an e-mail address.") from error
    letter = send_invitation(actor=None, email=email, role=role, region_code=region)
    until = f"{letter.invitation.expires_at:%Y-%m-%d %H:%M %Z}"
    if settings.EMAIL_HOST:
        click.echo(f"The invitation is on its way to {letter.invitation.email}. It is good once, until {until}.")
    else:
        click.echo(f"No mail server is set, so pass this link on yourself. It is good once, until {until}.")
        click.echo(letter.link)


@click.command()
@click.argument("email")
def code(email: str) -> None:
    """Print the current second-factor code of the demo account EMAIL."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gebyar.web.settings")
    import django

    django.setup()
    from gebyar.accounts.demo import demo_code
    from gebyar.web.home import home

    click.echo(speaking(demo_code, folder=home(), email=email))


commands = {"invite": invite, "code": code}
