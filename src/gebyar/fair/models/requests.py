"""Who asks to meet whom, how much they want it, and what the other side answers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gebyar.fair.models.fairs import Round, Slot, Table
from gebyar.fair.models.people import Participant
from gebyar.partnership.models import Listing


class MeetingRequest(models.Model):
    class Wish(models.IntegerChoices):
        MUST = 1, _("must meet")
        WOULD = 2, _("would like to meet")
        FINE = 3, _("fine if there is room")

    class Answer(models.TextChoices):
        OPEN = "open", _("not answered")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("no thanks")

    class Time(models.IntegerChoices):
        MORNING = 1, _("morning only")
        AFTERNOON = 2, _("afternoon only")
        ANY = 3, _("any time")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="requests")
    number = models.PositiveIntegerField()
    asker = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="requests_made")
    asked = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="requests_received")
    listing = models.ForeignKey(Listing, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    wish = models.PositiveSmallIntegerField(choices=Wish.choices, default=Wish.WOULD)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)  # the asker's own order, 1 first
    message = models.CharField(max_length=500, blank=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.OPEN)
    answer_wish = models.PositiveSmallIntegerField(choices=Wish.choices, null=True, blank=True)
    answer_message = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    time = models.PositiveSmallIntegerField(choices=Time.choices, default=Time.ANY)
    by_organiser = models.BooleanField(default=False)  # set by hand: always granted
    fixed_slot = models.ForeignKey(Slot, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    fixed_table = models.ForeignKey(Table, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_request_per_number"),
            # One open request per pair, whoever asks: two firms meet once a round.
            models.UniqueConstraint(
                Least("asker", "asked"),
                Greatest("asker", "asked"),
                condition=Q(withdrawn_at__isnull=True),
                name="a_pair_asks_once",
            ),
            models.UniqueConstraint(
                fields=["asker", "rank"],
                condition=Q(withdrawn_at__isnull=True, rank__isnull=False),
                name="one_request_per_rank",
            ),
            models.CheckConstraint(condition=~Q(asker=F("asked")), name="nobody_meets_themselves"),
            models.CheckConstraint(
                condition=Q(answer="open", answered_at__isnull=True)
                | Q(answer__in=["accepted", "declined"], answered_at__isnull=False),
                name="request_answer_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(wish__in=[1, 2, 3]) & (Q(answer_wish__isnull=True) | Q(answer_wish__in=[1, 2, 3])),
                name="request_known_wish",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker_id} – {self.asked_id}"
