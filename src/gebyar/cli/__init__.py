"""The command line. Each command's code is loaded when it is called, so `gebyar --help` answers at once."""

from importlib import import_module

import click

from gebyar import __version__

COMMANDS = {
    "demo": ("gebyar.cli.demo", "Set up a made-up programme, run its main job, then serve it."),
    "serve": ("gebyar.cli.server", "Serve the pages: database, migrations, background work, web server."),
    "worker": ("gebyar.cli.server", "Run background work only."),
    "doctor": ("gebyar.cli.server", "Check this machine and say in plain words what is wrong."),
    "backup": ("gebyar.cli.server", "Write everything into one file."),
    "restore": ("gebyar.cli.server", "Bring a backup back."),
    "manage": ("gebyar.cli.server", "Run a Django management command."),
    "import": ("gebyar.cli.register", "Take in an office's list of firms."),
    "synthesize": ("gebyar.cli.register", "Fill the register with made-up firms, marked as such."),
    "snapshot": ("gebyar.cli.figures", "Write the register as Parquet and compute the published figures."),
    "classify": ("gebyar.cli.files", "Size classes of the firms in a CSV file, by every rule at once."),
    "schedule": ("gebyar.cli.files", "Schedule business meetings from a case file, or check a plan."),
    "round": ("gebyar.cli.rounds", "Plan a round of business meetings, check or repair a plan, or work out its size."),
    "allot": ("gebyar.cli.places", "Allot scarce places: by rank with reserves, by lot, or first come."),
    "judge": ("gebyar.cli.judging", "Rank entries from judges' scores in a CSV file."),
    "award": ("gebyar.cli.awards", "List editions of awards, and write their results and records to a folder."),
    "panels": ("gebyar.cli.panels", "Give judges to entries, fairly and within their loads, or check panels."),
    "suggest": ("gebyar.cli.partnership", "Suggest partners for the listings in a CSV file."),
    "remind": ("gebyar.cli.partnership", "Send the reminders about deals that are due."),
    "readiness": ("gebyar.cli.readiness", "Score readiness for Industry 4.0 from a file of answers."),
    "eligibility": ("gebyar.cli.eligibility", "Which facilities the firms in a CSV file could have."),
    "verify": ("gebyar.cli.files", "Recompute a decision record and say whether it is the same."),
    "invite": ("gebyar.cli.people", "Invite somebody to a role."),
    "code": ("gebyar.cli.people", "Print the current second-factor code of a demo account."),
}


class LazyGroup(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(COMMANDS[name][0])
        command: click.Command = module.commands[name]
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_module, help_text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="gebyar")
def main() -> None:
    """Gebyar runs a small-industry development programme.

    From one firm's first registration to the nation's figures: `gebyar demo` shows it on this machine.
    """
