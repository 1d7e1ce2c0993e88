from django.views.generic import TemplateView

from showcase import heads
from showcase.pages import Page


class About(Page, TemplateView):
    section = "about"
    head = staticmethod(heads.about)
    template_name = "about.html"
