"""Mails of the stages, which no page waits for."""

from django_tasks import task

from gebyar.awards.services.outcome_mails import mail_waiting_outcomes, write_proposal


@task()
def mail_outcomes(stage_id: int) -> None:
    """Tell the entrants of a stage how it ended for them; run again it tells nobody twice."""
    mail_waiting_outcomes(stage_id=stage_id)


@task()
def mail_proposal(proposal_id: int) -> None:
    """Tell a firm that its regency proposes it."""
    write_proposal(proposal_id=proposal_id)
