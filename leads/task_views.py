"""Tasks: the page of a person's day, and what is done to one task from there and from the lead's page."""

from typing import Any

from django.db.models import Value
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.models import User
from crm.accounts.permissions import member_required
from crm.core.errors import DomainError, Invalid
from crm.core.folding import Fold
from crm.core.numbers import whole
from crm.core.text import clean_line
from crm.realtime.rooms import snapshot_json
from leads.actors import person
from leads.agenda import task_cancel, task_create, task_done, task_reopen, task_snooze, task_update
from leads.agenda_live import AGENDA
from leads.agenda_selectors import agenda_people, day_of, day_start, task_get
from leads.due import CHOOSE, PLAN, SNOOZE, due_from, offered
from leads.models import Lead, Task, TaskKind
from leads.selectors import lead_get, leads_visible_to

EVERYBODY = "all"
FOUND = 8


@member_required
@require_GET
def my_day(request: HttpRequest) -> HttpResponse:
    """A person's tasks; managers may see somebody else's (`who`) or everybody's. `all` is a group to be shown to its
    end. With HTMX only the list."""
    owner = _owner(request)
    room = AGENDA if owner is None else f"{AGENDA}.{owner.pk}"
    rooms_json = snapshot_json(request.user, [room])
    region = "tasks/_day.html"
    context = {
        "rooms_json": rooms_json,
        "day": day_of(request.user, owner, whole=request.GET.get("all", "")),
        "owner": owner,
        "mine": owner == request.user,
        "today": timezone.localdate(),
        "tomorrow_starts": day_start(1),
        "snoozes": offered(SNOOZE),
    }
    if not request.htmx:
        region = "tasks/day.html"
        context["people"] = agenda_people(request.user) if request.user.is_manager else []
        context |= _form_context()
    return render(request, region, context)


def _owner(request: HttpRequest) -> User | None:
    """Whose day is asked for; None is everybody's. What one may not see does not exist."""
    who = request.GET.get("who", "")
    if not who or who == str(request.user.pk):
        return request.user
    if not request.user.is_manager:
        raise Http404
    return None if who == EVERYBODY else get_object_or_404(User, pk=whole(who))


@member_required
@require_GET
def lead_options(request: HttpRequest) -> HttpResponse:
    """Leads a task can be for, found by name, phone or e-mail; without a word the latest worked on."""
    words = clean_line(request.GET.get("q", ""), limit=60).split()
    rows = leads_visible_to(request.user)
    for word in words:
        rows = rows.filter(search_text__contains=Fold(Value(word)))
    order = ("name", "pk") if words else ("-updated_at", "-pk")
    return render(request, "tasks/_lead_options.html", {"leads": rows.order_by(*order)[:FOUND], "asked": bool(words)})


@member_required
def task_new(request: HttpRequest) -> HttpResponse:
    """The form of a task for one lead; sent, the task is planned and the form is gone."""
    if request.method != "POST":
        return _form(request, lead=lead_get(request.user, whole(request.GET.get("lead")) or 0))
    lead_id = whole(request.POST.get("lead"))
    if lead_id is None:
        return _form(request, lead=None, error=_no_lead())
    lead = lead_get(request.user, lead_id)
    try:
        task = task_create(lead_id=lead.pk, actor=person(request.user), **_values(request))
    except DomainError as error:
        return _form(request, lead=lead, error=error)
    response = _form(request, lead=None, typed=False) if "quick" in request.GET else HttpResponse()
    response["HX-Trigger"] = _trigger(_("Task planned for %(when)s.") % {"when": _when(task)})
    return response


def _no_lead() -> Invalid:
    text = _("Choose the lead it is for.")
    return Invalid(text, code="task_lead", fields={"lead": text})


