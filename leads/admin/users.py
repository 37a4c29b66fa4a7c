"""People who sign in. It stands here, and not with the model, because who leaves hands leads over."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from crm.accounts.factors import factor_on, factor_remove
from crm.accounts.models import Role, User
from crm.accounts.services import availability_set, password_changed, role_changed
from crm.core.errors import DomainError
from crm.core.text import clean_line
from leads.models import Consultant
from leads.rotation import rotation
from leads.staffing import (
    HandedOver,
    is_admin,
    is_last_in_rotation,
    is_last_manager,
    leads_hand_over,
    open_leads_of,
    person_create,
    person_deactivate,
    person_reactivate,
)

KEEP, IN_TURN = "keep", "turn"


class NewPersonForm(forms.ModelForm):
    serves = forms.BooleanField(
        label=gettext_lazy("Receives leads"),
        required=False,
        initial=True,
        widget=UnfoldBooleanWidget,
        help_text=gettext_lazy("As a consultant in the rotation. A manager may serve clients too."),
    )

    class Meta:
        model = User
        fields = ("name", "email", "role")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody signs in with this address already."))
        return email


class PersonForm(UserChangeForm):
    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()  # as it is kept: else another's is not known again

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if role == Role.CONSULTANT and is_last_manager(self.instance):
            raise forms.ValidationError(_("Nobody else could run the product: make somebody a manager first."))
        return role


class LeavingForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("Open leads go"), widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=300, widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Stands in the history of each lead."),
    )  # fmt: skip

    def __init__(self, *args: Any, leaving: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = rotation().exclude(pk=leaving.pk).order_by("user__name", "pk")
        ways = [(IN_TURN, _("to the rotation, each to the next in turn")), (KEEP, _("nowhere yet: they keep them"))]
        cast(forms.ChoiceField, self.fields["to"]).choices = [*ways, *((str(each.pk), each.name) for each in others)]


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    """Managers run consultants and managers; only an administrator touches administrators."""

    form = PersonForm
    add_form = NewPersonForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("name", "email", "role", "is_active", "available", "in_rotation", "last_login")
    list_filter = ("role", "is_active", "available")
    list_select_related = ("consultant",)
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    filter_horizontal = ()
    readonly_fields = ("is_active", "last_login", "date_joined", "available_changed_at")
    fieldsets = (
        (None, {"fields": ("name", "email", "password", "role", "language", "available", "is_active")}),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined", "available_changed_at")}),
    )
    add_fieldsets = ((None, {"fields": ("name", "email", "role", "serves")}),)
    actions_detail = ("password_link", "factor_reset", "leave", "come_back")

    @admin.display(description=gettext_lazy("in the rotation"), boolean=True, ordering="consultant__in_rotation")
    def in_rotation(self, user: User) -> bool:
        consultant: Consultant | None = getattr(user, "consultant", None)
        return consultant is not None and consultant.in_rotation

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return cast("QuerySet[User]", super().get_queryset(request))

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role" and not is_admin(_user(request)):
            kwargs["choices"] = [choice for choice in Role.choices if choice[0] != Role.ADMIN]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        theirs = not isinstance(obj, User) or not is_admin(obj)
        return allowed and (theirs or is_admin(_user(request)))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # People are deactivated: their name stays in the audit.

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        if change:
            self._save(request, cast(User, obj), form)
            return
        values = {name: form.cleaned_data[name] for name in ("email", "name", "role", "serves")}
        saved = person_create(by=_user(request), **values)
        obj.pk, obj._state.adding = saved.pk, False

    def _save(self, request: HttpRequest, person: User, form: Any) -> None:
        """Whether they are available is for its service to change, which tells everybody concerned."""
        available, before = person.available, form.initial.get("role")
        if "available" in form.changed_data:
            person.available = not available
        super().save_model(request, person, form, True)
        availability_set(user_id=person.pk, available=available)
        if before != person.role:
            role_changed(user=person, before=before, by=_user(request), request=request)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        if self._person(request, id) == request.user:  # there the old one is asked for
            return redirect("accounts:account")
        response: HttpResponse = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:  # saved
            password_changed(user=self._person(request, id), by=_user(request), request=request)
        return response

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **one_button})

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, _("%(name)s may sign in as soon as they have set a password.") % {"name": obj})
        return redirect("admin:accounts_user_password_link", obj.pk)

    def _person(self, request: HttpRequest, object_id: str) -> User:
        """Whom a page of one person is about. Raises Http404, and PermissionDenied for whom one may not change."""
        if not object_id.isdecimal() or len(object_id) > 17:
            raise Http404
        user = get_object_or_404(User, pk=int(object_id))
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        return user

    def _page(self, request: HttpRequest, user: User, title: str, template: str, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "person": user}
        return TemplateResponse(request, f"admin/accounts/user/{template}.html", {**shared, **context})

    @action(description=gettext_lazy("Link to set a password"), url_path="password-link", icon="key")
    def password_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """An address with which the person sets a password, once and for some days."""
        user = self._person(request, object_id)
        if not user.is_active:
            raise Http404
        if user == request.user:
            return redirect("accounts:account")
        keys = {
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        }
        self.log_change(request, user, str(_("Link to set a password")))
        link = request.build_absolute_uri(reverse("accounts:password_set", kwargs=keys))
        return self._page(request, user, _("Link to set a password"), "link", link=link)

    @action(description=gettext_lazy("Deactivate"), url_path="leave", icon="person_off")
    def leave(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Deactivates a person, and hands their open leads over as chosen."""
        user = self._person(request, object_id)
        form = LeavingForm(request.POST or None, leaving=user)
        if request.method == "POST" and form.is_valid():
            return self._left(request, user, form)
        context = {
            "form": form, "open_leads": open_leads_of(user.pk).count(), "is_last": is_last_in_rotation(user),
            "is_last_manager": is_last_manager(user), "is_self": user.pk == request.user.pk,
        }  # fmt: skip
        return self._page(request, user, _("Deactivate"), "leave", **context)

    def _left(self, request: HttpRequest, user: User, form: LeavingForm) -> HttpResponse:
        by, to = _user(request), form.cleaned_data["to"]
        try:
            if user.is_active:
                person_deactivate(user_id=user.pk, by=by)
                self.log_change(request, user, str(_("Deactivated.")))
        except DomainError as error:
            messages.error(request, str(error.message))
            return redirect("admin:accounts_user_leave", user.pk)
        messages.success(request, _("%(name)s no longer signs in.") % {"name": user})
        if to != KEEP:
            reason = clean_line(form.cleaned_data["reason"], limit=300)
            _tell(
                request,
                leads_hand_over(from_id=user.pk, to_id=None if to == IN_TURN else int(to), by=by, reason=reason),
            )
        return redirect("admin:accounts_user_change", user.pk)

    @action(description=gettext_lazy("Reactivate"), url_path="come-back", icon="person_check")
    def come_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self._person(request, object_id)
        if request.method != "POST":
            return self._page(request, user, _("Reactivate"), "come_back")
        person_reactivate(user_id=user.pk, by=_user(request))
        self.log_change(request, user, str(_("Reactivated.")))
        messages.success(request, _("%(name)s may sign in again.") % {"name": user})
        return redirect("admin:accounts_user_change", user.pk)

    def _may_reset_factor(self, request: HttpRequest, user: User) -> bool:
        """With a password link on top it is a way into the account: of managers only administrators have it."""
        return (is_admin(_user(request)) or not user.is_manager) and factor_on(user)

    @action(description=gettext_lazy("Switch second factor off"), url_path="factor-reset", icon="phonelink_erase")
    def factor_reset(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For who lost the phone and the backup codes."""
        user = self._person(request, object_id)
        if not self._may_reset_factor(request, user):
            raise Http404
        if request.method != "POST":
            return self._page(request, user, _("Switch second factor off"), "factor_reset")
        factor_remove(user=user, by=_user(request), request=request)
        self.log_change(request, user, str(_("Second factor switched off.")))
        messages.success(request, _("%(name)s signs in without a second factor now.") % {"name": user})
        return redirect("admin:accounts_user_change", user.pk)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        """What fits the person: who is active leaves, who is not comes back."""
        user = User.objects.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        if user is None or not self.has_change_permission(request, user):
            return []
        wanted: tuple[str, ...] = ("password_link", "leave") if user.is_active else ("leave", "come_back")
        if user == request.user:  # one's own is changed on the account page
            wanted = tuple(name for name in wanted if name != "password_link")
        wanted += ("factor_reset",) if self._may_reset_factor(request, user) else ()
        found = super().get_actions_detail(request, object_id)
        return [each for each in found if each.action_name.endswith(wanted)]


def _tell(request: HttpRequest, outcome: HandedOver) -> None:
    text = ngettext("%(n)s lead changed hands.", "%(n)s leads changed hands.", outcome.done)
    messages.success(request, text % {"n": outcome.done})
    if outcome.refused:
        text = ngettext("%(n)s refused: %(why)s", "%(n)s refused, such as: %(why)s", len(outcome.refused))
        messages.warning(request, text % {"n": len(outcome.refused), "why": outcome.refused[0]})
    elif outcome.left:
        text = ngettext("%(n)s open lead is left.", "%(n)s open leads are left: hand over again.", outcome.left)
        messages.warning(request, text % {"n": outcome.left})


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)  # the admin lets nobody else in
