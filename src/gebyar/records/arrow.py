"""Rows as columns: the way of the Arrow driver to the database that Django uses."""

from django.db import connection


def libpq_address() -> str:
    """Return the connection of Django's database in libpq's words; the driver has a connection of its own."""
    parameters = connection.get_connection_params()
    known = {"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "options"}
    pairs = {name: str(value) for name, value in parameters.items() if name in known and value}
    quoted = {name: value.replace("\\", r"\\").replace("'", r"\'") for name, value in pairs.items()}
    return " ".join(f"{name}='{value}'" for name, value in quoted.items())
