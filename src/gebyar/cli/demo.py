"""`gebyar demo`: a made-up programme on this machine, from offices' lists to the nation's figures and agendas."""

import json
import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from gebyar.cli.progress import progress_bar

if TYPE_CHECKING:
    from gebyar.fair.models import Plan
    from gebyar.registry.models import Firm

console = Console()

FIRMS = 50_000
SEED = 2024
AS_OF = date(2024, 11, 1)
FAIR_DAY = date(2024, 11, 12)
REGENCY = "34.02"  # Bantul, whose list is taken in
SMALL_FIRMS, BUYERS, MEETINGS_EACH, TABLES = 60, 20, 3, 20
PLAN_SECONDS = 75
ZONE = ZoneInfo("Asia/Jakarta")
# Eight slots of 20 minutes with five between them; lunch parts morning and afternoon.
SLOT, PAUSE = timedelta(minutes=20), timedelta(minutes=5)
MORNING, AFTERNOON = time(9, 30), time(13, 30)
SLOTS_EACH = 5


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the pages afterwards, until Ctrl-C.")
@click.option("--firms", default=FIRMS, show_default=True, help="Made-up firms in the register.")
@click.option("--port", default=8000, show_default=True)
def demo(serve: bool, firms: int, port: int) -> None:
    """Set up a made-up programme, run its main job, then serve it.

    Everything is made up and marked so. It lies in a data folder of its own and can be run again: what is done already
    is not done twice.
    """
    os.environ.setdefault("GEBYAR_HOME", str(_demo_home()))
    os.environ.setdefault("GEBYAR_URL", f"http://localhost:{port}")
    _main_job(firms)
    if serve:
        from gebyar.cli.server import plainly
        from gebyar.web import serving

        console.print("\nServing until Ctrl-C …")
        plainly(lambda: serving.serve(port=port, ready=lambda address: console.print(f"[bold]{address}[/bold]")))


def _demo_home() -> Path:
    from gebyar.web.home import default_home

    return default_home("gebyar-demo")


def _main_job(firms: int) -> None:
    from gebyar.cli.setup import with_database

    with_database(_run)(firms)


def _run(firms: int) -> None:
    from gebyar.web.home import home

    folder = home() / "demo"
    folder.mkdir(exist_ok=True)
    _fill_register(firms)
    deliveries = _take_in_lists(folder)
    people = _people()
    plan = _plan_fair(people["programme_officer"][1])
    files = _write_plan(plan, folder)
    _members(people, plan)
    _print_figures(_figures())
    _print_places(files, deliveries, plan)
    _print_people(people)


# --- the register ---------------------------------------------------------------------------------------------


def _fill_register(firms: int) -> None:
    from gebyar.registry.models import Firm
    from gebyar.registry.services.synthesis import fill_with_synthetic_firms

    if Firm.objects.exists():
        console.print("The register is filled already.")
        return
    with progress_bar("Made-up firms") as progress:
        fill_with_synthetic_firms(actor=None, firms=firms, seed=SEED, as_of=AS_OF, progress=progress)


def _take_in_lists(folder: Path) -> list[Any]:
    """Take in two offices' lists as they come: other headings, merged cells, faults."""
    from gebyar.registry.imports.samples import write_samples
    from gebyar.registry.models import Source
    from gebyar.registry.services.deliveries import receive, take_in
    from gebyar.registry.services.deliveries.problems import write_problems

    taken = []
    for path in write_samples(folder):
        delivery = receive(
            actor=None,
            path=path,
            file_name=path.name,
            source_name=f"Made-up office: {path.stem}",
            source_kind=Source.Kind.SYNTHETIC,
            # This office writes about its own regency and therefore names none.
            region_code=REGENCY if path.suffix == ".xlsx" else "",
            as_of=AS_OF,
            data_year=AS_OF.year,
        )
        with progress_bar(path.name) as progress:
            take_in(actor=None, delivery=delivery, progress=progress)
        write_problems(delivery, path.with_name(f"To mend - {path.stem}.xlsx"))
        taken.append(delivery)
    return taken


