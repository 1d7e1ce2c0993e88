from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from governance.roles import groups_to_give, is_above, permissions_to_give

from .shared import AskedRows

admin.site.unregister([Group, User])


class NoGiftsAdmin(AskedRows):
    """Nobody gives what they may not do themselves: not by a permission or a group, nor by the password
    of an account that may do more.
    """

    def has_change_permission(self, request, obj=None):
        permitted = super().has_change_permission(request, obj)
        return permitted and not (obj and is_above(request.user, obj))

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        choices = groups_to_give if db_field.name == "groups" else permissions_to_give
        kwargs["queryset"] = choices(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Group)
class GroupsAdmin(NoGiftsAdmin, GroupAdmin):
    pass


@admin.register(User)
class AccountAdmin(NoGiftsAdmin, UserAdmin):
    """Accounts are made inactive, not deleted: the history says who did what."""

    # Without it an account signs in nowhere, whatever its groups: it is asked for at once.
    add_fieldsets = (*UserAdmin.add_fieldsets, (None, {"fields": ("is_staff",)}))

    def get_changeform_initial_data(self, request):
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request, obj=None):
        return () if request.user.is_superuser else ("is_superuser",)

    def has_delete_permission(self, request, obj=None):
        return False
