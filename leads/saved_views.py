"""Saved views: filters under a name. One's own, or shared: everybody applies those, owner and managers change them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.errors import Conflict, Forbidden, Invalid, NotFound
from crm.core.text import clean_line
from crm.core.work import service
from leads.filters import Filters
from leads.models import SavedView

NAME_LENGTH, QUERY_LENGTH = 60, 500
MOST_VIEWS = 50  # of one person


def views_for(user: User) -> list[SavedView]:
    """A person's own views and the shared ones, by name; each knows whether the person may change it."""
    views = list(
        SavedView.objects.filter(Q(owner=user) | Q(shared=True)).select_related("owner").order_by("name", "pk")
    )
    for view in views:
        view.changeable = may_change(view, user)  # type: ignore[attr-defined]
    return list(views)


def view_get(user: User, view_id: int) -> SavedView:
    """A view this person may see. Raises NotFound."""
    view = SavedView.objects.filter(Q(owner=user) | Q(shared=True), pk=view_id).first()
    if view is None:
        raise NotFound
    return view


def may_change(view: SavedView, user: User) -> bool:
    return view.owner_id == user.pk or (view.shared and user.is_manager)


@service
def saved_view_create(*, owner: User, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep filters under a name. Raises Invalid (name, nothing filtered) and Conflict (`view_exists`)."""
    _lock(owner)
    filters = Filters.parse(query)
    if not filters:
        raise Invalid(_("Filter something first: a view keeps what is filtered."), code="nothing_filtered")
    if len(filters.query) > QUERY_LENGTH:
        raise Invalid(_("These filters are too long to be saved."), code="too_long")
    if owner.saved_views.count() >= MOST_VIEWS:
        raise Invalid(_("You have %(most)s views: delete one first.") % {"most": MOST_VIEWS}, code="too_many")
    name = _free_name(owner, name)
    return SavedView.objects.create(owner=owner, name=name, query=filters.query, shared=shared)


@service
def saved_view_update(
    *, view_id: int, actor: User, name: str | None = None, shared: bool | None = None, query: str | None = None
) -> SavedView:
    """Rename, share or refill a view. Raises NotFound, Forbidden, Invalid and Conflict (`view_exists`)."""
    view = _own(view_id, actor)
    if name is not None:
        view.name = _free_name(view.owner, name, but=view)
    if shared is not None:
        view.shared = shared
    if query is not None and (filters := Filters.parse(query)) and len(filters.query) <= QUERY_LENGTH:
        view.query = filters.query
    view.save(update_fields=["name", "shared", "query"])
    return view


@service
def saved_view_delete(*, view_id: int, actor: User) -> None:
    """Raises NotFound and Forbidden."""
    _own(view_id, actor).delete()


def _own(view_id: int, actor: User) -> SavedView:
    view = view_get(actor, view_id)
    if not may_change(view, actor):
        raise Forbidden(_("Only its owner and managers change this view."))
    _lock(view.owner)
    return view


def _lock(owner: User) -> None:
    """One change of a person's views at a time, so that a name is free when it is taken."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)


def _free_name(owner: User, name: str, but: SavedView | None = None) -> str:
    name = clean_line(name, limit=NAME_LENGTH + 1)
    if not name or len(name) > NAME_LENGTH:
        message = _("Give the view a name of at most %(most)s characters.") % {"most": NAME_LENGTH}
        raise Invalid(message, code="view_name", fields={"name": message})
    if owner.saved_views.filter(name__iexact=name).exclude(pk=but.pk if but else None).exists():
        message = _("You already have a view of this name.")
        raise Conflict(message, code="view_exists", fields={"name": message})
    return name
