import os

from django.http import HttpResponse
from django.urls import path

from governance.urls import urlpatterns as product
from showcase import answers

# For what an answer costs that nobody asked for before, however often a round asks for it.
if os.environ.get("KEEP_NOTHING"):
    answers.MOST = 0


def floor(request):
    """The least that an answer costs: a constant string through the same server and middleware."""
    return HttpResponse("ok")


def page(request, size):
    """As many constant bytes, which nothing compresses: what is sent of a list, without making it."""
    return HttpResponse(b"x" * size, headers={"Content-Encoding": "gzip"})


urlpatterns = [path("floor/", floor), path("floor/<int:size>/", page), *product]
