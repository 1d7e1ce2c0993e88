"""Who may do what: five groups that every installation has, and the permission to publish.

docs/people.md has the table. A group that exists is never touched: its permissions are the site's own.
"""

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

PUBLISH = "publish_achievement"

PARTS = ("achievementorganization", "coding", "evidence", "settingevidence", "achievementimage")
SHARED = ("award", "awardyear", "region", "organization", "mechanism")
LOOKED_AT = ("achievement", *PARTS, *SHARED, "load", "change", "proposedchange", "errorreport")

# {group: what it may do beyond the group that it builds on}, by the codenames of permissions.
VIEWER = {f"view_{model}" for model in LOOKED_AT}
EDITOR = (
    VIEWER
    | {f"{act}_{model}" for act in ("add", "change", "delete") for model in ("achievement", *PARTS)}
    | {f"{act}_organization" for act in ("add", "change")}
    | {"change_errorreport"}
)
LOADER = VIEWER | {"add_load", "delete_load", "undo_load"}
REVIEWER = (
    EDITOR
    | LOADER
    | {PUBLISH}
    | {f"{act}_{model}" for act in ("add", "change") for model in SHARED}
)
ADMINISTRATOR = (
    REVIEWER
    | {f"delete_{model}" for model in SHARED}
    | {"delete_errorreport"}
    | {f"{act}_{model}" for act in ("view", "add", "change") for model in ("user", "group")}
)
GROUPS = {
    "viewer": VIEWER,
    "editor": EDITOR,
    "reviewer": REVIEWER,
    "loader": LOADER,
    "administrator": ADMINISTRATOR,
}


def make_groups(apps: Any = installed, using: str = "default", **signal: Any) -> None:
    """Make those of GROUPS that there are not, once the permissions that they hold can be had.

    Also a handler of `post_migrate`. Each app's permissions are made by a handler of its own signal,
    which may come later: they are asked for here.
    """
    for config in installed.get_app_configs():
        create_permissions(config, verbosity=0, using=using, apps=apps)
    try:
        # Those of the signal's time, which may lie between two migrations.
        group_model, permission_model = (
            apps.get_model("auth", one) for one in ("Group", "Permission")
        )
    except LookupError:
        return
    there = {one.codename: one for one in permission_model.objects.using(using).all()}
    groups = group_model.objects.using(using)
    for name, codenames in GROUPS.items():
        # While migrations go back, or forth only a part of the way, some have no permission yet.
        if codenames <= there.keys() and not groups.filter(name=name).exists():
            groups.create(name=name).permissions.set(there[one] for one in codenames)


def may_publish(user: User | None) -> bool:
    """Whether somebody decides what the public sees. None is the command line, which has no name and
    may do everything."""
    return user is None or user.has_perm(f"governance.{PUBLISH}")


def count_publishers() -> int:
    """How many active users may publish."""
    backend = "django.contrib.auth.backends.ModelBackend"
    return User.objects.with_perm(f"governance.{PUBLISH}", backend=backend).count()


def may_publish_own(user: User | None) -> bool:
    """Whether they may publish even what they have changed last themselves: four eyes see more than
    two, where there are four."""
    return user is None or (may_publish(user) and count_publishers() < 2)


def permissions_to_give(user: User) -> QuerySet[Permission]:
    """What somebody may let others do: what they may do themselves."""
    return Permission.objects.all() if user.is_superuser else _permissions_of(user)


def groups_to_give(user: User) -> QuerySet[Group]:
    """The groups that may do no more than somebody who puts others into them."""
    beyond = Permission.objects.exclude(pk__in=permissions_to_give(user))
    return Group.objects.exclude(permissions__in=beyond)


def is_above(user: User, other: User | Group) -> bool:
    """Whether an account or a group may do what somebody may not."""
    if user.is_superuser:
        return False
    if isinstance(other, Group):
        return not groups_to_give(user).filter(pk=other.pk).exists()
    beyond = _permissions_of(other).exclude(pk__in=_permissions_of(user))
    return other.is_superuser or beyond.exists()


def _permissions_of(user: User) -> QuerySet[Permission]:
    """Also of an account that is inactive, which Django says may do nothing: it may be made active again."""
    return Permission.objects.filter(Q(user=user) | Q(group__user=user)).distinct()
