"""What changed for a participant, in words of the reader."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gebyar.fair.models import Notice, Participant
from gebyar.fair.queries.times import moment_words

# What a notice can say. Its parameters: request, firm, and the start and table before (old_*) and now (new_*).
MOVED, TABLE, ADDED, DROPPED = "moved", "table", "added", "dropped"
SENTENCES: dict[str, str | Promise] = {
    MOVED: _(
        "The meeting with %(firm)s moved from %(old_time)s, table %(old_table)s, to %(new_time)s, table %(new_table)s."
    ),
    TABLE: _("The meeting with %(firm)s on %(new_time)s is at table %(new_table)s, no longer at table %(old_table)s."),
    ADDED: _("A new meeting: %(firm)s, %(new_time)s, table %(new_table)s."),
    DROPPED: _("The meeting with %(firm)s on %(old_time)s, table %(old_table)s, does not take place."),
}


@dataclass(frozen=True)
class NoticeLine:
    words: str
    created_at: datetime


def notice_words(notice: Notice, zone: ZoneInfo) -> str:
    """Say one notice; a code of another version, which has no sentence, says nothing."""
    sentence = SENTENCES.get(notice.code)
    if sentence is None:
        return ""
    times = {
        name: moment_words(datetime.fromisoformat(text), zone)
        for name in ("old_time", "new_time")
        if (text := notice.parameters.get(name))
    }
    return str(sentence) % {**notice.parameters, **times}


def notice_lines(notices: list[Notice], zone: ZoneInfo) -> list[NoticeLine]:
    lines = [NoticeLine(notice_words(notice, zone), notice.created_at) for notice in notices]
    return [line for line in lines if line.words]


def notices_of(participant: Participant) -> list[Notice]:
    """Return every notice of a participant, the newest first."""
    return list(participant.notices.all())
