"""A file's name and bytes → a source. What a file is, its bytes tell; its name only tells csv from text."""

import re
from dataclasses import replace
from itertools import islice
from pathlib import PurePath

from governance.announcements.readings import Sentence, Unreadable

from .archives import kind_of_archive
from .paragraphs import SourceText, one_line_end, tabbed

# Documents with pictures are large. Of text alone, an announcement of 20,000 entries has 6 MB, and
# reading it takes twenty times its size in memory.
MAX_BYTES, MAX_TEXT = 64 * 2**20, 16 * 2**20
SAVE_AS = Sentence("请用 Word 或 WPS 打开它，另存为 .docx 后再上传。")
PICTURE = Sentence("这是图片，不是公告文件。请上传 .txt、.docx、.csv、.xlsx 或 .ods 文件。")
ARCHIVE = Sentence("这是压缩包，不是公告文件。请上传 .txt、.docx、.csv、.xlsx 或 .ods 文件。")
WEB_PAGE = Sentence(
    "这是网页或 XML 的源码，不是正文。请在浏览器里打开它，复制正文的文字，粘贴到文本框或存为 .txt 后再上传；"
    "或者用 Word 或 WPS 打开它，另存为 .docx。"
)
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<(?:!doctype html|html|\?xml)|mime-version:)", re.IGNORECASE
)
# What a page is written with. One such sign may stand in any text.
_MARKUP = re.compile(
    r"</(?:p|div|span|table|tr|td|ul|ol|li|h[1-6]|a|b|strong|font)\s*>|<br\s*/?>|&(?:nbsp|[lr]dquo|mdash|amp);",
    re.IGNORECASE,
)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Characters that hardly any Chinese text does without, in either script.
_COMMON = set(
    "的一是在不了有和人这中大为上个国年月日社区治理成果机构单位创新名获奖项民政府市县委镇街道與會為國區創獲獎項單標題村公"
)


def source_of(name: str, content: bytes) -> SourceText:
    """The SourceText of a file; raises Unreadable, with a sentence that says what would be right."""
    return replace(_source_of(name, content), name=PurePath(name).stem)


def source_of_text(text: str) -> SourceText:
    """As `source_of`, of a text."""
    if len(list(islice(_MARKUP.finditer(text), 2))) > 1:
        raise Unreadable(WEB_PAGE)
    return tabbed(text)


def _source_of(name: str, content: bytes) -> SourceText:
    suffix = PurePath(name.lower()).suffix
    if not content:
        raise Unreadable(Sentence("文件是空的，没有任何内容。"))
    _refuse_larger(content, MAX_BYTES)
    _refuse_other_formats(suffix, content)
    if content.startswith(b"PK\x03\x04"):
        return _read_archive(content)
    if suffix in (".docx", ".xlsx", ".ods"):
        raise Unreadable(
            Sentence(
                "文件名以 %(suffix)s 结尾，内容却不是这种格式，可能已经损坏。%(save_as)s",
                {"suffix": suffix, "save_as": SAVE_AS},
            )
        )
    _refuse_larger(content, MAX_TEXT)
    text = decode(content)
    if suffix == ".csv":
        from .sheets import read_csv

        return read_csv(text)
    return source_of_text(text)


def _refuse_larger(content: bytes, most: int) -> None:
    if len(content) > most:
        raise Unreadable(
            Sentence(
                "文件有 %(size).0f MB，超过上限 %(most)s MB；公告不会这样大。",
                {"size": len(content) / 2**20, "most": most // 2**20},
            )
        )


def _read_archive(content: bytes) -> SourceText:
    # The readers take 30 MB, which no visitor's request needs: imported where a file asks for them.
    kind = kind_of_archive(content)
    if kind == "docx":
        from .docx import read_docx

        return read_docx(content)
    from .sheets import read_sheets

    return read_sheets(content, kind)


def _refuse_other_formats(suffix: str, content: bytes) -> None:
    if content.startswith(b"%PDF") or suffix == ".pdf":
        raise Unreadable(
            Sentence(
                "PDF 文件里没有可靠的段落，无法逐字读取。请另存为 .docx：%(save_as)s",
                {"save_as": SAVE_AS},
            )
        )
    old = content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    if suffix in (".xls", ".et") or (old and suffix == ".xlsx"):
        raise Unreadable(
            Sentence("这是旧式表格文件。请用 Excel 或 WPS 打开它，另存为 .xlsx 后再上传。")
        )
    if old or suffix in (".doc", ".wps", ".dot", ".wpt"):
        raise Unreadable(
            Sentence(
                "这是旧式 Word 或 WPS 文件，无法逐字读取。请另存为 .docx：%(save_as)s",
                {"save_as": SAVE_AS},
            )
        )
    if content.startswith(b"{\\rtf") or suffix == ".rtf":
        raise Unreadable(
            Sentence(
                "这是 RTF 文件，无法逐字读取。请另存为 .docx：%(save_as)s", {"save_as": SAVE_AS}
            )
        )
    if suffix in (".htm", ".html", ".mht", ".mhtml") or _WEB_PAGE.match(content[:200]):
        raise Unreadable(WEB_PAGE)
    for magic, what in (
        (b"\x89PNG", PICTURE),
        (b"\xff\xd8\xff", PICTURE),
        (b"GIF8", PICTURE),
        (b"Rar!", ARCHIVE),
        (b"7z\xbc\xaf", ARCHIVE),
        (b"\x1f\x8b", ARCHIVE),
    ):
        if content.startswith(magic):
            raise Unreadable(what)


def decode(content: bytes) -> str:
    """Bytes as text with "\\n" at the ends of lines: by its BOM, else UTF-8, UTF-16 or GB18030."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _checked(_strictly(content[len(bom) :], encoding))
    if b"\0" in content and not _is_utf8(content):
        # Without a BOM, line ends and digits have their zero byte before or after them.
        encoding = "utf-16-be" if content[::2].count(0) > content[1::2].count(0) else "utf-16-le"
        return _checked(_strictly(content, encoding))
    try:
        return _checked(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        good = content[: error.start].decode("utf-8")
        if any("\u4e00" <= char <= "\u9fff" for char in good):
            raise Unreadable(_where(good, "UTF-8")) from None
    text = _strictly(content, "gb18030")
    # Counted one by one: a list of them would take forty times the file in memory.
    if sum(char in _COMMON for char in text) * 50 < sum(char > "\u2e80" for char in text):
        raise Unreadable(
            Sentence(
                "认不出文件的文字编码：按 GB18030 读出来的是乱码。请用记事本或 WPS 打开它，另存为 UTF-8 编码的文本。"
            )
        )
    return _checked(text)


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        good = content[: error.start].decode(encoding, "ignore")
        raise Unreadable(_where(good, encoding.upper())) from None


def _where(good: str, encoding: str) -> Sentence:
    line = one_line_end(good).split("\n")
    return Sentence(
        "第 %(number)s 段第 %(at)s 个字起不是完整的 %(encoding)s 文字，文件可能被截断或损坏。"
        "请重新取得文件，或用记事本打开核对后另存为 UTF-8。",
        {"number": len(line), "at": len(line[-1]) + 1, "encoding": encoding},
    )


def _checked(text: str) -> str:
    return one_line_end(text).removeprefix("\ufeff")


def _is_utf8(content: bytes) -> bool:
    """Whether bytes with zeros in them are UTF-8 nevertheless: in UTF-16, letters and digits have one each."""
    if content.count(0) * 10 > len(content):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
