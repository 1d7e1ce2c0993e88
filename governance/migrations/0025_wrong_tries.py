from django.db import migrations, models

# What django-axes kept, which counted wrong passwords before. Its migrations are forgotten too, so
# that a release that needs its tables makes them anew.
TABLES = (
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accessfailurelog",
    "axes_accesslog",
)
FORGET = [
    *(f"DROP TABLE IF EXISTS {table}" for table in TABLES),
    "DELETE FROM django_migrations WHERE app = 'axes'",
]


def forget_permissions(apps, schema_editor):
    apps.get_model("contenttypes", "ContentType").objects.filter(app_label="axes").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0024_staff_text"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="WrongTries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("count", models.PositiveIntegerField(default=0)),
                ("tried_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(forget_permissions, migrations.RunPython.noop),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
