from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = _("社区治理创新成果")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from governance.index.state import mark_stale

        for model in self.get_models():
            post_save.connect(mark_stale, sender=model, dispatch_uid=f"stale-{model.__name__}")
