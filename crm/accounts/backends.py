"""Who may sign in, and what a role may do in the admin."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from crm.accounts.models import Role, User

# What a manager may not touch without being an administrator: Django's own plumbing.
_ADMIN_ONLY_APPS = {"auth", "contenttypes", "sessions", "admin", "axes"}


class RoleBackend(ModelBackend):
    """Signs in active users; a demo login only where demo logins are allowed. Managers run the whole admin."""

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and (settings.DEMO_ENABLED or not user.is_demo)

    def get_user(self, user_id: int) -> User | None:
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
