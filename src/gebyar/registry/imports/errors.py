"""What can be wrong with a whole file or mapping; faults of single rows are problems, not exceptions."""

from gebyar.records.errors import DomainError


class UnreadableTable(DomainError):
    """The file is no table that can be read; the words say why and what to do."""


class WrongMapping(DomainError):
    """A mapping names unknown fields, the same field twice or columns that the file does not have.

    ``faults`` holds one sentence per fault.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults
