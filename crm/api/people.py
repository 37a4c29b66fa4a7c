"""For whom programs may act."""

from crm.accounts.backends import RoleBackend
from crm.accounts.factors import factor_on, factor_required
from crm.accounts.models import User


def may_act(user: User) -> bool:
    """Whether a key or token of this person counts now: as for their own pages, they must be active, and have the
    second factor that managers must have."""
    return RoleBackend().user_can_authenticate(user) and (not factor_required(user) or factor_on(user))
