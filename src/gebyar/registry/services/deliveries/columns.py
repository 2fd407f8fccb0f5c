"""Which cleaned column lands in which table, and as what."""

from gebyar.registry.models import Certificate

# Column → PostgreSQL type in the staging table. The order is the order of the COPY.
IDENTITY = {
    "name": "text",
    "legal_form": "text",
    "nib": "text",
    "region_code": "text",
    "address": "text",
    "postal_code": "text",
    "kbli_code": "text",
    "kbli_version": "smallint",
    "products": "text[]",
    "latitude": "double precision",
    "longitude": "double precision",
    "started_year": "smallint",
    "is_active": "boolean",
}
SEALED = {"npwp_sealed": "bytea", "npwp_hash": "bytea"}
YEARLY = {
    "workers_male": "integer",
    "workers_female": "integer",
    "workers": "integer",
    "investment": "bigint",
    "land_building_investment": "bigint",
    "capital": "bigint",
    "net_worth": "bigint",
    "sales": "bigint",
    "production_value": "bigint",
    "raw_material_value": "bigint",
    "production_quantity": "double precision",
    "capacity": "double precision",
    "installed_capacity": "double precision",
    "capacity_unit": "text",
    "raw_materials": "text",
    "water_m3": "double precision",
    "fuel_litres": "double precision",
    "electricity_kwh": "double precision",
    "machines": "integer",
    "exports": "boolean",
    "export_countries": "text",
    "finance": "text",
    "help_received": "text",
}
CONTACT = {
    "owner_name": "text",
    "contact_name": "text",
    "phone": "text",
    "email": "text",
    "nik_sealed": "bytea",
    "nik_hash": "bytea",
}
PAPERS = [kind for kind in Certificate.Kind.values if kind != Certificate.Kind.NIB]
CERTIFICATES = {f"{kind}_number": "text" for kind in PAPERS}
DATES = {"nib_issued_on": "date", **{f"{kind}_valid_until": "date" for kind in PAPERS}}
STAGED = {
    "row": "bigint",
    "data_year": "smallint",
    "identity_key": "bigint",
    **IDENTITY,
    **SEALED,
    **YEARLY,
    **CONTACT,
    **CERTIFICATES,
    **DATES,
}

# Text columns that the tables keep as '' rather than NULL.
EMPTY_TEXT = {"legal_form", "address", "postal_code", "capacity_unit", "raw_materials", "export_countries",
              "finance", "help_received"}  # fmt: skip
