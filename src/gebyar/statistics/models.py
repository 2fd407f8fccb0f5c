"""Snapshots of the register and the figures computed from them."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Snapshot(models.Model):
    """The register's current facts at one moment, as a Parquet file that anybody entitled to it can recompute.

    A row is written together with its figures, once the file is whole; so every row can be shown.
    """

    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    firms = models.BigIntegerField()
    synthetic_firms = models.BigIntegerField(default=0)
    rules_version = models.CharField(max_length=20)
    seconds = models.FloatField()

    class Meta:
        ordering = ["-taken_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.taken_at:%Y-%m-%d %H:%M}"


class Figure(models.Model):
    """Units, workers and output of one size class ("" for all) in one province ("" for the nation), by one rule.

    A measure that would tell something about a single firm (UU 3/2014, art. 69-70) is NULL: what is not stored cannot
    leak. It can be computed again from the snapshot's file, by those who may read that.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="figures")
    rule = models.CharField(max_length=40)
    region_code = models.CharField(max_length=2, blank=True)
    size_class = models.CharField(max_length=20, blank=True)
    units = models.BigIntegerField(null=True)
    workers = models.BigIntegerField(null=True)
    output = models.DecimalField(max_digits=24, decimal_places=0, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "rule", "region_code", "size_class"], name="one_figure_per_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.region_code or 'nation'} {self.size_class or 'all'}"
