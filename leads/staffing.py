"""People come and go: a consultant is hired in one step, and whoever leaves hands their open leads over."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role, User
from crm.accounts.services import activity_changed
from crm.core.errors import Conflict, DomainError, Forbidden, NotFound
from crm.core.facts import publish as publish_fact
from crm.core.work import service
from leads.actors import person
from leads.events import RotationResumed
from leads.models import Consultant, Lead
from leads.pipeline import CLOSED
from leads.rotation import rotation
from leads.services import lead_assign

MOST_AT_ONCE = 300


@dataclass
class HandedOver:
    """What became of somebody's open leads: how many changed hands, the first refusal, how many are left."""

    done: int = 0
    refused: list[str] = field(default_factory=list)
    left: int = 0


@service
def person_create(*, email: str, name: str, role: str, serves: bool, by: User) -> User:
    """A person who may sign in once they have set a password; `serves`: as a consultant in the rotation."""
    if role == Role.ADMIN and not is_admin(by):
        raise Forbidden(_("Only an administrator makes administrators."))
    user = User.objects.create_user(email, None, name=name, role=role)
    if serves or role == Role.CONSULTANT:
        Consultant.objects.create(user=user, in_rotation=serves)
    if serves:
        publish_fact(RotationResumed(consultant_id=user.pk))
    return user


@service
def person_deactivate(*, user_id: int, by: User) -> User:
    """No longer signs in nor receives leads; their name stays in the audit. Raises Conflict for oneself and for the
    last who could run the product."""
    list(_managers().select_for_update().order_by("pk").values_list("pk"))  # two may not deactivate each other
    user = _locked(user_id, by)
    if user.pk == by.pk:
        raise Conflict(_("You cannot deactivate yourself."))
    if is_last_manager(user):
        raise Conflict(_("Nobody else could run the product: make somebody a manager first."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    activity_changed(user=user, by=by)
    return user


@service
def person_reactivate(*, user_id: int, by: User) -> User:
    """Signs in again, with the password they had, and is back in the rotation if they were in it."""
    user = _locked(user_id, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    activity_changed(user=user, by=by)
    if Consultant.objects.filter(pk=user.pk, in_rotation=True).exists():
        publish_fact(RotationResumed(consultant_id=user.pk))
    return user


def _locked(user_id: int, by: User) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound
    if is_admin(user) and not is_admin(by):
        raise Forbidden(_("Only an administrator changes administrators."))
    return user


def is_admin(user: User) -> bool:
    return user.is_superuser or user.role == Role.ADMIN


def is_last_manager(user: User) -> bool:
    """Whether nobody else who is active runs the product."""
    return user.is_active and user.is_manager and not _managers().exclude(pk=user.pk).exists()


def _managers() -> QuerySet[User]:
    return User.objects.filter(Q(role__in=[Role.MANAGER, Role.ADMIN]) | Q(is_superuser=True), is_active=True)


def is_last_in_rotation(user: User) -> bool:
    """Whether new leads would wait without this person."""
    line = set(rotation().values_list("pk", flat=True))
    return line == {user.pk}


def open_leads_of(user_id: int) -> QuerySet[Lead]:
    return Lead.objects.filter(consultant_id=user_id, merged_into=None).exclude(status__in=CLOSED)


def leads_hand_over(*, from_id: int, to_id: int | None, by: User, reason: str = "") -> HandedOver:
    """Give somebody's open leads to one consultant, or with None each to the next in turn; the first `MOST_AT_ONCE`,
    each in a transaction of its own."""
    outcome = HandedOver()
    ids = list(open_leads_of(from_id).order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for lead_id in ids:
        try:
            lead_assign(lead_id=lead_id, consultant_id=to_id, actor=person(by), reason=reason)
        except DomainError as error:
            outcome.refused.append(str(error.message))
        else:
            outcome.done += 1
    outcome.left = open_leads_of(from_id).count()
    return outcome
