"""What makes the site an app: its manifest, its service worker, and the page shown without a connection."""

import json
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

# What the offline page draws itself with. Nothing else is kept in the browser: no data, and no script that might
# be older than its page.
_SHELL = ("css/tokens.css", "css/forms.css", "css/public.css", "js/theme.js", "js/offline.js", "img/livia.svg")
_ICONS = (("img/icon-192.png", "192x192", "any"), ("img/icon-512.png", "512x512", "any"))
_BADGE = "img/badge.png"  # for Android's status bar: white on nothing
_MASKABLE = ("img/icon-maskable-512.png", "512x512", "maskable")


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    board = reverse("leads:board")
    pages = (
        (_("Board"), board),
        (_("Conversations"), reverse("conversations:list")),
        (_("My day"), reverse("leads:tasks")),
    )
    values = {
        "id": "/",
        "name": "Lívia CRM",
        "short_name": "Lívia",
        "description": _("A CRM for credit consultants, with Lívia answering on WhatsApp."),
        "start_url": board,
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f6f8",
        "theme_color": "#10202a",
        "icons": [
            {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for path, sizes, purpose in (*_ICONS, _MASKABLE)
        ],
        "shortcuts": [{"name": str(name), "url": url} for name, url in pages],
    }
    return JsonResponse(values, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker of the whole site, asked for anew at every visit; names of files that change make it another."""
    own = [static(path) for path in _SHELL]
    values = {
        "offline": reverse("offline"),
        "shell": own,
        "icon": static(_ICONS[0][0]),
        "badge": static("img/badge.png"),
    }
    code = Path(str(finders.find("sw.js"))).read_text()
    version = sha256((json.dumps(values) + code).encode()).hexdigest()[:12]
    values["cache"] = f"livia-{version}"
    response = HttpResponse(f"const OWN = {json.dumps(values)};\n{code}", content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Nobody's page: it holds nothing of the person who is signed in."""
    return render(request, "offline.html")