# --- people ---------------------------------------------------------------------------------------------------


def _people() -> dict[str, Any]:
    from gebyar.accounts.demo import create_demo_people
    from gebyar.web.home import home

    return create_demo_people(folder=home(), regency=REGENCY)


def _members(people: dict[str, Any], plan: "Plan") -> None:
    """Let the demo's owner and partner act for a firm that takes part in the fair."""
    from gebyar.registry.models import FirmMember

    participants = plan.day.participants.select_related("firm")
    firms = {"firm_member": participants.first(), "partner_member": participants.last()}
    for key, participant in firms.items():
        if participant is not None:
            FirmMember.objects.get_or_create(firm=participant.firm, user=people[key][1], ended_at=None)


# --- the fair -------------------------------------------------------------------------------------------------


def _plan_fair(officer: Any) -> "Plan":
    from gebyar.fair import services
    from gebyar.fair.models import Plan

    published = Plan.objects.filter(published_at__isnull=False).select_related("day__fair").first()
    if published:
        console.print("The fair day is planned already.")
        return published
    day = _fair_day(officer)
    plan = services.open_plan(actor=officer, day=day, seed=SEED)
    with progress_bar("Meetings") as progress:
        plan = services.run_plan(plan=plan, seconds=PLAN_SECONDS, progress=progress)
    return services.publish_plan(actor=officer, plan=plan)


def _fair_day(officer: Any) -> Any:
    from gebyar.fair import services
    from gebyar.fair.models import MeetingDay

    existing = MeetingDay.objects.select_related("fair").first()
    if existing:
        return existing
    fair = services.create_fair(
        actor=officer,
        name="Gebyar IKMA (data contoh)",
        venue="Mall Kota Kasablanka, Jakarta",
        starts_on=FAIR_DAY,
        ends_on=date(2024, 11, 17),
        is_synthetic=True,
    )
    day = services.create_meeting_day(
        actor=officer, fair=fair, on=FAIR_DAY, tables=TABLES, slots=list(_slots(services.SlotTimes))
    )
    participants = services.add_participants(actor=officer, day=day, firms=[*_small_firms(), *_buyers()])
    services.add_requests(actor=officer, day=day, pairs=_wishes(participants))
    return day


def _slots(make: Any) -> Iterator[Any]:
    for first, is_morning in ((MORNING, True), (AFTERNOON, False)):
        start = datetime.combine(FAIR_DAY, first, ZONE)
        for number in range(SLOTS_EACH):
            begins = start + number * (SLOT + PAUSE)
            yield make(begins.astimezone(UTC), (begins + SLOT).astimezone(UTC), is_morning)


def _small_firms() -> list["Firm"]:
    """Choose small firms with a product, spread over the register instead of from one province."""
    from gebyar.registry.models import Firm

    small = Firm.objects.filter(profiles__is_current=True, profiles__workers__range=(5, 19)).exclude(products=[])
    return _spread(list(small.order_by("id").values_list("id", flat=True)), SMALL_FIRMS)


def _buyers() -> list["Firm"]:
    from gebyar.registry.models import Firm

    large = Firm.objects.filter(profiles__is_current=True, profiles__workers__gte=100)
    return _spread(list(large.order_by("id").values_list("id", flat=True)), BUYERS)


def _spread(ids: list[int], count: int) -> list["Firm"]:
    from gebyar.registry.models import Firm

    chosen = random.Random(SEED).sample(ids, min(count, len(ids)))  # noqa: S311  a seeded choice is wanted
    return list(Firm.objects.filter(pk__in=chosen).order_by("id"))


def _wishes(participants: list[Any]) -> list[tuple[Any, Any]]:
    """Let every small firm ask for a few buyers, those first whom few have asked so far."""
    draw = random.Random(SEED)  # noqa: S311  a seeded choice is wanted
    small, buyers = participants[:-BUYERS], participants[-BUYERS:]
    asked = dict.fromkeys(range(len(buyers)), 0)
    pairs = []
    for firm in small:
        for number in sorted(asked, key=lambda buyer: (asked[buyer], draw.random()))[:MEETINGS_EACH]:
            asked[number] += 1
            pairs.append((firm, buyers[number]))
    return pairs


def _write_plan(plan: "Plan", folder: Path) -> dict[str, Path]:
    """Write the record, and every participant's agenda as a sheet and a calendar."""
    from gebyar.fair.documents import agenda_ics, agenda_pdf
    from gebyar.fair.queries import agenda_of

    record = folder / "plan-record.json"
    record.write_text(plan.record.body, encoding="utf-8")
    readable = folder / "plan.json"
    readable.write_text(json.dumps(plan.record.document["result"], indent=1), encoding="utf-8")
    agendas = folder / "agendas"
    agendas.mkdir(exist_ok=True)
    participants = list(plan.day.participants.select_related("firm", "day__fair"))
    with progress_bar("Agendas") as progress:
        for done, participant in enumerate(participants, start=1):
            agenda = agenda_of(participant)
            (agendas / f"{participant.number:03}.pdf").write_bytes(agenda_pdf(agenda))
            (agendas / f"{participant.number:03}.ics").write_bytes(agenda_ics(agenda))
            progress(done, len(participants), "")
    return {"Decision record": record, "Plan": readable, "Agendas (PDF, ICS)": agendas}


# --- figures and what is printed ------------------------------------------------------------------------------


def _figures() -> Any:
    from gebyar.statistics.queries import chosen_rule, headline, latest_snapshot
    from gebyar.statistics.services import take_snapshot

    with progress_bar("Figures") as progress:
        take_snapshot(actor=None, progress=progress)
    snapshot = latest_snapshot()
    return headline(snapshot, chosen_rule("")) if snapshot else None


def _print_figures(national: Any) -> None:
    table = Table(title="Made-up register, by Permenperin 64/2016")
    for heading in ("", "Units", "Workers", "Output (Rp)"):
        table.add_column(heading, justify="left" if not heading else "right")
    for line in [*national.lines, national.small, national.total]:
        values = (line.units, line.workers, line.output)
        table.add_row(str(line.label) or "All", *("–" if value is None else f"{value:,.0f}" for value in values))
    shares = (national.shares.units, national.shares.workers, national.shares.output)
    table.add_row("Share of small and medium", *("–" if s is None else f"{s:.2%}" for s in shares), style="bold")
    console.print(table)


def _print_places(files: dict[str, Path], deliveries: list[Any], plan: "Plan") -> None:
    for delivery in deliveries:
        console.print(
            f"List {delivery.file_name!r}: {delivery.rows_taken} rows taken in, {delivery.rows_refused} to mend."
        )
    console.print(
        f"Fair day {plan.day.date:%d %B %Y}: {plan.meeting_count} meetings, {plan.idle} idle periods "
        f"(no plan can have fewer than {plan.bound}), {plan.seconds:.1f} s."
    )
    for name, path in files.items():
        console.print(f"{name}: {path}", soft_wrap=True)
    console.print(f"Check it: .venv/bin/gebyar verify '{files['Decision record']}'", soft_wrap=True)


def _print_people(people: dict[str, Any]) -> None:
    table = Table(title="Accounts")
    for heading in ("Role", "E-mail", "Password", "Second factor"):
        table.add_column(heading)
    home = os.environ["GEBYAR_HOME"]
    for key, (person, _user) in people.items():
        table.add_row(key.replace("_", " "), person.email, person.password, "code" if person.secret else "")
    console.print(table)
    console.print(
        f"Code of an account: GEBYAR_HOME='{home}' .venv/bin/gebyar code petugas@gebyar.example", soft_wrap=True
    )
    console.print(f"Address: {os.environ['GEBYAR_URL']}")


commands = {"demo": demo}
