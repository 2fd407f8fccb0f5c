"""Forms about people. What only the database knows (taken, ended, expired) is left to the services."""

from typing import Any

from allauth.core import context
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from gebyar.accounts.consents import PURPOSES
from gebyar.accounts.models import Role, User
from gebyar.accounts.second_factor import note_second_factor
from gebyar.reference import regions

NAME_LENGTH = 150


def region_choices() -> list[Any]:
    """Return the provinces, each followed by its regencies, as groups of one select box."""
    choices: list[Any] = [("", _("No region"))]
    for province in regions.provinces():
        whole = (province.code, _("%(province)s, the whole province") % {"province": province.name})
        places = [(place.code, place.name) for place in regions.regencies(province.code)]
        choices.append((province.name, [whole, *places]))
    return choices


# The least power first: what is chosen without thinking should do the least harm.
ROLE_CHOICES = [
    (Role.LOCAL_OFFICER, Role.LOCAL_OFFICER.label),
    (Role.JUDGE, Role.JUDGE.label),
    (Role.PROGRAMME_OFFICER, Role.PROGRAMME_OFFICER.label),
    (Role.ADMINISTRATOR, _("Administrator (careful: may do everything, also give roles)")),
]


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=ROLE_CHOICES,
        initial=Role.LOCAL_OFFICER,
        help_text=_("The smallest role that the work needs."),
    )
    region_code = forms.ChoiceField(
        label=_("Region"),
        choices=region_choices,
        required=False,
        help_text=_("Only for a local officer: the province or regency whose firms they look after."),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        is_local = facts.get("role") == Role.LOCAL_OFFICER
        if is_local and not facts.get("region_code"):
            self.add_error("region_code", _("Choose the province or regency of this local officer."))
        if not is_local and facts.get("region_code"):
            self.add_error("region_code", _("Only a local officer has a region. Choose “No region”."))
        return facts


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}), max_length=254
    )
    field_order = ["email", "role", "region_code"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class PeopleFilter(forms.Form):
    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Everybody")), *Role.choices])


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As others should read it. You may leave it empty."),
    )


class ConsentForm(forms.Form):
    """One box per purpose; a box that is not ticked is a consent withdrawn or never given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for purpose in PURPOSES.values():
            self.fields[purpose.key] = forms.BooleanField(
                label=purpose.label, help_text=purpose.explanation, required=False
            )


class JoinForm(forms.Form):
    """The account of somebody who follows the link of an invitation; the address stands in the invitation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 10 characters, not only digits and not a common word. "
            "Three words in a row are easy to keep in mind."
        ),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


class EraseForm(forms.Form):
    sure = forms.BooleanField(label=_("I understand that this cannot be undone."))


class ActivateAppForm(ActivateTOTPForm):
    """The code that switches the app on also counts as this session's second factor."""

    def clean_code(self) -> str:
        code = super().clean_code()
        note_second_factor(context.request)
        return code


class AddPasskeyForm(AddWebAuthnForm):
    """The same for a passkey."""

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean()
        if not self.errors and facts.get("credential"):
            note_second_factor(context.request)
        return facts
