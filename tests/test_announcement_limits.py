"""Small files that would take all memory: refused before they do."""

import docx
import pytest

from governance.announcements import Unreadable, read

from .office import announced, part, repacked, saved

DOCUMENT = "word/document.xml"


@pytest.mark.parametrize(
    "bomb",
    [
        "<w:p/>" * 1_600_000,
        f"<w:p>{'<w:r/>' * 1_600_000}</w:p>",
        '<w:p w:a="" w:b="" w:c="" w:d="" w:e="" w:f="" w:g=""/>' * 200_000,
    ],
    ids=["paragraphs", "runs", "attributes"],
)
def test_it_refuses_more_elements_than_a_document_has(bomb):
    content = saved(docx.Document())
    xml = part(content, DOCUMENT).replace("<w:sectPr", f"{bomb}<w:sectPr", 1)
    with pytest.raises(Unreadable, match=r"word/document\.xml 里有太多段落"):
        read("公告.docx", repacked(content, **{DOCUMENT: xml.encode()}))


def test_it_counts_a_part_by_its_content_and_not_by_its_name():
    content = repacked(
        announced("1.院落夜话（北京市西城区民政局）"), **{"word/a.foo": b"<a/>" * 2_000_000}
    )
    with pytest.raises(Unreadable, match=r"word/a\.foo"):
        read("公告.docx", content)
    content = repacked(content, **{"word/a.foo": b"\xff\xfe <!DOCTYPE a>"})
    with pytest.raises(Unreadable, match="DOCTYPE"):
        read("公告.docx", content)


def test_it_refuses_encodings_in_which_a_declaration_hides():
    content = saved(docx.Document())
    xml = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-'
    with pytest.raises(Unreadable, match="UTF-7"):
        read("公告.docx", repacked(content, **{DOCUMENT: xml.encode()}))


def test_it_takes_a_picture_that_names_its_doctype():
    content = announced("1.院落夜话（北京市西城区民政局）")
    picture = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" ""><svg/>'
    assert read("公告.docx", repacked(content, **{"word/media/a.svg": picture})).entries
