"""Take in lists of firms: receive a file, check it, bring its good rows into the register."""

from gebyar.registry.services.deliveries.preparing import open_delivery
from gebyar.registry.services.deliveries.receiving import (
    BeingChecked,
    CannotRead,
    OddFacts,
    TakenInAlready,
    receive,
    set_mapping,
)
from gebyar.registry.services.deliveries.starting import NotChecked, start_check, start_taking_in
from gebyar.registry.services.deliveries.taking_in import (
    BeingTakenIn,
    Checked,
    HasErrors,
    PartlyTaken,
    check,
    take_in,
)

__all__ = [
    "BeingChecked",
    "BeingTakenIn",
    "CannotRead",
    "Checked",
    "HasErrors",
    "NotChecked",
    "OddFacts",
    "PartlyTaken",
    "TakenInAlready",
    "check",
    "open_delivery",
    "receive",
    "set_mapping",
    "start_check",
    "start_taking_in",
    "take_in",
]
