"""`gebyar demo`: a made-up programme on this machine, from offices' lists to the nation's figures and agendas."""

import json
import os
import random
from datetime import date, datetime, time, timedelta
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
SMALL_FIRMS, BUYERS = 60, 20
# More is asked than can be: the popular buyers have fewer slots than requests.
ASKS_OF_SMALL, ASKS_OF_BUYERS, ZONES = 7, 4, (("Pangan", 8), ("Sandang dan kerajinan", 6), ("Logam dan mesin", 4))
PLAN_SECONDS = 60
AWARD_ENTRIES, AWARD_JUDGES, OPEN_ENTRIES = 60, 12, 12
ASSESSED = 1500  # firms with a made-up assessment of readiness
ZONE = ZoneInfo("Asia/Jakarta")
# Ten slots of 20 minutes a day with five between them; lunch parts morning and afternoon.
SLOT, PAUSE = 20, 5
OPENS, CLOSES, LUNCH = time(9, 30), time(15, 30), (time(11, 35), time(13, 30))


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
    _market(people["programme_officer"][1], plan)
    _awards(people)
    _readiness(people["local_officer"][1], plan)
    _facilities(people["programme_officer"][1], plan)
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

    participants = plan.round.participants.select_related("firm")
    firms = {"firm_member": participants.first(), "partner_member": participants.last()}
    for key, participant in firms.items():
        if participant is not None:
            FirmMember.objects.get_or_create(firm=participant.firm, user=people[key][1], ended_at=None)


