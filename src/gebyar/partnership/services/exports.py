"""An officer takes the deals of their region along as a file: one line for each deal, committed and realised apart."""

from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from django.db import transaction
from django.utils.translation import gettext as _

from gebyar.accounts.models import User
from gebyar.partnership.errors import NotYourRegion
from gebyar.partnership.models import Deal
from gebyar.partnership.queries.dashboard import regions_of
from gebyar.partnership.queries.deals import deals_in_region, standing, with_statements
from gebyar.records.services import record_audit
from gebyar.registry.services.exports import guarded

FORMATS = ("csv", "xlsx")
_AT_ONCE = 2000
SCHEMA = {
    "id": pl.Int64, "title": pl.String, "relation": pl.String, "seller": pl.String, "seller_place": pl.String,
    "buyer": pl.String, "buyer_place": pl.String, "origin": pl.String, "origin_date": pl.Date, "stage": pl.String,
    "seller_stage": pl.String, "buyer_stage": pl.String, "seller_committed": pl.Int64, "buyer_committed": pl.Int64,
    "seller_realised": pl.Int64, "buyer_realised": pl.Int64, "committed_by_both": pl.Int64,
    "realised_by_both": pl.Int64, "sides_differ": pl.Boolean, "is_synthetic": pl.Boolean,
}  # fmt: skip


@transaction.atomic
def export_deals(*, actor: User, path: Path, format: str) -> int:  # noqa: A002
    """Write the deals an officer watches over as CSV or XLSX.

    Raises
    ------
    NotYourRegion
        When the actor is no officer.

    Returns
    -------
    int
        Number of deals.
    """
    if not actor.has_perm("partnership.watch_deals"):
        raise NotYourRegion
    deals = with_statements(deals_in_region(actor)).order_by("pk")
    rows = [_row(deal) for deal in deals.iterator(chunk_size=_AT_ONCE)]
    frame = guarded(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    if format == "csv":
        path.write_bytes(b"\xef\xbb\xbf" + frame.write_csv(line_terminator="\r\n").encode())
    else:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            frame.write_excel(book, worksheet=_("Deals"))
    record_audit(actor=actor, verb="partnership.export_deals", after={"format": format, "deals": len(rows)})
    return len(rows)


def _row(deal: Deal) -> tuple[Any, ...]:
    where = standing(deal)
    seller, buyer = where.seller, where.buyer
    places = regions_of(deal)
    return (
        deal.pk, deal.title, str(deal.relation), deal.seller.name, places[0], deal.buyer.name, places[1], deal.origin,
        deal.origin_date, where.stage, seller.stage, buyer.stage, seller.committed, buyer.committed, seller.realised,
        buyer.realised, where.committed_by_both, where.realised_by_both, where.differs, deal.is_synthetic,
    )  # fmt: skip
