"""What templates write that Jinja reads in our way."""

from jinja2 import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token


class Messages(Extension):
    """Reads `_("…")` and `pgettext("…", "…")` in a template as the message in the environment's
    language: a constant.

    A page has some fifty, and to look each up costs more than all that Jinja does beside it.
    """

    CALLS = {
        "_": ("lparen", "string", "rparen"),
        "pgettext": ("lparen", "string", "comma", "string", "rparen"),
    }

    def filter_stream(self, stream):
        tokens = iter(stream)
        for token in tokens:
            call = self.CALLS.get(token.value) if token.type == "name" else None
            if call:
                parts = [next(tokens) for _ in call]
                if tuple(part.type for part in parts) != call:
                    sentence = f"{token.value}() takes messages in quotes; for values there is {{% trans %}}."
                    raise TemplateSyntaxError(sentence, token.lineno, stream.name, stream.filename)
                *context, message = [part.value for part in parts if part.type == "string"]
                key = (*context, message) if context else message
                yield Token(token.lineno, "string", self.environment.globals["words"][key])
            else:
                yield token
