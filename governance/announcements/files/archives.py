"""Documents that are zip archives (.docx, .xlsx, .ods): what is in one, and whether it is safe to open."""

import re
import zipfile
import zlib
from io import BytesIO

from governance.announcements.readings import Sentence, Unreadable

# The memory that XML needs depends on its elements and attributes, not on its size: "<w:p/>", 6 bytes,
# needs 110, and with what is made of it some 270. Each "<" and each "=" stands for 200 bytes at most,
# so this limit means at most 300 MB, of the 1 GB that the whole site has. Five thousand rows of five
# columns from Word reach it; an announcement has fewer than 10,000 paragraphs.
MAX_MARKS = 1_500_000
MAX_XML, MAX_ALL, MAX_PARTS = 48 * 2**20, 128 * 2**20, 5000
_KINDS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
# The encodings that the formats allow. In another one, such as UTF-7, a DOCTYPE could hide.
_ENCODING = re.compile(rb"\W*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii")
# A part that asks for a password says so in this bit of its flags (PKWARE's APPNOTE, 4.4.4).
_ENCRYPTED = 1
LOCKED = Sentence(
    "文件设有密码，没有打开。请在 Word 或 WPS 里去掉密码，重新另存为 .docx 后再上传。"
)
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def kind_of_archive(content: bytes) -> str:
    """ "docx", "xlsx" or "ods"; raises Unreadable for anything else, and for what would harm the reader.

    Checked before any XML is parsed: sizes as unpacked, and that no part declares entities.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            names = set(archive.namelist())
            _check_sizes(parts, sum(part.file_size for part in parts), MAX_ALL)
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise Unreadable(LOCKED)
            xml = [part for part in parts if _is_xml(archive, part)]
            _check_sizes(parts, sum(part.file_size for part in xml), MAX_XML)
            _check_parts(archive, xml)
            mimetype = (
                archive.read("mimetype")[:100].decode("ascii", "replace")
                if "mimetype" in names
                else ""
            )
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ) as error:
        raise Unreadable(
            Sentence(
                "文件打不开，可能已经损坏（%(error)s）。请在 Word 或 WPS 里打开它，重新另存为 .docx。",
                {"error": str(error)},
            )
        ) from None
    for part, kind in _KINDS.items():
        if part in names:
            return kind
    if mimetype.strip() == _ODS:
        return "ods"
    raise Unreadable(
        Sentence(
            "这个压缩包不是 .docx、.xlsx 或 .ods 文件。请解压后上传其中的公告，或把公告另存为 .docx。"
        )
    )


def _check_sizes(parts: list[zipfile.ZipInfo], size: int, most: int) -> None:
    if size > most or len(parts) > MAX_PARTS:
        raise Unreadable(
            Sentence(
                "文件解压后有 %(size).0f MB、%(parts)s 个部分，大得不像一份公告，为安全起见没有打开。"
                "请把文字复制到一个新的 .docx 文件里再上传。",
                {"size": size / 2**20, "parts": len(parts)},
            )
        )


def _is_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """By its name or by its beginning: what a part is called does not bind who reads it."""
    if part.filename.endswith((".xml", ".rels")):
        return True
    with archive.open(part) as opened:
        return opened.read(100).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def _check_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    marks = 0
    for part in parts:
        # Without its zero bytes, UTF-16 shows its signs as well.
        xml = archive.read(part).replace(b"\0", b"")
        encoding = _ENCODING.match(xml)
        if encoding and encoding[1].lower() not in _ENCODINGS:
            raise Unreadable(
                Sentence(
                    "文件的 %(part)s 用了 %(encoding)s 编码，办公软件不会这样保存，为安全起见没有打开。"
                    "请把文字复制到一个新的 .docx 文件里再上传。",
                    {"part": part.filename, "encoding": encoding[1].decode()},
                )
            )
        # A picture may have a DOCTYPE: nobody here reads it as XML.
        if not part.filename.endswith(".svg"):
            _refuse_entities(xml, part.filename)
        marks += xml.count(b"<") + xml.count(b"=")
        if marks > MAX_MARKS:
            raise Unreadable(
                Sentence(
                    "文件的 %(part)s 里有太多段落、格子或格式，不像一份公告，为安全起见没有打开。"
                    "请把文字不带格式地复制到一个新的 .docx 文件里再上传。",
                    {"part": part.filename},
                )
            )


def _refuse_entities(xml: bytes, name: str) -> None:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise Unreadable(
            Sentence(
                "文件的 %(part)s 里声明了外部内容（DOCTYPE），办公软件不会这样保存，为安全起见没有打开。"
                "请把文字复制到一个新的 .docx 文件里再上传。",
                {"part": name},
            )
        )
