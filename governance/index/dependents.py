"""Which achievements a change touches, so that the index follows it."""

from django.db.models import Model, Q

from governance.models import (
    Achievement,
    AchievementOrganization,
    Award,
    AwardYear,
    Coding,
    Mechanism,
    Organization,
    Region,
)


def touched_by(row: Model) -> set[int]:
    """Primary keys of the achievements whose index entry depends on `row`, a row of any model."""
    if isinstance(row, Achievement):
        return {row.pk}
    if isinstance(row, Region):
        entries = Achievement.objects.filter(region__in=_naming(row))
    elif isinstance(row, AwardYear):
        entries = Achievement.objects.filter(award_year=row)
    elif isinstance(row, Award):
        entries = Achievement.objects.filter(award_year__award=row)
    elif isinstance(row, Organization):
        links = AchievementOrganization.objects.filter(organization=row)
        return set(links.values_list("achievement", flat=True))
    elif isinstance(row, Mechanism):
        return set(Coding.objects.filter(mechanism=row).values_list("achievement", flat=True))
    else:
        # A part of an achievement: a coding, its evidence, a picture.
        return {row.achievement_id}  # type: ignore[attr-defined]  # it is what makes them parts
    return set(entries.values_list("pk", flat=True))


def is_named(row: Model) -> bool:
    """Whether the public knows `row` by its name: regions and mechanisms all have names that are
    searched, and pages; an organization and an award have them by their public entries.
    """
    if isinstance(row, Award | Organization):
        return type(row).objects.published().filter(pk=row.pk).exists()
    return isinstance(row, Region | Mechanism)


def _naming(region: Region) -> set[int]:
    """Ids of the regions that lie below `region`, by code or by parent, or became one of those.

    By parent as well: 429001 names one outside whose path it lies.
    """
    new = Region.objects.leading_into(region.path) | {region.pk}
    naming = set(new)
    while new:
        near = Region.objects.filter(Q(parent__in=new) | Q(successor__in=new))
        new = set(near.values_list("pk", flat=True)) - naming
        naming |= new
    return naming
