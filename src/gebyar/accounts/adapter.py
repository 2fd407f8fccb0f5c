"""Where allauth asks this project: addresses in mails, second factors, and sealing their secrets."""

from io import BytesIO
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from gebyar.records.sealing import open_sealed, seal

# Words of allauth and Django themselves, named here so that our catalogue says them as our pages do ("surel").
BORROWED_WORDS = (
    gettext_noop("Email"),
    gettext_noop("Email address"),
    gettext_noop("email address"),
    gettext_noop("email addresses"),
    gettext_noop("Enter a valid email address."),
    gettext_noop("You cannot remove your primary email address."),
    gettext_noop("This email address is already associated with this account."),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("A user is already registered with this email address."),
    gettext_noop("You cannot add more than %d email addresses."),
    gettext_noop("The email address is not assigned to any user account."),
    gettext_noop("Your primary email address must be verified."),
    gettext_noop("You cannot add an email address to an account protected by two-factor authentication."),
    gettext_noop("You cannot activate two-factor authentication until you have verified your email address."),
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The address or the password is not right."),
        "enter_current_password": _("Enter your present password."),
        "incorrect_code": _("This code is not right. Look at it again, or ask for a new one."),
        "incorrect_password": _("The password is not right."),
        "rate_limited": _("That was too fast. Wait a moment, then try again."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
    }

    def populate_username(self, _request: Any, _user: Any) -> None:
        """Accounts have an e-mail address and no user name."""

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Name the address readers use: the one in the request's Host header was written by whoever asked."""
        route = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + route.replace("UID-KEY", key)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. Wait for the next one in the app and enter that."),
        "unverified_email": _("Confirm all your e-mail addresses first."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code on white: a phone cannot read black on a dark page."""
        picture = BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", light="#fff", border=4, scale=4, xmldecl=False)
        return picture.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(encrypted_text.encode())
