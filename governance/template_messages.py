"""Messages of the admin's own templates, for Babel, which knows Jinja2's alone."""

import ast
import re

from django.utils.translation.template import templatize

_TEXT = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(rf"\b(n?p?gettext|_)\(({_TEXT}(?:, *{_TEXT})*)")


def extract(file, keywords, comment_tags, options):
    """Yield (line, function, message, comments) of a Django template, as Babel wants it."""
    # What makemessages hands to xgettext: the lines stay, each message becomes a call.
    code = templatize(file.read().decode())
    for call in _CALL.finditer(code):
        texts = tuple(map(ast.literal_eval, re.findall(_TEXT, call[2])))
        line = code.count("\n", 0, call.start()) + 1
        yield line, call[1], texts if len(texts) > 1 else texts[0], []
