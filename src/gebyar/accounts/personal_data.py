"""Where each app says what it stores on a person and how that is erased (UU 27/2022, articles 6 to 8).

An app registers itself in its ``AppConfig.ready``::

    personal_data.register("registry", export_memberships, erase_memberships)
"""

from collections.abc import Callable
from typing import Any

from gebyar.accounts.models import User

Exporter = Callable[[User], Any]
Eraser = Callable[[User], None]

_contributors: dict[str, tuple[Exporter, Eraser]] = {}


def register(name: str, exporter: Exporter, eraser: Eraser) -> None:
    """Add what one app stores.

    Parameters
    ----------
    name
        Key of this app's part in the exported document; a second call with the same name replaces the first.
    exporter
        Returns plain values (JSON; dates and decimals are allowed) on the person given.
    eraser
        Removes or anonymises them; runs inside the transaction that closes the account.
    """
    _contributors[name] = (exporter, eraser)


def export(user: User) -> dict[str, Any]:
    return {name: exporter(user) for name, (exporter, _eraser) in sorted(_contributors.items())}


def erase(user: User) -> None:
    for _name, (_exporter, eraser) in sorted(_contributors.items()):
        eraser(user)
