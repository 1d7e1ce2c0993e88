"""Documents that are zip archives (.docx, .xlsx, .ods): what is in one, and whether it is safe to open."""

import zipfile
import zlib
from io import BytesIO

from .entries import Unreadable

# A document of 20,000 entries unpacks to about 50 MB, and XML takes some ten times that in memory.
MAX_XML, MAX_ALL, MAX_PARTS = 96 * 2**20, 256 * 2**20, 5000
_KINDS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_ODS = "application/vnd.oasis.opendocument.spreadsheet"


def kind_of_archive(content):
    """ "docx", "xlsx" or "ods"; raises Unreadable for anything else, and for what would harm the reader.

    Checked before any XML is parsed: sizes as unpacked, and that no part declares entities.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_sizes(archive.infolist())
            names = set(archive.namelist())
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_entities(archive.read(part), part.filename)
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
            f"文件打不开，可能已经损坏或有密码（{error}）。请在 Word 或 WPS 里打开它，重新另存为 .docx。"
        ) from None
    for part, kind in _KINDS.items():
        if part in names:
            return kind
    if mimetype.strip() == _ODS:
        return "ods"
    raise Unreadable(
        "这个压缩包不是 .docx、.xlsx 或 .ods 文件。请解压后上传其中的公告，或把公告另存为 .docx。"
    )


def _check_sizes(parts):
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    size = sum(part.file_size for part in parts)
    if xml > MAX_XML or size > MAX_ALL or len(parts) > MAX_PARTS:
        raise Unreadable(
            f"文件解压后有 {size / 2**20:.0f} MB、{len(parts)} 个部分，大得不像一份公告，为安全起见没有打开。"
            "请把文字复制到一个新的 .docx 文件里再上传。"
        )


def _refuse_entities(xml, name):
    # Without its zero bytes, UTF-16 shows its declarations as well.
    if b"<!DOCTYPE" in (bare := xml.replace(b"\0", b"")) or b"<!ENTITY" in bare:
        raise Unreadable(
            f"文件的 {name} 里声明了外部内容（DOCTYPE），办公软件不会这样保存，为安全起见没有打开。"
            "请把文字复制到一个新的 .docx 文件里再上传。"
        )
