"""Who could use which facility, over a filled register: `python -m benchmarks.facilities`. Bar: less than 30 seconds.

It reads the register of the data folder (GEBYAR_HOME, DATABASE_URL) as it is and changes nothing in it; the table it
makes is today's. `gebyar synthesize` fills a register with made-up firms.
"""

from __future__ import annotations

import os
import platform
import time

BAR = 30


def main() -> None:
    from gebyar.cli.setup import with_database

    with_database(_measure)()


def _measure() -> None:
    from gebyar.accounts.models import Role, RoleGrant, User
    from gebyar.facilities.queries.unused import PER_PAGE, Narrowing, counts, lines, unused
    from gebyar.facilities.services.unused import make_table, read_firms, table_of

    start = time.perf_counter()
    firms = read_firms()
    read = time.perf_counter() - start
    start = time.perf_counter()
    table_of(firms)
    asked = time.perf_counter() - start
    number = len(firms)
    del firms
    start = time.perf_counter()
    table = make_table(progress=lambda _done, _total, _words: None)
    whole = time.perf_counter() - start
    officer = User()
    officer.__dict__["open_grants"] = [RoleGrant(role=Role.PROGRAMME_OFFICER)]
    start = time.perf_counter()
    found = counts(officer, table)
    lines(unused(officer, table, Narrowing("kite_ikm")).head(PER_PAGE).collect())
    page = time.perf_counter() - start
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("Command: python -m benchmarks.facilities\n")
    print(f"| {number:,} firms × {len(found)} facilities | seconds |")
    print("|---|---:|")
    print(f"| reading the facts | {read:.1f} |")
    print(f"| asking the conditions | {asked:.1f} |")
    print(f"| the day's table as a whole (bar {BAR}) | {whole:.1f} |")
    print(f"| a page of the officers' list with counts | {page:.2f} |\n")
    print("| facility | could and does not | a fact is missing | uses it |")
    print("|---|---:|---:|---:|")
    for one in found:
        print(f"| {one.facility} | {one.could:,} | {one.unknown:,} | {one.users:,} |")


if __name__ == "__main__":
    main()
