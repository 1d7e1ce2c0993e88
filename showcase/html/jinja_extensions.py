"""What templates may write beside plain Jinja; Babel reads them with it."""

from jinja2 import TemplateSyntaxError, nodes
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


class Same(Extension):
    """`{% same language, section %}…{% endsame %}`: rendered once in a process for each value of its
    expressions, on which alone it may depend.
    """

    tags = {"same"}

    def __init__(self, environment):
        super().__init__(environment)
        self._rendered = {}

    def parse(self, parser):
        line, place = next(parser.stream).lineno, f"{parser.name}:{parser.stream.current.lineno}"
        values = parser.parse_tuple()
        body = parser.parse_statements(("name:endsame",), drop_needle=True)
        call = self.call_method("_render", [nodes.Const(place), values])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _render(self, place, values, caller):
        key = place, values
        # While templates change under the author's hands, nothing stays the same.
        if key not in self._rendered or self.environment.auto_reload:
            self._rendered[key] = caller()
        return self._rendered[key]
