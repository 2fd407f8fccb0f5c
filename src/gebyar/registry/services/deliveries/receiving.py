"""Receive a file: keep it, so that an interrupted import can go on, and know it again by its hash."""

import hashlib
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.accounts.models import User
from gebyar.records.errors import DomainError
from gebyar.records.locking import lock
from gebyar.records.services import record_audit
from gebyar.reference import regions
from gebyar.registry.imports.errors import UnreadableTable, WrongMapping
from gebyar.registry.imports.mapping import Mapping, suggest
from gebyar.registry.imports.reading import open_table
from gebyar.registry.models import Delivery, Source

MOST_UNPACKED = 3 * 1024**3
_ENDINGS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


class CannotRead(DomainError):
    """The file or its mapping is not usable; the words say why and what to do."""


class OddFacts(DomainError):
    """What was said of the list cannot be; nothing was stored."""


class TakenInAlready(DomainError):
    words = _("This list has been taken in already. Its mapping can no longer be changed.")


class BeingChecked(DomainError):
    words = _("This list is being checked. Wait until that is over, then change what its columns mean.")


def receive(
    *,
    actor: User | None,
    path: Path,
    file_name: str,
    source_name: str,
    as_of: date,
    data_year: int | None = None,
    region_code: str = "",
    mode: Delivery.Mode = Delivery.Mode.GOOD_ROWS,
    mapping: Mapping | None = None,
    source_kind: Source.Kind = Source.Kind.OFFICE,
) -> Delivery:
    """Keep the file and suggest a mapping. The same file of the same source and date is the same delivery.

    Parameters
    ----------
    path, file_name
        Where the file lies now, and what its owner calls it.
    source_name, as_of
        Whose list it is, and as of when it holds.
    data_year
        The year its figures are about where no column says so; the year before `as_of` when left out.
    region_code
        Only firms within it are taken in; "" for the whole country.
    mapping
        As corrected by hand. When left out, the one that the source's last list with the same headings had, or else
        one suggested from the headings.

    Raises
    ------
    CannotRead
        When it is no table or the mapping does not fit it.
    OddFacts
        When the date lies in the future or there is no such region.
    """
    _refuse_odd(as_of, region_code)
    try:
        _refuse_bomb(path)
        table = open_table(path)
        chosen = mapping or _mapping_used_before(source_name, table.headers) or suggest(table.headers)
        if mapping is not None:
            mapping.check(table.headers)
    except (UnreadableTable, WrongMapping) as error:
        raise CannotRead(str(error)) from error
    fields = {
        "file_name": file_name[-255:],
        "data_year": data_year or as_of.year - 1,
        "region_code": region_code,
        "mode": mode,
        "mapping": chosen.to_dict(),
        "rows_total": table.estimated_rows,
        "created_by": actor,
    }
    delivery, is_new = _find_or_create(source_name, source_kind, _sha256(path), as_of, fields)
    if is_new:
        with path.open("rb") as file:
            delivery.stored_file.save(f"{delivery.sha256[:16]}{_ending(path)}", File(file))
        record_audit(
            actor=actor,
            verb="registry.receive_delivery",
            target=delivery,
            after={"file": file_name, "sha256": delivery.sha256, "rows": delivery.rows_total},
        )
    elif mapping is not None and delivery.status != Delivery.Status.DONE:
        set_mapping(actor=actor, delivery=delivery, mapping=mapping)
    return delivery


def _refuse_odd(as_of: date, region_code: str) -> None:
    if as_of > timezone.localdate():
        raise OddFacts(_("The date %(date)s lies in the future. Write the date of the list.") % {"date": as_of})
    if region_code and not regions.is_valid(region_code):
        words = _("%(code)s is no region. Write a Kemendagri code with dots, like 34.02.")
        raise OddFacts(words % {"code": region_code})


def _mapping_used_before(source_name: str, headers: Sequence[str]) -> Mapping | None:
    """Return what was corrected by hand for the last list of the source that had these headings of its own."""
    before = Delivery.objects.filter(source__name=source_name).exclude(stored_file="").order_by("-id")
    for data in before.values_list("mapping", flat=True)[:20]:
        if data.get("columns") and (known := Mapping.from_dict(data).carried_over(headers)):
            return known
    return None


def _refuse_bomb(path: Path) -> None:
    """Refuse a workbook that unpacks to more than this machine should hold, before anything unpacks it."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise UnreadableTable(
                _("%(file)s unpacks to too much data. Save the list as CSV, or in parts.") % {"file": path.name}
            )


def _ending(path: Path) -> str:
    """Return the ending of a name if it is one of a table; what somebody uploaded is kept under no other."""
    return path.suffix.lower() if path.suffix.lower() in _ENDINGS else ".txt"


def _find_or_create(
    source_name: str, kind: Source.Kind, sha256: str, as_of: date, fields: dict[str, object]
) -> tuple[Delivery, bool]:
    """Let the unique constraint decide between two who hand in the same file at once."""
    source, _new = Source.objects.get_or_create(name=source_name, defaults={"kind": kind})
    try:
        with transaction.atomic():
            return Delivery.objects.create(source=source, sha256=sha256, as_of=as_of, **fields), True
    except IntegrityError:
        return Delivery.objects.get(source=source, sha256=sha256, as_of=as_of), False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@transaction.atomic
def set_mapping(*, actor: User | None, delivery: Delivery, mapping: Mapping) -> Delivery:
    """Replace the mapping; what was checked under the old one must be checked again."""
    held = lock(Delivery.objects.filter(pk=delivery.pk)).get()
    if held.status in {Delivery.Status.RUNNING, Delivery.Status.DONE} or held.cursor:
        raise TakenInAlready
    if "checked" in held.counts and held.status == Delivery.Status.UPLOADED:
        raise BeingChecked
    try:
        mapping.check(open_table(held.stored_file.path).headers)
    except (UnreadableTable, WrongMapping) as error:
        raise CannotRead(str(error)) from error
    before, held.mapping = held.mapping, mapping.to_dict()
    held.status, held.counts, held.rows_refused = Delivery.Status.UPLOADED, {}, 0
    held.save(update_fields=["mapping", "status", "counts", "rows_refused"])
    record_audit(actor=actor, verb="registry.set_mapping", target=held, before=before, after=held.mapping)
    delivery.refresh_from_db()
    return delivery
