"""An achievement as one dict: what the API, the pages and later every other face are made of."""


def achievement_record(achievement):
    """The public record of one achievement, with the field names of the API.

    Offsets of evidence count characters (code points) of `title` or `summary`, the end excluded.
    `url` is a path; a face that leaves the site makes it absolute. Ask for the achievement with
    `.with_record()`, or every relation costs a query.
    """
    return {
        "code": achievement.code,
        "year": achievement.award_year.year,
        "tier": achievement.tier,
        "rank": achievement.rank,
        "title": achievement.title,
        "short_name": achievement.short_name,
        "summary": achievement.summary,
        "title_en": achievement.title_en,
        "summary_en": achievement.summary_en,
        "organization_text": achievement.organization_text,
        "setting": achievement.setting,
        "region": region_record(achievement.region),
        "organizations": [
            organization_record(link.organization)
            for link in achievement.organizations_in_order.all()
        ],
        "mechanisms": [coding_record(coding) for coding in achievement.codings.all()],
        "url": achievement.get_absolute_url(),
    }


def region_record(region):
    return {"code": region.code, "name": region.name, "path": region.path}


def organization_record(organization):
    return {
        "slug": organization.slug,
        "name": organization.name,
        "kind": organization.kind,
        "level": organization.level,
    }


def coding_record(coding):
    return {
        "slug": coding.mechanism.slug,
        "name": coding.mechanism.name,
        "field": coding.mechanism.field,
        "weight": coding.weight,
        "aspect": coding.aspect,
        "evidence": [
            {"text": span.text, "field": span.field, "start": span.start, "end": span.end}
            for span in coding.evidence.all()
        ],
    }
