import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("office", "local office"),
                            ("ministry", "ministry"),
                            ("survey", "survey"),
                            ("firm", "the firm itself"),
                            ("synthetic", "made-up data"),
                        ],
                        default="office",
                        max_length=12,
                    ),
                ),
                ("holder", models.CharField(blank=True, max_length=160)),
            ],
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("old_value", models.TextField(blank=True, null=True)),
                ("new_value", models.TextField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for a decision"),
                            ("approved", "approved"),
                            ("rejected", "not approved"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_note", models.TextField(blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("stored_file", models.FileField(blank=True, upload_to="deliveries/%Y/%m")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("as_of", models.DateField()),
                ("data_year", models.PositiveSmallIntegerField()),
                ("region_code", models.CharField(blank=True, default="", max_length=13)),
                ("mapping", models.JSONField(default=dict)),
                (
                    "mode",
                    models.CharField(
                        choices=[("good_rows", "take the good rows"), ("all_or_nothing", "take all rows or none")],
                        default="good_rows",
                        max_length=16,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploaded", "uploaded"),
                            ("checked", "checked"),
                            ("running", "being taken in"),
                            ("done", "taken in"),
                            ("failed", "stopped"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("cursor", models.BigIntegerField(default=0)),
                ("rows_total", models.BigIntegerField(default=0)),
                ("rows_taken", models.BigIntegerField(default=0)),
                ("rows_refused", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="registry.source"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.CreateModel(
            name="Firm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("legal_form", models.CharField(blank=True, db_default="", default="", max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("industry", "industry"), ("partner", "partner")],
                        db_default="industry",
                        default="industry",
                        max_length=8,
                    ),
                ),
                ("nib", models.CharField(blank=True, max_length=13, null=True, unique=True)),
                ("npwp_sealed", models.BinaryField(blank=True, null=True)),
                ("npwp_hash", models.BinaryField(blank=True, null=True)),
                ("region_code", models.CharField(max_length=13)),
                ("address", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("postal_code", models.CharField(blank=True, db_default="", default="", max_length=5)),
                ("kbli_code", models.CharField(blank=True, max_length=5, null=True)),
                ("kbli_version", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "products",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, db_default=[], default=list, size=None
                    ),
                ),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("is_active", models.BooleanField(db_default=True, default=True)),
                ("is_synthetic", models.BooleanField(db_default=False, default=False)),
                ("identity_key", models.BigIntegerField(blank=True, null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.delivery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FactChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("old_value", models.TextField(blank=True, null=True)),
                ("new_value", models.TextField(blank=True, null=True)),
                ("as_of", models.DateField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "correction",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.correction",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.delivery",
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="registry.firm"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="correction",
            name="firm",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="registry.firm"
            ),
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("contact", "contact")],
                        db_default="owner",
                        default="owner",
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(blank=True, db_default="", default="", max_length=150)),
                ("phone", models.CharField(blank=True, db_default="", default="", max_length=20)),
                ("email", models.EmailField(blank=True, db_default="", default="", max_length=254)),
                ("nik_sealed", models.BinaryField(blank=True, null=True)),
                ("nik_hash", models.BinaryField(blank=True, null=True)),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.delivery",
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="registry.firm",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("halal", "Halal certificate"),
                            ("pirt", "P-IRT (home food industry)"),
                            ("bpom", "BPOM registration"),
                            ("sni", "SNI (national standard)"),
                            ("trademark", "Trade mark"),
                            ("tkdn", "TKDN (local content)"),
                            ("nib", "NIB (business number)"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.CharField(blank=True, db_default="", default="", max_length=80)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("file", models.FileField(blank=True, db_default="", upload_to="certificates/%Y/%m")),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.delivery",
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certificates",
                        to="registry.firm",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FirmInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="registry.firm"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FirmMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="registry.firm"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("as_of", models.DateField()),
                ("row", models.BigIntegerField(blank=True, null=True)),
                ("is_current", models.BooleanField(db_default=False, default=False)),
                ("workers_male", models.IntegerField(blank=True, null=True)),
                ("workers_female", models.IntegerField(blank=True, null=True)),
                ("workers", models.IntegerField(blank=True, null=True)),
                ("investment", models.BigIntegerField(blank=True, null=True)),
                ("land_building_investment", models.BigIntegerField(blank=True, null=True)),
                ("capital", models.BigIntegerField(blank=True, null=True)),
                ("net_worth", models.BigIntegerField(blank=True, null=True)),
                ("sales", models.BigIntegerField(blank=True, null=True)),
                ("production_value", models.BigIntegerField(blank=True, null=True)),
                ("raw_material_value", models.BigIntegerField(blank=True, null=True)),
                ("production_quantity", models.FloatField(blank=True, null=True)),
                ("capacity", models.FloatField(blank=True, null=True)),
                ("installed_capacity", models.FloatField(blank=True, null=True)),
                ("capacity_unit", models.CharField(blank=True, db_default="", default="", max_length=40)),
                ("raw_materials", models.TextField(blank=True, db_default="", default="")),
                ("water_m3", models.FloatField(blank=True, null=True)),
                ("fuel_litres", models.FloatField(blank=True, null=True)),
                ("electricity_kwh", models.FloatField(blank=True, null=True)),
                ("machines", models.IntegerField(blank=True, null=True)),
                ("exports", models.BooleanField(blank=True, null=True)),
                ("export_countries", models.TextField(blank=True, db_default="", default="")),
                ("finance", models.TextField(blank=True, db_default="", default="")),
                ("help_received", models.TextField(blank=True, db_default="", default="")),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.delivery",
                    ),
                ),
                (
                    "firm",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profiles",
                        to="registry.firm",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RowProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.BigIntegerField()),
                ("field", models.CharField(blank=True, max_length=60)),
                ("value", models.TextField(blank=True)),
                ("reason", models.CharField(max_length=60)),
                ("parameters", models.JSONField(default=dict)),
                ("is_error", models.BooleanField(default=True)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="problems", to="registry.delivery"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("firms", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="search_word_trigrams", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "firm",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="registry.firm",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["words"], name="search_words")],
            },
        ),
        migrations.AddIndex(
            model_name="firm",
            index=models.Index(fields=["region_code", "id"], name="firm_region"),
        ),
        migrations.AddIndex(
            model_name="firm",
            index=models.Index(fields=["kbli_code", "region_code"], name="firm_kbli"),
        ),
        migrations.AddIndex(
            model_name="firm",
            index=models.Index(fields=["identity_key"], name="firm_identity"),
        ),
        migrations.AddIndex(
            model_name="firm",
            index=models.Index(
                condition=models.Q(("npwp_hash__isnull", False)), fields=["npwp_hash"], name="firm_npwp"
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="firm_has_a_name"),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["industry", "partner"])), name="firm_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(("nib__isnull", True), ("nib__regex", "^[0-9]{13}$"), _connector="OR"),
                name="firm_nib_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(("region_code__regex", "^[0-9]{2}(\\.[0-9]{2}(\\.[0-9]{2}(\\.[0-9]{4})?)?)?$")),
                name="firm_region_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kbli_code__isnull", True), ("kbli_version__isnull", True)),
                    models.Q(("kbli_code__regex", "^[0-9]{5}$"), ("kbli_version__in", [2015, 2020, 2025])),
                    _connector="OR",
                ),
                name="firm_kbli_with_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__range", (-11.5, 6.5)), ("longitude__range", (94.5, 141.5))),
                    _connector="OR",
                ),
                name="firm_lies_in_indonesia",
            ),
        ),
        migrations.AddConstraint(
            model_name="firm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("npwp_hash__isnull", True), ("npwp_sealed__isnull", True)),
                    models.Q(("npwp_hash__isnull", False), ("npwp_sealed__isnull", False)),
                    _connector="OR",
                ),
                name="firm_npwp_sealed_with_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="factchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery__isnull", False), ("correction__isnull", False), _connector="OR"),
                name="change_has_a_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="factchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("correction__isnull", False)),
                fields=("correction",),
                name="one_change_per_correction",
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["status", "proposed_at"], name="correction_queue"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "pending")),
                fields=("firm", "field", "year"),
                name="one_open_correction_per_fact",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("status", "pending")),
                    models.Q(models.Q(("status", "pending"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="correction_decided_has_a_date",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("nik_hash__isnull", False)), fields=["nik_hash"], name="contact_nik"
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(fields=("firm", "role"), name="one_contact_per_role"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("nik_hash__isnull", True), ("nik_sealed__isnull", True)),
                    models.Q(("nik_hash__isnull", False), ("nik_sealed__isnull", False)),
                    _connector="OR",
                ),
                name="contact_nik_sealed_with_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("firm", "kind", "number"), name="one_certificate_per_number"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("issued_on__isnull", True),
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("issued_on")),
                    _connector="OR",
                ),
                name="certificate_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="firmmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("firm", "user"), name="one_open_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.UniqueConstraint(
                fields=("firm", "year", "delivery"), name="one_statement_per_year_and_delivery"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("firm",), name="one_current_profile_per_firm"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 1950), ("year__lte", 2100)), name="profile_year_plausible"
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("workers__isnull", True),
                    ("workers_male__isnull", True),
                    ("workers_female__isnull", True),
                    (
                        "workers",
                        django.db.models.expressions.CombinedExpression(
                            models.F("workers_male"), "+", models.F("workers_female")
                        ),
                    ),
                    _connector="OR",
                ),
                name="profile_workers_add_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("workers_male__isnull", True), ("workers_male__gte", 0), _connector="OR"),
                name="profile_workers_male_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("workers_female__isnull", True), ("workers_female__gte", 0), _connector="OR"),
                name="profile_workers_female_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("workers__isnull", True), ("workers__gte", 0), _connector="OR"),
                name="profile_workers_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("investment__isnull", True), ("investment__gte", 0), _connector="OR"),
                name="profile_investment_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("land_building_investment__isnull", True), ("land_building_investment__gte", 0), _connector="OR"
                ),
                name="profile_land_building_investment_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("capital__isnull", True), ("capital__gte", 0), _connector="OR"),
                name="profile_capital_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("sales__isnull", True), ("sales__gte", 0), _connector="OR"),
                name="profile_sales_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("production_value__isnull", True), ("production_value__gte", 0), _connector="OR"),
                name="profile_production_value_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("raw_material_value__isnull", True), ("raw_material_value__gte", 0), _connector="OR"
                ),
                name="profile_raw_material_value_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("production_quantity__isnull", True), ("production_quantity__gte", 0), _connector="OR"
                ),
                name="profile_production_quantity_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__isnull", True), ("capacity__gte", 0), _connector="OR"),
                name="profile_capacity_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("installed_capacity__isnull", True), ("installed_capacity__gte", 0), _connector="OR"
                ),
                name="profile_installed_capacity_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("water_m3__isnull", True), ("water_m3__gte", 0), _connector="OR"),
                name="profile_water_m3_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("fuel_litres__isnull", True), ("fuel_litres__gte", 0), _connector="OR"),
                name="profile_fuel_litres_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("electricity_kwh__isnull", True), ("electricity_kwh__gte", 0), _connector="OR"),
                name="profile_electricity_kwh_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("machines__isnull", True), ("machines__gte", 0), _connector="OR"),
                name="profile_machines_not_negative",
            ),
        ),
        migrations.AddIndex(
            model_name="rowproblem",
            index=models.Index(fields=["delivery", "row"], name="registry_ro_deliver_750bd8_idx"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sha256", ""), _negated=True),
                fields=("source", "sha256", "as_of"),
                name="one_delivery_per_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("data_year__gte", 1950), ("data_year__lte", 2100)), name="delivery_year_plausible"
            ),
        ),
    ]