@member_required
def task_edit(request: HttpRequest, task_id: int) -> HttpResponse:
    """The form of a task in its place; sent, or given up, the task stands there again."""
    task = task_get(request.user, task_id)
    if request.method == "POST":
        try:
            task_update(task_id=task.pk, values=_values(request, task), actor=person(request.user))
        except DomainError as error:
            return _form(request, lead=task.lead, task=task, error=error)
    elif "stop" not in request.GET:
        return _form(request, lead=task.lead, task=task)
    context = {"task": task_get(request.user, task_id), "with_lead": "day" in request.GET}
    response = render(request, "tasks/_task.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = f"#task-{task_id}", "outerHTML"
    return response


@member_required
@require_POST
def task_finish(request: HttpRequest, task_id: int) -> JsonResponse:
    task = task_done(task_id=task_get(request.user, task_id).pk, actor=person(request.user))
    return _answer(task, _("Done: %(title)s") % {"title": task.title}, undo=True)


@member_required
@require_POST
def task_drop(request: HttpRequest, task_id: int) -> JsonResponse:
    task = task_cancel(task_id=task_get(request.user, task_id).pk, actor=person(request.user))
    return _answer(task, _("Cancelled: %(title)s") % {"title": task.title}, undo=True)


@member_required
@require_POST
def task_undo(request: HttpRequest, task_id: int) -> JsonResponse:
    task = task_reopen(task_id=task_get(request.user, task_id).pk, actor=person(request.user))
    return _answer(task, _("Back on the list: %(title)s") % {"title": task.title})


@member_required
@require_POST
def task_later(request: HttpRequest, task_id: int) -> JsonResponse:
    """`when` is the code of a choice, or `choose` with a date and time in `at`."""
    task = task_get(request.user, task_id)
    until = due_from(request.POST.get("when", ""), request.POST.get("at", ""))
    task = task_snooze(task_id=task.pk, until=until, actor=person(request.user))
    return _answer(task, _("Snoozed until %(when)s.") % {"when": _when(task)})


def _answer(task: Task, text: str, *, undo: bool = False) -> JsonResponse:
    return JsonResponse({"text": text, "undo": reverse("leads:task_undo", args=[task.pk]) if undo else ""})


def _when(task: Task) -> str:
    return timezone.localtime(task.due_at).strftime("%d/%m %H:%M")


def _trigger(text: str) -> str:
    return JsonResponse({"toast": {"level": "ok", "text": text}, "tasks:planned": True}).content.decode()


def _values(request: HttpRequest, task: Task | None = None) -> dict[str, Any]:
    """What the form says. A due time left as it was stays, also one that has passed."""
    posted = request.POST
    when, at = posted.get("when", ""), posted.get("at", "")
    left = task is not None and when == CHOOSE and at == _field(task)
    return {
        "title": posted.get("title", ""),
        "kind": posted.get("kind") or TaskKind.OTHER,
        "note": posted.get("note", ""),
        "due_at": task.due_at if task and left else due_from(when, at),
    }


def _field(task: Task) -> str:
    """The due time as a field for date and time holds it."""
    return timezone.localtime(task.due_at).strftime("%Y-%m-%dT%H:%M")


def _form_context() -> dict[str, Any]:
    blank = {"kind": TaskKind.CALL, "when": "hour"}
    return {"kinds": TaskKind.choices, "choices": offered(PLAN), "choose": CHOOSE, "typed": blank}


def _form(
    request: HttpRequest, *, lead: Lead | None, task: Task | None = None, error: DomainError | None = None,
    typed: bool = True,
) -> HttpResponse:  # fmt: skip
    """What was `typed` stands there again beside what is wrong with it."""
    values = {
        "title": task.title if task else "",
        "kind": task.kind if task else TaskKind.CALL,
        "note": task.note if task else "",
        "when": CHOOSE if task else "hour",
        "at": _field(task) if task else "",
        "q": "",
    }
    if typed:
        values |= {name: request.POST[name] for name in values if name in request.POST}
    context = {
        **_form_context(),
        "lead": lead,
        "task": task,
        "typed": values,
        "errors": {name: str(text) for name, text in error.fields.items()} if error else {},
        "problem": str(error.message) if error and not error.fields else "",
        "from_day": "day" in request.GET,
    }
    template = "tasks/_quick.html" if "quick" in request.GET else "tasks/_form.html"
    return render(request, template, context, status=422 if error else 200)
