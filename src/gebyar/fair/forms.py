"""Forms of rounds: for organisers who prepare them, and for participants who ask and answer."""

import re
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gebyar.fair.models import Fair, MeetingRequest, Participant, Plan, Round, Slot, Table
from gebyar.fair.queries.times import clock_words, day_words
from gebyar.fair.timetable import MOST_SLOTS, MOST_TABLES, Hours, SlotTimes, ZoneTables, slots_of
from gebyar.partnership.models import Listing

ZONES = [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")]
MOST_DAYS = 31
MOST_LIMIT = 500
_SPAN = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})")


def _date(label: Any, **facts: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **facts)


def _time(label: Any, **facts: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **facts)


def _moment(label: Any, **facts: Any) -> forms.DateTimeField:
    """Make a field of date and time; the view speaks the fair's own time around it."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **facts)


def _count(label: Any, least: int = 0, most: int = MOST_LIMIT, **facts: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, **facts)


class ServedForm(forms.ModelForm):
    """A form whose values go to a service, which waits for its turn and says in words what the rows do not allow."""

    def _get_validation_exclusions(self) -> set[str]:
        """Keep Django from looking at constraints first, whose names it would show; form fields check the values."""
        return {field.name for field in self._meta.model._meta.get_fields()}  # noqa: SLF001  Django's documented name


# --- fairs and rounds -------------------------------------------------------------------------------------------


class FairForm(ServedForm):
    class Meta:
        model = Fair
        fields = ("name", "venue", "starts_on", "ends_on", "time_zone")

    name = forms.CharField(label=_("Name of the fair"), max_length=120)
    venue = forms.CharField(label=_("Where it is held"), max_length=160)
    starts_on = _date(_("First day"))
    ends_on = _date(_("Last day"))
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("starts_on") and said.get("ends_on") and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", _now("The last day is before the first."))
        return said


class TimetableForm(forms.Form):
    """Days, hours and tables, from which slots and table numbers come."""

    first_day = _date(_("First day of meetings"))
    last_day = _date(_("Last day of meetings"))
    opens = _time(_("First meeting begins"), initial=time(9, 30))
    closes = _time(_("Last meeting ends by"), initial=time(16))
    slot = _count(_("Minutes of a meeting"), 5, 240, initial=20)
    buffer = _count(_("Minutes between meetings"), 0, 120, initial=5)
    breaks = forms.CharField(
        label=_("Breaks"),
        required=False,
        initial="12.00-13.00",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("From and to, one a line: 12.00-13.00"),
    )
    tables = forms.CharField(
        label=_("Tables"),
        initial="20",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How many. If the hall is divided, one zone a line: Food: 8"),
    )

    def __init__(self, *args: Any, fair: Fair, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fair = fair
        for name, day in (("first_day", fair.starts_on), ("last_day", fair.starts_on)):
            self.fields[name].initial = day

    def clean_breaks(self) -> list[tuple[time, time]]:
        return [_span(line) for line in self.cleaned_data["breaks"].splitlines() if line.strip()]

    def clean_tables(self) -> list[ZoneTables]:
        zones = [_zone(line) for line in self.cleaned_data["tables"].splitlines() if line.strip()]
        if sum(zone.count for zone in zones) > MOST_TABLES:
            raise forms.ValidationError(_now("A round holds at most %(most)d tables.") % {"most": MOST_TABLES})
        return zones

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first_day"), said.get("last_day")
        if not first or not last:
            return said
        if not self.fair.starts_on <= first <= last <= self.fair.ends_on:
            words = _now("The days lie within the fair, from %(first)s to %(last)s.")
            days = {"first": day_words(self.fair.starts_on), "last": day_words(self.fair.ends_on)}
            self.add_error("last_day", words % days)
        elif (last - first).days >= MOST_DAYS:
            self.add_error("last_day", _now("A round lasts at most %(most)d days.") % {"most": MOST_DAYS})
        elif not self.errors:
            self._clean_slots(said, first, last)
        return said

    def _clean_slots(self, said: dict[str, Any], first: date, last: date) -> None:
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        hours = Hours(days, said["opens"], said["closes"], said["slot"], said["buffer"], said["breaks"])
        said["slots"] = slots_of(hours, ZoneInfo(self.fair.time_zone))
        if not said["slots"]:
            self.add_error("closes", _now("No meeting fits between the first and the last minute."))
        elif len(said["slots"]) > MOST_SLOTS:
            self.add_error("slot", _now("These would be more than %(most)d slots.") % {"most": MOST_SLOTS})

    @property
    def slots(self) -> list[SlotTimes]:
        return self.cleaned_data.get("slots", [])

    @property
    def zones(self) -> list[ZoneTables]:
        return self.cleaned_data.get("tables", [])


def _span(line: str) -> tuple[time, time]:
    found = _SPAN.fullmatch(line.strip())
    try:
        if found is None:
            raise ValueError  # noqa: TRY301  said in words below, as are hours that there are not
        first, second, third, fourth = map(int, found.groups())
        begin, end = time(first, second), time(third, fourth)
    except ValueError:
        raise forms.ValidationError(_now("“%(line)s” is no time from and to.") % {"line": line.strip()[:40]}) from None
    if end <= begin:
        raise forms.ValidationError(_now("“%(line)s” ends before it begins.") % {"line": line.strip()[:40]})
    return begin, end


def _zone(line: str) -> ZoneTables:
    name, _colon, count = line.rpartition(":")
    number = count.strip()
    if not (
        number.isascii() and number.isdecimal() and 1 <= int(number[:6]) <= MOST_TABLES and len(name.strip()) <= 40
    ):
        raise forms.ValidationError(
            _now("“%(line)s” says no number of tables from 1 to %(most)d.")
            % {"line": line.strip()[:40], "most": MOST_TABLES}
        )
    return ZoneTables(name.strip(), int(number))


class SettingsForm(ServedForm):
    """Deadlines and limits of a round."""

    class Meta:
        model = Round
        fields = (
            "name", "ask_until", "answer_until", "most_requests", "least_meetings", "most_meetings", "fairness",
            "rest_after", "grants_unanswered",
        )  # fmt: skip

    name = forms.CharField(label=_("Name of the round"), max_length=120, initial=_("Business meetings"))
    ask_until = _moment(_("Requests until"), required=False)
    answer_until = _moment(_("Answers until"), required=False)
    most_requests = _count(_("Requests that one participant may make"), initial=10)
    least_meetings = _count(
        _("Meetings promised to everybody who asks or is asked"), initial=0,
        help_text=_("They come before anybody's further meetings."),
    )  # fmt: skip
    most_meetings = _count(_("Meetings of one participant at most"), required=False)
    fairness = _count(
        _("Gaps between meetings may differ by"), most=50, initial=2,
        help_text=_("How many more idle periods one participant may have than another."),
    )  # fmt: skip
    rest_after = _count(_("Free slot after so many meetings in a row"), 1, 50, required=False)
    grants_unanswered = forms.BooleanField(
        label=_("Grant requests that were not answered, when there is room"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("most_meetings") is not None and said["most_meetings"] < (said.get("least_meetings") or 0):
            self.add_error("most_meetings", _now("This is fewer than the least."))
        if said.get("ask_until") and said.get("answer_until") and said["answer_until"] < said["ask_until"]:
            self.add_error("answer_until", _now("Answers end before requests do."))
        return said


class SessionForm(forms.Form):
    name = forms.CharField(label=_("Name of the session"), max_length=120)
    starts_at = _moment(_("Begins"))
    ends_at = _moment(_("Ends"))
    numbers = forms.CharField(
        label=_("Numbers of the participants in it"),
        required=False,
        help_text=_("Separated by commas: 1, 4, 12-15. Empty for everybody."),
    )

    def __init__(self, *args: Any, round_: Round, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.round = round_

    def clean_numbers(self) -> list[Participant]:
        people = list(self.round.participants.select_related("firm"))
        text = self.cleaned_data["numbers"].strip()
        if not text:
            return people
        wanted = _numbers(text)
        unknown = wanted - {person.number for person in people}
        if unknown:
            raise forms.ValidationError(_now("No participant has the number %(number)d.") % {"number": min(unknown)})
        return [person for person in people if person.number in wanted]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("starts_at") and said.get("ends_at") and said["ends_at"] <= said["starts_at"]:
            self.add_error("ends_at", _now("It ends before it begins."))
        return said


def _numbers(text: str) -> set[int]:
    wanted: set[int] = set()
    for part in filter(None, map(str.strip, text.split(","))):
        found = re.fullmatch(r"(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?", part, re.ASCII)
        if not found:
            raise forms.ValidationError(_now("“%(part)s” is no number.") % {"part": part[:20]})
        first = int(found[1])
        wanted |= set(range(first, int(found[2] or first) + 1))
    return wanted


class CalculatorForm(forms.Form):
    guests = _count(_("Small firms"), 1, 5000, initial=60)
    hosts = _count(
        _("Buyers and partners"), 1, 5000, required=False, initial=20,
        help_text=_("Empty when everybody may meet everybody."),
    )  # fmt: skip
    meetings = _count(_("Meetings for each small firm"), 1, 500, initial=5)
    tables = _count(_("Tables there are"), 1, MOST_TABLES, required=False, initial=20)
    minutes = _count(_("Minutes of a meeting with the change to the next"), 5, 240, initial=25)
    hours = forms.FloatField(label=_("Hours of meetings a day"), min_value=0.5, max_value=16, initial=6)


class WordsFilter(forms.Form):
    """Search among participants, or what is theirs."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=100)


