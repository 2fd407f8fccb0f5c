"""Entries: what somebody hands in for a category, its documents, and the people of a group."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.awards.models.editions import Category, Edition
from gebyar.registry.models import Certificate, Firm


def new_code() -> str:
    """Return what an anonymised entry is called: nothing about its firm or its order can be read from it."""
    alphabet = "ACDEFHJKLMNPQRTUVWXY34679"
    return "".join(secrets.choice(alphabet) for _place in range(6))


class Entry(models.Model):
    """One entry. Facts of the firm are read from the register; `answers` holds only what the register does not."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("handed in")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Kind(models.TextChoices):
        FIRM = "firm", _("firm")
        PERSON = "person", _("person")
        GROUP = "group", _("group")
        REGENCY = "regency", _("proposal of a regency")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="entries")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.FIRM)
    firm = models.ForeignKey(Firm, null=True, blank=True, on_delete=models.PROTECT, related_name="award_entries")
    # Who enters where no firm does, and who wrote the draft otherwise; for a proposal the officer of the regency.
    entrant = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    region_code = models.CharField(max_length=13)  # of the firm, the person or the proposing regency
    title = models.CharField(max_length=160, blank=True)
    code = models.CharField(max_length=6, default=new_code)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    answers = models.JSONField(default=dict, blank=True)  # question id → value
    declared = models.JSONField(default=dict, blank=True)  # condition id → True
    facts = models.JSONField(default=dict, blank=True)  # the register's facts as they were when it was handed in
    number = models.PositiveIntegerField(null=True, blank=True)  # of the receipt, counted in the edition
    submitted_at = models.DateTimeField(null=True, blank=True)
    receipt_hash = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["edition", "number", "pk"]
        indexes = [models.Index(fields=["edition", "status", "region_code"], name="entry_desk")]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="one_entry_per_code"),
            models.UniqueConstraint(fields=["edition", "number"], name="one_entry_per_number"),
            models.UniqueConstraint(
                fields=["category", "firm"],
                condition=Q(firm__isnull=False) & ~Q(status="withdrawn"),
                name="one_open_entry_per_firm_and_category",
            ),
            models.UniqueConstraint(
                fields=["category", "entrant"],
                condition=Q(firm__isnull=True) & ~Q(status="withdrawn"),
                name="one_open_entry_per_person_and_category",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", submitted_at__isnull=True, number__isnull=True) | ~Q(status="draft"),
                name="a_draft_has_no_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(status="submitted") | (Q(number__isnull=False) & ~Q(receipt_hash="")),
                name="a_handed_in_entry_has_a_receipt",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["firm", "regency"], firm__isnull=False) | Q(kind__in=["person", "group"]),
                name="a_firms_entry_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}-{self.number or self.code}"


class EntryMember(models.Model):
    """A person of a group. The day of birth, asked only where an age limit holds, is sealed."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    part = models.CharField(max_length=80, blank=True)  # what this person does in the group
    birth_sealed = models.BinaryField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["entry", "position"], name="one_member_per_position")]

    def __str__(self) -> str:
        return f"{self.entry_id}.{self.position}"


class EntryDocument(models.Model):
    """A document of an entry: a file, or a certificate of the register that answers the same question."""

    class Verdict(models.TextChoices):
        OPEN = "open", _("not looked at")
        ACCEPTED = "accepted", _("in order")
        RETURNED = "returned", _("to be handed in again")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="documents")
    key = models.CharField(max_length=40)  # a document's id in the rules
    certificate = models.ForeignKey(Certificate, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # What the register said of the certificate when it was used; it stays when the register forgets it.
    certificate_words = models.CharField(max_length=200, blank=True)
    file = models.FileField(upload_to="entries/%Y/%m", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.OPEN)
    note = models.CharField(max_length=300, blank=True)  # what is to be done, where it was returned
    looked_at_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    handed_in_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "key"], name="one_document_per_key"),
            models.CheckConstraint(
                condition=~Q(file="", certificate__isnull=True, certificate_words="") | Q(verdict="returned"),
                name="a_document_is_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.key}"


class DeskNote(models.Model):
    """What an officer of the completeness desk did for an entry: called, visited, wrote."""

    class Channel(models.TextChoices):
        CALL = "call", _("called")
        MESSAGE = "message", _("wrote")
        VISIT = "visit", _("visited")
        OTHER = "other", _("other")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="desk_notes")
    channel = models.CharField(max_length=7, choices=Channel.choices)
    text = models.CharField(max_length=500)
    is_reminder = models.BooleanField(default=False)  # a mail of what is missing; not sent twice in a day
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.channel}"
