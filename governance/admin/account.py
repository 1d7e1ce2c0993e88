from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts are made inactive, not deleted: the history says who did what."""

    def has_delete_permission(self, request, obj=None):
        return False
