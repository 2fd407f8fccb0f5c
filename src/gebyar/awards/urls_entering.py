"""Editions, entering, and the completeness desk."""

from django.urls import URLPattern, path, register_converter

from gebyar.awards.converters import EditionSlug
from gebyar.awards.views import calls, desk, editions, entering, papers, receipts, rules_editor

register_converter(EditionSlug, "edition")

urlpatterns: list[URLPattern] = [
    path("", calls.call_list, name="call_list"),
    path("mine/", calls.my_entries, name="my_entries"),
    # editions, for organisers
    path("editions/new/", editions.edition_new, name="edition_new"),
    path("editions/<int:pk>/", editions.edition, name="edition"),
    path("editions/<int:pk>/dates/", editions.edition_dates, name="edition_dates"),
    path("editions/<int:pk>/publish/", editions.edition_publish, name="edition_publish"),
    path("editions/<int:pk>/end/", editions.edition_end, name="edition_end"),
    path("editions/<int:pk>/rules/<str:part>/", rules_editor.edition_rules, name="edition_rules"),
    path("editions/<int:pk>/stage/<slug:stage>/", rules_editor.edition_stage, name="edition_stage"),
    path("editions/<int:pk>/versions/<int:number>/", editions.edition_version, name="edition_version"),
    path("editions/<int:pk>/versions/<int:number>/file/", editions.edition_file, name="edition_file"),
    path("editions/<int:pk>/upload/", editions.edition_upload, name="edition_upload"),
    path("editions/<int:pk>/entries/", editions.edition_entries, name="edition_entries"),
    path("editions/<int:pk>/export/", editions.edition_export, name="edition_export"),
    # entering
    path("<edition:slug>/", calls.call, name="call"),
    path("<edition:slug>/enter/", entering.enter, name="enter"),
    path("entries/<int:pk>/", entering.entry, name="entry"),
    path("entries/<int:pk>/submit/", entering.entry_submit, name="entry_submit"),
    path("entries/<int:pk>/withdraw/", entering.entry_withdraw, name="entry_withdraw"),
    path("entries/<int:pk>/documents/<slug:key>/", papers.document, name="entry_document"),
    path("entries/<int:pk>/documents/<slug:key>/file/", papers.document_file, name="document_file"),
    path(
        "entries/<int:pk>/documents/<slug:key>/certificate/", papers.document_certificate, name="document_certificate"
    ),
    path("entries/<int:pk>/documents/<slug:key>/remove/", papers.document_remove, name="document_remove"),
    path("entries/<int:pk>/receipt/", receipts.receipt, name="receipt"),
    path("entries/<int:pk>/receipt/sheet/", receipts.receipt_sheet, name="receipt_sheet"),
    path("entries/<int:pk>/receipt/text/", receipts.receipt_text, name="receipt_text"),
    path("entries/<int:pk>/form/<slug:part>/", entering.entry_part, name="entry_part"),
    # the completeness desk
    path("desk/", desk.desk, name="desk"),
    path("desk/sheet/", desk.desk_sheet, name="desk_sheet"),
    path("desk/<int:pk>/", desk.desk_entry, name="desk_entry"),
    path("desk/<int:pk>/note/", desk.desk_note, name="desk_note"),
    path("desk/<int:pk>/remind/", desk.desk_remind, name="desk_remind"),
    path("desk/<int:pk>/documents/<slug:key>/", desk.desk_document, name="desk_document"),
    path("desk/<int:pk>/documents/<slug:key>/look/", desk.desk_look, name="desk_look"),
]
