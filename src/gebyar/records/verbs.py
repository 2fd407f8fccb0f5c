"""What was done, in words: every verb of the audit trail. A test holds this table against the services of all apps."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

APPS: dict[str, str | Promise] = {
    "accounts": _("People and roles"),
    "registry": _("Register of firms"),
    "fair": _("Fair"),
    "statistics": _("Figures"),
}
VERBS: dict[str, str | Promise] = {
    "accounts.invite": _("Invited somebody to a role"),
    "accounts.withdraw_invitation": _("Took an invitation to a role back"),
    "accounts.join": _("Opened an account by invitation"),
    "accounts.accept_invitation": _("Took up a role by invitation"),
    "accounts.grant_role": _("Gave a role"),
    "accounts.end_grant": _("Ended a role"),
    "accounts.change_name": _("Changed the own name"),
    "accounts.give_consent": _("Gave a consent"),
    "accounts.withdraw_consent": _("Withdrew a consent"),
    "accounts.export_my_data": _("Took a copy of the own data"),
    "accounts.erase_me": _("Closed the account and had personal data erased"),
    "registry.register_firm": _("Registered a firm"),
    "registry.ask_membership": _("Asked to act for a firm"),
    "registry.invite_member": _("Invited somebody to act for a firm"),
    "registry.accept_invitation": _("Accepted to act for a firm"),
    "registry.end_membership": _("Ended that somebody acts for a firm"),
    "registry.add_contact": _("Added a contact"),
    "registry.change_contact": _("Changed a contact"),
    "registry.add_certificate": _("Added a certificate"),
    "registry.remove_certificate": _("Removed a certificate"),
    "registry.add_photo": _("Added a photo"),
    "registry.remove_photo": _("Removed a photo"),
    "registry.propose_correction": _("Proposed a correction"),
    "registry.withdraw_correction": _("Withdrew a correction"),
    "registry.approve_correction": _("Approved a correction"),
    "registry.reject_correction": _("Rejected a correction"),
    "registry.change_fact": _("Changed a fact"),
    "registry.receive_delivery": _("Received a list"),
    "registry.set_mapping": _("Said what the columns of a list mean"),
    "registry.start_taking_in": _("Started to take a list in"),
    "registry.take_in_delivery": _("Took a list in"),
    "registry.fill_with_synthetic_firms": _("Filled the register with made-up firms"),
    "registry.export_firms": _("Exported firms to a file"),
    "fair.create_fair": _("Created a fair"),
    "fair.create_meeting_day": _("Created a day of meetings"),
    "fair.add_participants": _("Added participants"),
    "fair.add_requests": _("Added meeting requests"),
    "fair.start_plan": _("Started a meeting plan"),
    "fair.finish_plan": _("Finished a meeting plan"),
    "fair.publish_plan": _("Published a meeting plan"),
    "statistics.take_snapshot": _("Computed the figures"),
    "statistics.download_snapshot": _("Downloaded the facts behind the figures"),
}


def verb_words(verb: str) -> str:
    """Say a verb in the reader's language; one of an earlier version, which has no words any more, stays as it is."""
    return str(VERBS.get(verb, verb))


def verb_choices() -> list[tuple[str, object]]:
    """Return all verbs by app, each app's own beginning with all of its acts."""
    groups = [
        (
            name,
            [
                (f"{app}.", _("all of this part")),
                *((verb, VERBS[verb]) for verb in VERBS if verb.startswith(f"{app}.")),
            ],
        )
        for app, name in APPS.items()
    ]
    return [("", _("Everything")), *groups]
