"""Decision records for machines: the list, and each record as the exact text that is hashed."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from gebyar.records.models import DecisionRecord

router = Router(tags=["records"])


class RecordOut(Schema):
    sequence: int
    hash: str
    previous: str
    method: str
    method_version: str
    title: str
    recorded_at: datetime


@router.get("/records", response=list[RecordOut], summary="Decision records, newest first")
def list_records(
    request: HttpRequest, limit: int = Query(50, ge=1, le=500), before: int | None = Query(None, ge=1)
) -> list[DecisionRecord]:
    """Return up to `limit` records with a number below `before`."""
    records = DecisionRecord.objects.defer("body")
    if before is not None:
        records = records.filter(sequence__lt=before)
    return list(records[:limit])


@router.get("/records/{digest}", response={200: dict}, summary="One decision record as it is hashed")
def get_record(request: HttpRequest, digest: str) -> HttpResponse:
    """Return the canonical JSON text (RFC 8785); `gebyar verify` takes it as it is."""
    return HttpResponse(get_object_or_404(DecisionRecord, hash=digest).body, content_type="application/json")
