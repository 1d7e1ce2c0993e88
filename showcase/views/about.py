from django.views.generic import TemplateView

from showcase.pages import Page


class About(Page, TemplateView):
    section = "about"
    template_name = "about.html"
