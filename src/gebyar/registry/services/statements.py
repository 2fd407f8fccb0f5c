"""Write an approved correction into the register: a changed identity fact, or a new statement."""

from django.utils import timezone

from gebyar.accounts.models import User
from gebyar.registry.facts import Fact, columns_of, history_text
from gebyar.registry.imports.identity import identity_key
from gebyar.registry.models import Correction, Delivery, FactChange, Firm, Profile, Source

# The one source that stands for what firms say of themselves.
OWN_SOURCE = "Pelaku usaha"
_NOT_COPIED = {"id", "firm", "delivery", "year", "as_of", "row", "is_current"}


def own_delivery(*, firm: Firm, year: int, actor: User | None) -> Delivery:
    """Open the dated delivery under which a firm's own statement stands."""
    source, _created = Source.objects.get_or_create(name=OWN_SOURCE, defaults={"kind": Source.Kind.FIRM})
    now = timezone.now()
    return Delivery.objects.create(
        source=source, as_of=timezone.localdate(), data_year=year, region_code=firm.region_code,
        status=Delivery.Status.DONE, rows_total=1, rows_taken=1, created_by=actor, finished_at=now,
    )  # fmt: skip


def state_identity_fact(*, correction: Correction, some: Fact) -> None:
    """Put the new value in the firm's row and the change in its history."""
    columns = columns_of(some, correction.new_value)
    firm = correction.firm
    for column, value in columns.items():
        setattr(firm, column, value)
    if some.field in {"name", "region_code", "address"}:
        # Lists without a NIB are joined by this key, so it has to follow.
        firm.identity_key = columns["identity_key"] = identity_key(firm.name, firm.region_code, firm.address)
    firm.save(update_fields=list(columns))
    FactChange.objects.create(
        firm=firm,
        field=some.field,
        old_value=history_text(some, correction.old_value),
        new_value=history_text(some, correction.new_value),
        as_of=timezone.localdate(),
        correction=correction,
    )


def state_yearly_fact(*, correction: Correction, some: Fact, base: Profile | None, actor: User) -> Profile:
    """Add a statement of the firm about the year: the one held so far, with the corrected figure.

    It becomes the current one when it is about the newest year.
    """
    firm, year = correction.firm, int(correction.year or 0)
    delivery = own_delivery(firm=firm, year=year, actor=actor)
    statement = Profile(firm=firm, delivery=delivery, year=year, as_of=delivery.as_of)
    for column in _copied():
        setattr(statement, column, getattr(base, column) if base else getattr(statement, column))
    for column, value in columns_of(some, correction.new_value).items():
        setattr(statement, column, value)
    _add_up_workers(statement, some)
    statement.is_current = not firm.profiles.filter(is_current=True, year__gt=year).exists()
    if statement.is_current:
        firm.profiles.filter(is_current=True).update(is_current=False)
    statement.save()
    return statement


def _copied() -> list[str]:
    return [field.name for field in Profile._meta.fields if field.name not in _NOT_COPIED]  # noqa: SLF001


def _add_up_workers(statement: Profile, some: Fact) -> None:
    """Let the total follow the men and women, which the database holds to add up."""
    men, women = statement.workers_male, statement.workers_female
    if some.field in {"workers_male", "workers_female"} and men is not None and women is not None:
        statement.workers = men + women
