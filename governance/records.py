"""An achievement as one dict: what the API, the pages and later every other face are made of."""

from governance import images
from governance.models.achievement import VERBATIM


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
        "setting_evidence": [span_record(span) for span in achievement.setting_evidence.all()],
        "region": region_record(achievement.region),
        "organizations": [
            organization_record(link.organization)
            for link in achievement.organizations_in_order.all()
        ],
        "mechanisms": [coding_record(coding) for coding in achievement.codings.all()],
        "document": document_record(achievement),
        "images": [image_record(image) for image in achievement.images.all()],
        "url": achievement.get_absolute_url(),
    }


def region_record(region):
    """The region in its year, the places above it, and what it has become since."""
    return _place(region) | {
        "path": region.path,
        "lineage": [_place(place) for place in region.lineage],
        "became": [_place(place) for place in region.through_time[1:]],
    }


def _place(region):
    return {"code": region.code, "name": region.name, "name_en": region.name_en}


def organization_record(organization):
    return {
        "slug": organization.slug,
        "name": organization.name,
        "short_name": organization.short_name,
        "name_en": organization.name_en,
        "kind": organization.kind,
        "level": organization.level,
    }


def coding_record(coding):
    return {
        "slug": coding.mechanism.slug,
        "name": coding.mechanism.name,
        "name_en": coding.mechanism.name_en,
        "field": coding.mechanism.field,
        "weight": coding.weight,
        "aspect": coding.aspect,
        "evidence": [span_record(span) for span in coding.evidence.all()],
    }


def span_record(span):
    return {"text": span.text, "field": span.field, "start": span.start, "end": span.end}


def document_record(achievement):
    """Where the announcement says it: `offset` counts characters of its text.

    None if any of what the entry quotes has no place there: it was corrected, or never found.
    """
    award_year = achievement.award_year
    located = None not in [getattr(achievement, f"{field}_offset") for field in VERBATIM]
    return {
        "title": award_year.document_title,
        "url": award_year.source_url,
        "offset": achievement.title_offset if located else None,
    }


def image_record(image):
    """`widths` are the sizes in pixels that `/media/images/<digest>/<width>.webp` has."""
    return {
        "digest": image.digest,
        "width": image.width,
        "height": image.height,
        "widths": images.widths(image),
        "alt": image.alt,
        "alt_en": image.alt_en,
        "credit": image.credit,
    }
