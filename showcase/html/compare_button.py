"""The box that puts an entry into the tray of the comparison."""

from html import escape

from markupsafe import Markup

from showcase.text import gettext as _

# Entries side by side; more fit on no screen.
MOST = 4


def box(code, title):
    """A box that puts an entry into the tray; the page has the tray's form, `_compare.html`, once.

    `title` is HTML. It is not seen, since it stands beside the box anyway, but heard, and shown by
    the tray of the pages after this one.
    """
    said = _("比较")
    return Markup(
        f'<label class="to-compare"><input type="checkbox" name="code" value="{code}" form="tray">'
        f' {said} <span class="unseen">{title}</span></label>'
    )


def box_of(record, english):
    """The same for a record by itself."""
    if english and record["title_en"]:
        return box(record["code"], escape(record["title_en"]))
    return box(record["code"], f'<span lang="zh-Hans">{escape(record["title"])}</span>')
