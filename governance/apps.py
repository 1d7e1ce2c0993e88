from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = _("社区治理创新成果")

    def ready(self):
        from governance.index.state import mark_stale
        from governance.roles import make_groups

        for model in self.get_models():
            post_save.connect(mark_stale, sender=model, dispatch_uid=f"stale-{model.__name__}")
        # The last of the apps that have this signal: by its turn all else that they make is there.
        *_others, last = (config for config in apps.get_app_configs() if config.models_module)
        post_migrate.connect(make_groups, sender=last, dispatch_uid="groups")
