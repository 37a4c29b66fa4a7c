from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm

from crm.accounts.models import Role, User

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    """Managers run consultants and managers; only an administrator touches administrators."""

    form = UserChangeForm
    add_form = AdminUserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("name", "email", "role", "is_active", "available", "last_login")
    list_filter = ("role", "is_active", "available")
    search_fields = ("name", "email")
    ordering = ("name",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "available_changed_at")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "role", "is_active", "available")}),
        (_("Dates"), {"fields": ("last_login", "date_joined", "available_changed_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "role", "usable_password", "password1", "password2")}),)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role" and not _is_admin(request.user):
            kwargs["choices"] = [choice for choice in Role.choices if choice[0] != Role.ADMIN]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (
            _is_admin(request.user) or obj is None or not _is_admin(obj)
        )

    def has_delete_permission(self, request, obj=None):
        return False  # People are deactivated: their name stays in the audit.


def _is_admin(user: User) -> bool:
    return user.is_superuser or user.role == Role.ADMIN
