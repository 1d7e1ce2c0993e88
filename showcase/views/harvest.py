"""Where libraries harvest the record."""

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from governance import index
from showcase.data.harvesting import Refusal, arguments_of
from showcase.data.oai import OaiAnswer

from .base import unready


@method_decorator(csrf_exempt, name="dispatch")
class Harvest(View):
    """/oai: OAI-PMH 2.0. Errors are answers, with status 200; each answer says when it was made."""

    def get(self, request):
        return self.answer(request, request.GET)

    def post(self, request):
        return self.answer(request, request.POST)

    def answer(self, request, sent):
        try:
            made = OaiAnswer(request, index.current())
        except index.Unready:
            return unready(request)
        try:
            content = made.write(arguments_of(sent))
        except Refusal as refusal:
            content = made.refuse(refusal)
        return HttpResponse(content, content_type="text/xml; charset=utf-8")
