"""Who may sign in, and what a role may do in the admin."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from crm.accounts.factors import HAS_FACTOR
from crm.accounts.models import Role, User

# What a manager may not touch without being an administrator: Django's own plumbing.
_ADMIN_ONLY_APPS = {"auth", "contenttypes", "sessions", "admin", "axes", "otp_totp", "otp_static"}


class RoleBackend(ModelBackend):
    """Signs in active users; a demo login only where demo logins are allowed. Managers run the whole admin."""

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and (settings.DEMO_ENABLED or not user.is_demo)

    def get_user(self, user_id: int) -> User | None:
        """Whose session, socket or token this is; nobody, where a second factor must be and is not: by this one door
        a manager who has none reaches no page, no socket and no address of the API."""
        users = User.objects.all()
        if settings.MANAGERS_NEED_SECOND_FACTOR:
            users = users.annotate(has_factor=HAS_FACTOR)
        user = users.filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        lacks_factor = settings.MANAGERS_NEED_SECOND_FACTOR and user.is_manager and not user.has_factor
        return None if lacks_factor else user

    def person(self, user_id: int) -> User | None:
        """Who is about to sign in, with or without a second factor."""
        user = User.objects.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user: User, perm: str, obj: object = None) -> bool:
        if not user.is_active:
            return False
        if user.is_superuser or user.role == Role.ADMIN:
            return True
        return user.is_manager and perm.partition(".")[0] not in _ADMIN_ONLY_APPS

    def has_module_perms(self, user: User, app_label: str) -> bool:
        return self.has_perm(user, f"{app_label}.view")