def _market(officer: Any, plan: "Plan") -> None:
    """Give those who take part needs and offers, and some of them deals on their way."""
    from gebyar.partnership.models import Listing
    from gebyar.partnership.services.samples import add_synthetic_market

    if Listing.objects.exists():
        return
    firms = [participant.firm for participant in plan.round.participants.select_related("firm").order_by("number")]
    # Whoever acts for a firm in the demo takes part in one of its deals.
    sellers, buyers = firms[: -len(firms) // 4], firms[-len(firms) // 4 :]
    add_synthetic_market(actor=officer, sellers=sellers, buyers=buyers[::-1], on=FAIR_DAY, seed=SEED)


def _awards(people: dict[str, Any]) -> None:
    """Hold an award to its end, and open the next one."""
    from gebyar.awards.models import Edition
    from gebyar.awards.services.samples import add_synthetic_edition

    if Edition.objects.exists():
        console.print("The awards are held already.")
        return
    officers = {"actor": people["programme_officer"][1], "second": people["administrator"][1]}
    juror, year = people["judge"][1], date.today().year  # noqa: DTZ011  the year of a demonstration
    with progress_bar("Award") as progress:
        add_synthetic_edition(
            **officers, entries=AWARD_ENTRIES, judges=AWARD_JUDGES, seed=SEED, year=year - 1, judge_users=[juror],
            members=[people["firm_member"][1]], progress=progress,
        )  # fmt: skip
        add_synthetic_edition(
            **officers, entries=OPEN_ENTRIES, seed=SEED + 1, year=year, until="open", progress=progress
        )


def _facilities(officer: Any, plan: "Plan") -> None:
    """Open two calls for help, and allot a third one."""
    from gebyar.facilities.models import Call
    from gebyar.facilities.services.samples import add_synthetic_calls

    if Call.objects.exists():
        return
    firms = [participant.firm for participant in plan.round.participants.select_related("firm").order_by("number")]
    # The demo's owner, who acts for the first one, applies by hand.
    add_synthetic_calls(actor=officer, firms=firms[1:25], seed=SEED)


def _readiness(officer: Any, plan: "Plan") -> None:
    """Give many firms a made-up assessment, those of the fair among them, and hold a workshop."""
    from gebyar.readiness.models import Assessment
    from gebyar.readiness.samples import add_synthetic_readiness
    from gebyar.registry.models import Firm

    if Assessment.objects.exists():
        return
    until = datetime.combine(FAIR_DAY, OPENS, ZONE)
    firms = Firm.objects.filter(kind=Firm.Kind.INDUSTRY, is_synthetic=True).order_by("id").values_list("id", flat=True)
    chosen = {firm.pk: firm for firm in _spread(list(firms), ASSESSED)}
    chosen |= {one.firm_id: one.firm for one in plan.round.participants.select_related("firm") if one.firm.is_synthetic}
    add_synthetic_readiness(actor=officer, firms=list(chosen.values()), until=until, seed=SEED)


# --- the fair -------------------------------------------------------------------------------------------------


def _plan_fair(officer: Any) -> "Plan":
    from gebyar.fair import services
    from gebyar.fair.models import Plan

    published = Plan.objects.filter(published_at__isnull=False).select_related("round__fair").first()
    if published:
        console.print("The round of meetings is planned already.")
        return published
    round_ = _round(officer)
    services.close_requests(actor=officer, round_=round_)
    plan = services.open_plan(actor=officer, round_=round_, seed=SEED, seconds=PLAN_SECONDS)
    with progress_bar("Meetings") as progress:
        plan = services.run_plan(plan=plan, progress=progress)
    return services.publish_plan(actor=officer, plan=plan)


def _round(officer: Any) -> Any:
    from gebyar.fair import services
    from gebyar.fair.models import Round
    from gebyar.fair.timetable import Hours, ZoneTables, slots_of

    existing = Round.objects.select_related("fair").first()
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
    hours = Hours([FAIR_DAY, FAIR_DAY + timedelta(days=1)], OPENS, CLOSES, SLOT, PAUSE, [LUNCH])
    round_ = services.create_round(
        actor=officer,
        fair=fair,
        name="Temu Bisnis",
        slots=slots_of(hours, ZONE),
        tables=[ZoneTables(name, count) for name, count in ZONES],
        most_requests=ASKS_OF_SMALL + 1,
        least_meetings=1,
        rest_after=4,
    )
    small = services.add_participants(actor=officer, round_=round_, firms=_small_firms())
    buyers = services.add_participants(actor=officer, round_=round_, firms=_buyers())
    _limits(officer, round_, buyers)
    services.open_requests(actor=officer, round_=round_)
    services.add_requests(actor=officer, round_=round_, requests=_wishes(small, buyers))
    return round_


def _limits(officer: Any, round_: Any, buyers: list[Any]) -> None:
    """Give buyers their own limits: some send two people, some stay at a table, one comes late on the first day."""
    from gebyar.fair import services

    for number, buyer in enumerate(buyers):
        limits: dict[str, Any] = {"most_meetings": 14, "tier": 1 + number % 2}
        if number % 5 == 0:
            limits["delegates"] = 2
        elif number % 5 == 1:
            limits["table"] = round_.tables.get(number=1 + number)
        services.change_participant(actor=officer, participant=buyer, **limits)
    services.set_availability(actor=officer, participant=buyers[-1], absent=round_.slots.filter(number__lte=3))


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


def _wishes(small: list[Any], buyers: list[Any]) -> list[Any]:
    """Let every small firm ask buyers in the order of its wishes, the well-known ones oftener, and buyers ask back."""
    from gebyar.fair.services.requests import NewRequest

    draw = random.Random(SEED)  # noqa: S311  a seeded choice is wanted
    known = [1 / (1 + number) ** 0.5 for number in range(len(buyers))]
    asked, wishes = set(), []
    for firm in small:
        order = sorted(range(len(buyers)), key=lambda buyer: -known[buyer] * draw.random())[:ASKS_OF_SMALL]
        for rank, number in enumerate(order, start=1):
            asked.add((firm.pk, buyers[number].pk))
            wishes.append(NewRequest(firm, buyers[number], wish=_wish(rank), rank=rank, **_answer(draw)))
    for buyer in buyers:
        others = [firm for firm in small if (firm.pk, buyer.pk) not in asked]
        for rank, firm in enumerate(draw.sample(others, min(ASKS_OF_BUYERS, len(others))), start=1):
            wishes.append(NewRequest(buyer, firm, wish=_wish(rank), rank=rank, **_answer(draw)))
    return wishes


def _wish(rank: int) -> int:
    return 1 if rank == 1 else 2 if rank <= 4 else 3


def _answer(draw: random.Random) -> dict[str, Any]:
    chance = draw.random()
    if chance < 0.5:
        return {"answer": "accepted", "answer_wish": draw.choice((1, 2, 2, 3))}
    return {"answer": "declined"} if chance < 0.6 else {}


def _write_plan(plan: "Plan", folder: Path) -> dict[str, Path]:
    """Write the record, and every participant's agenda as a sheet and a calendar."""
    from gebyar.fair.documents.agenda import agenda_pdf
    from gebyar.fair.documents.calendar import agenda_ics
    from gebyar.fair.queries.agendas import agenda_of

    record = folder / "plan-record.json"
    record.write_text(plan.record.body, encoding="utf-8")
    readable = folder / "plan.json"
    readable.write_text(json.dumps(plan.record.document["result"], indent=1), encoding="utf-8")
    agendas = folder / "agendas"
    agendas.mkdir(exist_ok=True)
    participants = list(plan.round.participants.select_related("firm", "round__fair"))
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
    idle = f"{plan.idle} idle periods" + ("" if plan.bound is None else f" (no plan can have fewer than {plan.bound})")
    console.print(
        f"{plan.round}: {plan.meetings.count()} meetings granted, {plan.refusals.count()} not, each with its reason; "
        f"{plan.priority} of at most {plan.priority_bound} points; {idle}; {plan.seconds:.1f} s."
    )
    for name, path in files.items():
        console.print(f"{name}: {path}", soft_wrap=True)
    _print_awards()
    console.print(f"Check it: .venv/bin/gebyar verify '{files['Decision record']}'", soft_wrap=True)


def _print_awards() -> None:
    from gebyar.awards.models import Edition, Prize

    for edition in Edition.objects.order_by("year"):
        entered = edition.entries.filter(number__isnull=False).count()
        won = Prize.objects.filter(stage__category__edition=edition).count()
        words = f"{won} prizes, /awards/{edition.slug}/winners/" if won else f"open, /awards/{edition.slug}/"
        console.print(f"{edition.title}: {entered} entries, {words}", soft_wrap=True)


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
