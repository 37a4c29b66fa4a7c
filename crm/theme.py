"""The look of the admin: the product's name, accent and way back."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

# Shades of the accent used by the product's own pages, from light to dark (oklch, as the theme wants them).
_ACCENT = {
    "50": "oklch(97% .02 166)",
    "100": "oklch(94% .05 165)",
    "200": "oklch(88% .09 164)",
    "300": "oklch(80% .12 163)",
    "400": "oklch(71% .14 163)",
    "500": "oklch(62% .13 163)",
    "600": "oklch(54% .115 163)",
    "700": "oklch(47% .1 164)",
    "800": "oklch(40% .08 165)",
    "900": "oklch(34% .065 166)",
    "950": "oklch(25% .05 168)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Lívia CRM",
    "SITE_HEADER": "Lívia CRM",
    "SITE_SUBHEADER": _("Administration"),
    "SITE_URL": reverse_lazy("leads:board"),
    "SITE_SYMBOL": "forum",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/livia.svg")}],
    "COLORS": {"primary": _ACCENT},
    "SITE_DROPDOWN": [
        {"icon": "view_kanban", "title": _("Go to the board"), "link": reverse_lazy("leads:board")},
        {"icon": "auto_awesome", "title": _("How Lívia is doing"), "link": reverse_lazy("agent:livia")},
    ],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "STYLES": [lambda request: static("css/admin.css")],
    "DASHBOARD_CALLBACK": "crm.workspace.dashboard.show",
    "SIDEBAR": {"show_search": True, "navigation": "crm.workspace.navigation.sidebar"},
    "COMMAND": {"search_models": False},
}
