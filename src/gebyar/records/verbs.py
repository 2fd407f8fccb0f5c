"""What was done, in words: every verb of the audit trail. A test holds this table against the services of all apps."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

APPS: dict[str, str | Promise] = {
    "accounts": _("People and roles"),
    "registry": _("Register of firms"),
    "partnership": _("Needs, offers and deals"),
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
    "partnership.write_listing": _("Began a need or offer"),
    "partnership.change_listing": _("Changed a need or offer"),
    "partnership.send_listing": _("Sent a need or offer for approval"),
    "partnership.approve_listing": _("Approved a need or offer"),
    "partnership.return_listing": _("Sent a need or offer back"),
    "partnership.close_listing": _("Closed a need or offer"),
    "partnership.add_listing_photo": _("Added a photo to a need or offer"),
    "partnership.remove_listing_photo": _("Removed a photo of a need or offer"),
    "partnership.open_deal": _("Began to follow a deal"),
    "partnership.state_deal": _("Said how far a deal is"),
    "partnership.withdraw_statement": _("Withdrew a statement about a deal"),
    "partnership.send_reminder": _("Reminded a side of a deal"),
    "partnership.export_deals": _("Exported deals to a file"),
    "partnership.add_synthetic_market": _("Added made-up needs, offers and deals"),
    "fair.create_fair": _("Created a fair"),
    "fair.change_fair": _("Changed a fair"),
    "fair.create_round": _("Created a round of meetings"),
    "fair.change_round": _("Changed deadlines or limits of a round"),
    "fair.set_timetable": _("Gave a round other times and tables"),
    "fair.open_requests": _("Opened a round for requests"),
    "fair.close_requests": _("Closed the requests of a round"),
    "fair.end_round": _("Ended a round"),
    "fair.add_session": _("Added a session to a round"),
    "fair.remove_session": _("Removed a session from a round"),
    "fair.remind_participants": _("Reminded participants of a round"),
    "fair.change_participant": _("Changed the limits of a participant"),
    "fair.join_round": _("Said that a firm takes part in a round"),
    "fair.leave_round": _("Said that a firm does not come to a round"),
    "fair.set_availability": _("Said when a participant cannot meet"),
    "fair.ask": _("Asked for a meeting"),
    "fair.change_request": _("Changed a meeting request"),
    "fair.answer_request": _("Answered a meeting request"),
    "fair.withdraw_request": _("Took a meeting request back"),
    "fair.add_request": _("Set a meeting by hand"),
    "fair.fix_request": _("Fixed the place of a meeting"),
    "fair.remove_request": _("Took a meeting request out"),
    "fair.stop_plan": _("Stopped the making of a meeting plan"),
    "fair.lock_meeting": _("Locked a meeting or set it free"),
    "fair.move_meeting": _("Moved a meeting by hand"),
    "fair.place_request": _("Placed a meeting by hand"),
    "fair.drop_meeting": _("Took a meeting out of a plan by hand"),
    "fair.add_participants": _("Added participants"),
    "fair.add_requests": _("Added meeting requests"),
    "fair.start_plan": _("Started a meeting plan"),
    "fair.finish_plan": _("Finished a meeting plan"),
    "fair.publish_plan": _("Published a meeting plan"),
    "fair.check_in": _("Checked a participant in"),
    "fair.note_missing": _("Noted that a participant is missing"),
    "fair.log_meeting": _("Noted how a meeting went"),
    "fair.repair": _("Planned meetings anew on the day"),
    "fair.record_outcome": _("Said what came of a meeting"),
    "fair.export_meetings": _("Exported the meetings of a round to a file"),
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