# --- participants -----------------------------------------------------------------------------------------------


class PeopleFilter(WordsFilter):
    status = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *Participant.Status.choices, ("standby", _("stands by"))],
    )


class FirmSearchForm(forms.Form):
    q = forms.CharField(label=_("Name, product or place"), required=False, max_length=120)


class NibsForm(forms.Form):
    """Business numbers, pasted or as a file."""

    file = forms.FileField(
        label=_("CSV with business numbers (NIB)"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt"}),
        help_text=_("One a line; other columns are left aside."),
    )
    numbers = forms.CharField(label=_("Or paste them"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    invited = forms.BooleanField(label=_("They still have to confirm"), required=False, initial=True)

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if not upload:
            return ""
        if upload.size > 2_000_000:
            raise forms.ValidationError(_now("The file is larger than 2 MB."))
        try:
            return upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_now("The file is no text in UTF-8.")) from None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not (said.get("file") or said.get("numbers", "").strip()):
            self.add_error("numbers", _now("Give at least one number."))
        return said

    @property
    def lines(self) -> list[str]:
        return f"{self.cleaned_data['file']}\n{self.cleaned_data['numbers']}".splitlines()


class ParticipantForm(ServedForm):
    class Meta:
        model = Participant
        fields = (
            "status", "tier", "most_requests", "least_meetings", "most_meetings", "delegates", "zone", "table",
            "is_standby",
        )  # fmt: skip

    status = forms.ChoiceField(label=_("State"), choices=Participant.Status.choices)
    tier = _count(_("Tier, 1 first"), 1, 5, help_text=_("Requests of the first tier weigh more."))
    most_requests = _count(_("Requests at most"), required=False, help_text=_("Empty: as the round says."))
    least_meetings = _count(_("Meetings promised"), required=False)
    most_meetings = _count(_("Meetings at most"), required=False)
    delegates = _count(_("People who meet at the same time"), 1, 9)
    is_standby = forms.BooleanField(label=_("Stands by, for somebody who does not come"), required=False)

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        for name, label, empty in (
            ("zone", _("Zone"), _("any")),
            ("table", _("Stays at table"), _("no table of their own")),
        ):
            rows = getattr(self.instance.round, f"{name}s").all()
            self.fields[name] = forms.ModelChoiceField(rows, label=label, required=False, empty_label=empty)


class AvailabilityForm(forms.Form):
    """The slots in which a participant cannot meet."""

    absent = forms.ModelMultipleChoiceField(Slot.objects.none(), label=_("I cannot"), required=False)

    def __init__(self, *args: Any, round_: Round, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["absent"].queryset = round_.slots.all()  # type: ignore[attr-defined]


# --- requests ---------------------------------------------------------------------------------------------------


class OthersFilter(forms.Form):
    q = forms.CharField(label=_("Name, product or need"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Who"), required=False, choices=[("", _("All")), *Listing.Role.choices])


class AskForm(forms.Form):
    wish = forms.TypedChoiceField(
        label=_("How much you want it"),
        choices=MeetingRequest.Wish.choices,
        coerce=int,
        initial=2,
        widget=forms.RadioSelect,
    )
    rank = _count(
        _("Place among your requests"), 1, 100, required=False, help_text=_("1 for the one that matters most to you.")
    )
    time = forms.TypedChoiceField(label=_("When"), choices=MeetingRequest.Time.choices, coerce=int, initial=3)
    message = forms.CharField(
        label=_("A word to them"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("accept", _("Accept")), ("decline", _("No thanks"))])
    wish = forms.TypedChoiceField(
        label=_("How much you want it"), required=False, coerce=int, empty_value=None,
        choices=[("", _("no wish of my own")), *MeetingRequest.Wish.choices],
    )  # fmt: skip
    message = forms.CharField(label=_("A word to them"), required=False, max_length=500)


class RequestsFilter(WordsFilter):
    answer = forms.ChoiceField(
        label=_("Answer"),
        required=False,
        choices=[("", _("All")), *MeetingRequest.Answer.choices, ("organiser", _("set by the organiser"))],
    )


class SlotField(forms.ModelChoiceField):
    """Slots by day and time, in the fair's own zone."""

    def __init__(self, round_: Round, **facts: Any) -> None:
        super().__init__(round_.slots.all(), **{"required": False, "label": _("Slot"), "empty_label": _("any")} | facts)
        self.zone = round_.zone

    def label_from_instance(self, obj: Slot) -> str:
        local = obj.starts_at.astimezone(self.zone)
        return f"{obj.number}: {day_words(local.date())}, {clock_words(obj.starts_at, self.zone)}"


class FixForm(forms.Form):
    """Where a meeting must take place."""

    def __init__(self, *args: Any, round_: Round, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["slot"] = SlotField(round_)
        self.fields["table"] = forms.ModelChoiceField(
            round_.tables.all(), required=False, label=_("Table"), empty_label=_("any")
        )


class NewRequestForm(FixForm):
    """A meeting that the organiser sets."""

    asker = _count(_("Number of the first participant"), 1, 32000)
    asked = _count(_("Number of the second participant"), 1, 32000)

    def __init__(self, *args: Any, round_: Round, **facts: Any) -> None:
        super().__init__(*args, round_=round_, **facts)
        self.people = {person.number: person for person in round_.participants.select_related("firm")}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("asker", "asked"):
            number = said.get(name)
            if number is not None and number not in self.people:
                self.add_error(name, _now("No participant has the number %(number)d.") % {"number": number})
            elif number is not None:
                said[name] = self.people[number]
        return said


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV of requests"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt"}),
        help_text=_(
            "Columns asker and asked, by number; if wanted wish, rank, answer, time, slot, table, by_organiser."
        ),
    )


# --- plans ------------------------------------------------------------------------------------------------------


class PlanForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What to plan"),
        choices=[
            (Plan.Kind.FULL, _("Everything anew; locked meetings stay")),
            (Plan.Kind.REST, _("The unplaced only; all meetings stay")),
        ],
        initial=Plan.Kind.FULL,
        widget=forms.RadioSelect,
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=2026,
        help_text=_("The same seed gives the same plan, so anybody can repeat it. Say it before the plan is made."),
    )
    seconds = _count(
        _("Longest time, in seconds"), 5, 600, initial=60, help_text=_("The best plan found by then is kept.")
    )


class PlaceForm(forms.Form):
    """Where a meeting goes by hand."""

    def __init__(self, *args: Any, round_: Round, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["slot"] = SlotField(round_, required=True, empty_label=None)
        self.fields["table"] = forms.ModelChoiceField(
            Table.objects.filter(round=round_), label=_("Table"), empty_label=None
        )
