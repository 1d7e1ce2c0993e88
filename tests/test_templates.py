"""Our environment of templates writes what Jinja's own would."""

import pytest
from django.template import engines
from django.utils.translation import gettext_lazy
from jinja2 import Environment
from markupsafe import Markup

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "value",
    ["<b title='\"'>&amp;", "太仓市", "", 3, 0.5, None, Markup("<b>'</b>"), gettext_lazy("成果")],
)
@pytest.mark.parametrize(
    "source",
    [
        "{{ value }}",
        "<p title=\"{{ value }}\">{{ value|e }}{{ value ~ '<' }}{{ [value] }}{{ nothing }}",
        "{% set kept %}<i>{{ value }}</i>{% endset %}{{ kept }}{{ kept|upper }}",
        "{% macro twice(it) %}<i>{{ it }}{{ it }}</i>{% endmacro %}{{ twice(value) }}{{ '<' ~ twice('&') }}",
        "{% for it in [value, value] %}{{ it }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "{% trans value=value %}《{{ value }}》{% endtrans %}{{ value|safe }}",
        "{% autoescape false %}{{ value }}{% autoescape true %}{{ value }}{% endautoescape %}{% endautoescape %}",
    ],
)
def test_templates_escape_as_jinja_itself_does(source, value):
    plain = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    plain.install_null_translations()
    wanted = plain.from_string(source).render(value=value)
    assert engines["jinja2"].env.from_string(source).render(value=value) == wanted
