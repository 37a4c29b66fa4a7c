"""Two leads made one by hand, and made two again."""

from django.db.models import F, Q, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts.models import User
from crm.accounts.permissions import member_required
from crm.core.folding import Fold
from crm.core.numbers import whole
from crm.core.text import clean_line
from leads.actors import person
from leads.fields import EDITED, LABELS, worded
from leads.lead_views import detail_after_post
from leads.merge import further, leads_merge
from leads.models import Interaction, Lead
from leads.selectors import lead_get, leads_visible_to
from leads.unmerge import lead_unmerge

FOUND = 8


@member_required
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, lead_id: int) -> HttpResponse:
    """GET: the search for the other lead, or what one chosen (`other`) would bring. POST `keep`, `other`: one."""
    lead = lead_get(request.user, lead_id)
    other_id = whole(request.POST.get("other") or request.GET.get("other"))
    if other_id is None:
        return _search(request, lead)
    other = lead_get(request.user, other_id)
    if request.method == "GET":
        return _preview(request, lead, other)
    keep, gone = (lead, other) if whole(request.POST.get("keep")) == lead.pk else (other, lead)
    leads_merge(keep_id=keep.pk, gone_id=gone.pk, actor=person(request.user))
    address = reverse("leads:detail", args=[keep.pk])
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else redirect(address)


def _search(request: HttpRequest, lead: Lead) -> HttpResponse:
    query = clean_line(request.GET.get("q", ""), limit=80)
    found = _found(request.user, lead, query)
    template = "leads/_merge_found.html" if "q" in request.GET else "leads/_merge.html"
    return render(request, template, {"lead": lead, "query": query, "found": found})


def _found(user: User, lead: Lead, query: str) -> QuerySet[Lead]:
    """Who matches every word; without any, who is called the same."""
    leads = leads_visible_to(user).exclude(pk=lead.pk).select_related("consultant__user")
    words = query.split() or lead.name.split()[:1]
    if not words:
        return leads.none()
    match = Q()
    for word in words:
        digits = "".join(letter for letter in word if letter.isdigit())
        match &= Q(search_text__contains=Fold(Value(word))) | (
            Q(phone__contains=digits) if len(digits) > 3 else Q(pk=None)
        )
    return leads.filter(match).order_by(F("last_message_at").desc(nulls_last=True), "-pk")[:FOUND]


def _preview(request: HttpRequest, lead: Lead, other: Lead) -> HttpResponse:
    if lead.pk == other.pk:
        raise Http404
    wanted = whole(request.GET.get("keep"))
    keep = next((one for one in (lead, other) if one.pk == wanted), further([lead, other]))
    gone = other if keep.pk == lead.pk else lead
    rows = [
        {
            "label": LABELS[name],
            "keep": worded(name, getattr(keep, name)),
            "gone": worded(name, getattr(gone, name)),
            "taken": not getattr(keep, name) and bool(getattr(gone, name)),
        }
        for name in EDITED
        if getattr(keep, name) or getattr(gone, name)
    ]
    context = {"lead": lead, "other": other, "keep": keep, "gone": gone, "rows": rows}
    return render(request, "leads/_merge_preview.html", context)


@member_required
@require_POST
def unmerge(request: HttpRequest, lead_id: int, interaction_id: int) -> HttpResponse:
    """The merger that the history tells of, undone."""
    lead = lead_get(request.user, lead_id)
    if not Interaction.objects.filter(pk=interaction_id, lead=lead).exists():
        raise Http404
    lead_unmerge(interaction_id=interaction_id, actor=person(request.user))
    return detail_after_post(request, lead.pk)
