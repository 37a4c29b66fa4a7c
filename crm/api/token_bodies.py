"""What is sent to and answered by the addresses of tokens."""

from rest_framework import serializers

from crm.accounts.models import Role
from crm.api.models import TokenFamily
from crm.api.scopes import Scope
from crm.api.serializing import ModelAnswer, Strict, YesNo
from crm.api.tokens import LONGEST_TOKEN

_LONGEST_PASSWORD = 4096  # a hash of megabytes would cost the server more than it costs the sender


class SignIn(Strict):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=_LONGEST_PASSWORD, trim_whitespace=False)
    code = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text="Of the second factor, or a backup code."
    )
    cookies = YesNo(required=False, help_text="Set the tokens as httpOnly cookies, and leave them out of the answer.")


class Refresh(Strict):
    refresh = serializers.CharField(
        max_length=LONGEST_TOKEN, required=False, help_text="Without one, the cookie's; it needs X-CSRFToken."
    )


class SignOut(Strict):
    refresh = serializers.CharField(
        max_length=LONGEST_TOKEN, required=False, help_text="Without one, the access token or the cookie says who."
    )


class Tokens(serializers.Serializer):
    access = serializers.CharField(required=False, help_text="For `Authorization: Bearer`. Absent with cookies.")
    refresh = serializers.CharField(required=False, help_text="Good once, for the next pair. Absent with cookies.")
    csrf_token = serializers.CharField(required=False, help_text="With cookies only: send it as X-CSRFToken.")
    token_type = serializers.CharField(help_text="Always `Bearer`.")
    expires_in = serializers.IntegerField(help_text="Seconds for which the access token is good.")
    refresh_expires_in = serializers.IntegerField(help_text="Seconds for which the refresh token is good.")


class ProgramSignIn(ModelAnswer):
    """A sign-in by password, and all tokens that came from it."""

    current = serializers.SerializerMethodField(help_text="Whether this very request comes from it.")

    class Meta:
        model = TokenFamily
        fields = ("id", "created_at", "last_used_at", "expires_at", "address", "program", "current")

    def get_current(self, family: TokenFamily) -> bool:
        return family.pk == self.context["family"]


class ProgramSignIns(serializers.Serializer):
    results = ProgramSignIn(many=True)


class Me(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices)
    is_manager = serializers.BooleanField(help_text="Sees every lead: managers and administrators.")
    available = serializers.BooleanField(help_text="Receives new leads.")
    signed_in_by = serializers.ChoiceField(choices=["key", "token", "session"])
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))
