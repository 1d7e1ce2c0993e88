"""Records that the public never met and nothing needs, one of each kind: they can be deleted."""

from governance import index
from governance.models import (
    Achievement,
    Award,
    AwardYear,
    Mechanism,
    Organization,
    Region,
)

SUMMARY = "居民晚饭后在院落里围坐夜话，逐项商定公共事务。"


def unmet_records():
    """{model: the row that was made}, all but an entry."""
    taicang = Region.objects.get(code="320585", valid_to=None)
    bureau = {"name": "太仓市夜话办公室", "short_name": "夜话办", "slug": "yehua-office"}
    texts = {"name_en": "Night talks", "definition": "居民夜间议事。", "definition_en": "Talks."}
    year = {"name": "夜话奖", "document_title": "夜话奖揭晓", "text": "夜话奖揭晓"}
    award = Award(slug="night-talks", prefix="yehua", name="夜话奖")
    rows = [
        Region(code="320599", name="夜话区", level="county", parent=taicang.parent),
        Organization(region=taicang, kind="department", level="county", **bureau),
        Mechanism(slug="night-talks", field="participation", name="夜话", **texts),
        award,
        AwardYear(award=Award.objects.get(prefix=""), year=2031, code="2031", **year),
    ]
    for row in rows:
        row.full_clean()
        row.save()
    return {type(row): row for row in rows}


def unmet_entry(rank):
    """A draft of 2015 with a coding, whose evidence is 逐项商定."""
    entry = Achievement.objects.create(
        code=f"2015-w{rank}",
        award_year=AwardYear.objects.get(code="2015"),
        tier="winner",
        rank=rank,
        title="“院落夜话”议事项目",
        summary=SUMMARY,
        setting="rural",
        region=Region.objects.get(code="320585", valid_to=None),
    )
    mechanism = Mechanism.objects.get(name="协商议事")
    coding = entry.codings.create(mechanism=mechanism, weight="primary", aspect="means")
    start = SUMMARY.index("逐项商定")
    coding.evidence.create(field="summary", start=start, end=start + 4, text="逐项商定")
    index.update({entry.pk})
    return entry
