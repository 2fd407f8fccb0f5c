"""Papers and people of a firm."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.registry.models.firms import Firm
from gebyar.registry.models.sources import Delivery


class Certificate(models.Model):
    class Kind(models.TextChoices):
        HALAL = "halal", _("Halal certificate")
        PIRT = "pirt", _("P-IRT (home food industry)")
        BPOM = "bpom", _("BPOM registration")
        SNI = "sni", _("SNI (national standard)")
        TRADEMARK = "trademark", _("Trade mark")
        TKDN = "tkdn", _("TKDN (local content)")
        NIB = "nib", _("NIB (business number)")

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="certificates", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.CharField(max_length=80, blank=True, default="", db_default="")
    issued_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    file = models.FileField(upload_to="certificates/%Y/%m", blank=True, db_default="")
    delivery = models.ForeignKey(
        Delivery, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "kind", "number"], name="one_certificate_per_number"),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("issued_on")),
                name="certificate_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".rstrip()


class Photo(models.Model):
    """A product in a picture, for the firm's public page: written anew, so that it holds pixels and nothing else."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="photos/%Y/%m")
    thumbnail = models.FileField(upload_to="photos/%Y/%m")
    # Of the thumbnail, so that a page keeps its place free before it has come.
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    alt = models.CharField(max_length=160)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="photo_says_what_it_shows")]

    def __str__(self) -> str:
        return self.alt


class Contact(models.Model):
    """A person to speak to. Personal data: shown to the firm and its officers only, erasable, NIK sealed."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        CONTACT = "contact", _("contact")

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="contacts", db_index=False)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.OWNER, db_default="owner")
    name = models.CharField(max_length=150, blank=True, default="", db_default="")
    phone = models.CharField(max_length=20, blank=True, default="", db_default="")
    email = models.EmailField(blank=True, default="", db_default="")
    nik_sealed = models.BinaryField(null=True, blank=True)
    nik_hash = models.BinaryField(null=True, blank=True)
    delivery = models.ForeignKey(
        Delivery, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "role"], name="one_contact_per_role"),
            models.CheckConstraint(
                condition=Q(nik_sealed__isnull=True, nik_hash__isnull=True)
                | Q(nik_sealed__isnull=False, nik_hash__isnull=False),
                name="contact_nik_sealed_with_hash",
            ),
        ]
        indexes = [models.Index(fields=["nik_hash"], name="contact_nik", condition=Q(nik_hash__isnull=False))]

    def __str__(self) -> str:
        return self.name
