"""What is told about winners."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from gebyar.awards.models.stages import Prize


class WinnerStory(models.Model):
    """What the public page says of a winner, in both languages. People who entered as such are named only if they agree."""

    prize = models.OneToOneField(Prize, on_delete=models.CASCADE, related_name="story")
    text_id = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    names_people = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.prize_id}"
