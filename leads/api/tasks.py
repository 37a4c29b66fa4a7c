"""Tasks: what is to be done for leads. Whoever sees a lead sees its tasks."""

from collections.abc import Callable
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.etags import etag_of, expect_state, tagged
from crm.api.idempotency import about_lead, once
from crm.api.lists import page
from crm.api.schema import ListOf, errors
from crm.api.serializing import body_of
from crm.api.views import ApiView
from crm.core.work import unit
from leads.actors import person
from leads.agenda import task_cancel, task_create, task_done, task_reopen, task_update
from leads.agenda_selectors import task_get, tasks_visible_to
from leads.api.answers import TaskAnswer, task_told
from leads.api.bodies import TaskChange, TaskNew
from leads.api.filters import TaskFilters
from leads.api.leads import SCOPES
from leads.models import Task
from leads.selectors import lead_get
from leads.services import lead_lock

TAGS = ["tasks"]


class TasksView(ApiView):
    scopes = SCOPES
    filters = TaskFilters
    orderings: ClassVar[tuple[str, ...]] = ("due_at", "-due_at", "-id", "id")

    @extend_schema(operation_id="tasks_list", summary="List tasks", tags=TAGS, responses=ListOf(TaskAnswer))
    def get(self, request: Request) -> Response:
        return page(self, request, tasks_visible_to(request.user), task_told)

    @extend_schema(
        operation_id="tasks_create", summary="Plan a task", tags=TAGS, request=TaskNew,
        responses={201: TaskAnswer, **errors(404)},
        description="Without `owner_id` it is the consultant's of the lead, or yours for a lead of nobody.",
    )  # fmt: skip
    @once
    def post(self, request: Request) -> Response:
        values = body_of(request, TaskNew)
        lead = lead_get(request.user, values.pop("lead_id"))
        return task_answer(task_create(lead_id=lead.pk, actor=person(request.user), **values), status=201)


class TaskView(ApiView):
    scopes = SCOPES

    @extend_schema(operation_id="tasks_get", summary="Read a task", tags=TAGS, responses=TaskAnswer)
    def get(self, request: Request, task_id: int) -> Response:
        task = task_get(request.user, task_id)
        return tagged(request, task.pk, task_told(task))

    @extend_schema(
        operation_id="tasks_update", summary="Change an open task", tags=TAGS, request=TaskChange,
        responses={200: TaskAnswer, **errors(409)}, description="409 `task_closed`: done or cancelled already.",
    )  # fmt: skip
    def patch(self, request: Request, task_id: int) -> Response:
        task, values = task_get(request.user, task_id), body_of(request, TaskChange, partial=True)
        with unit():
            lead_lock(task.lead_id)  # under which all that changes a task is done
            expect_state(request, task.pk, task_told(task_get(request.user, task_id)))
            task = task_update(task_id=task.pk, values=values, actor=person(request.user))
        return tagged(request, task.pk, task_told(task))


class _TaskActView(ApiView):
    scopes = SCOPES
    act: ClassVar[Callable[..., Task]]

    def _do(self, request: Request, task_id: int) -> Response:
        act = type(self).act
        return task_answer(act(task_id=task_get(request.user, task_id).pk, actor=person(request.user)))


def _says(name: str, summary: str, description: str) -> Callable[..., Callable[..., Response]]:
    return extend_schema(
        operation_id=f"tasks_{name}", summary=summary, description=description, tags=TAGS, request=None,
        responses={200: TaskAnswer, **errors(409)},
    )  # fmt: skip


class TaskFinishView(_TaskActView):
    act = task_done

    @_says("finish", "Finish a task", "Twice is once. 409 for one that was cancelled.")
    @once
    def post(self, request: Request, task_id: int) -> Response:
        return self._do(request, task_id)


class TaskDropView(_TaskActView):
    act = task_cancel

    @_says("drop", "Cancel a task", "Twice is once. 409 for one that is done.")
    @once
    def post(self, request: Request, task_id: int) -> Response:
        return self._do(request, task_id)


class TaskUndoView(_TaskActView):
    act = task_reopen

    @_says("undo", "Open a task again", "It is to be done after all. 409 if its rule has planned it anew meanwhile.")
    @once
    def post(self, request: Request, task_id: int) -> Response:
        return self._do(request, task_id)


def task_answer(task: Task, *, status: int = 200) -> Response:
    told = task_told(task)
    return about_lead(Response(told, status=status, headers={"ETag": etag_of(task.pk, told)}), task.lead_id)
