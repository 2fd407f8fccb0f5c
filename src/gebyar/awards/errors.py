"""What can go wrong around an award, in words for the person who sees it."""

from gebyar.records.errors import DomainError


class AwardsError(DomainError):
    """An error of the awards; `facts` fill its words when they are shown, in the reader's language."""

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return str(self.words) % self.facts
