"""Which achievements a change touches, so that the index follows it."""

from django.db.models import Q

from governance.models import (
    Achievement,
    AchievementOrganization,
    AwardYear,
    Coding,
    Mechanism,
    Organization,
    Region,
)


def touched_by(row):
    """Primary keys of the achievements whose index entry depends on `row`, a row of any model."""
    if isinstance(row, Achievement):
        return {row.pk}
    if isinstance(row, Region):
        below = Region.objects.leading_into(row.path)
        # The children as well: 429001 names its parent, outside whose path it lies.
        found = Achievement.objects.filter(Q(region__in=below) | Q(region__parent=row))
    elif isinstance(row, AwardYear):
        found = Achievement.objects.filter(award_year=row)
    elif isinstance(row, Organization):
        links = AchievementOrganization.objects.filter(organization=row)
        return set(links.values_list("achievement", flat=True))
    elif isinstance(row, Mechanism):
        return set(Coding.objects.filter(mechanism=row).values_list("achievement", flat=True))
    else:
        return {row.achievement_id}
    return set(found.values_list("pk", flat=True))
