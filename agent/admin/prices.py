"""What the language models cost: the figures behind Lívia's costs."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from agent.models import ModelPrice
from crm.core.text import clean_line


class ModelPriceForm(forms.ModelForm):
    class Meta:
        model = ModelPrice
        fields = ("model", "input_usd", "cached_usd", "output_usd", "effective_from")

    def clean_model(self) -> str:
        return clean_line(self.cleaned_data["model"], limit=80)

    def clean(self) -> None:
        values = super().clean() or {}
        read, again = values.get("input_usd"), values.get("cached_usd")
        if read is not None and again is not None and again > read:
            raise ValidationError({"cached_usd": _("What is read again costs no more than what is read.")})


@admin.register(ModelPrice)
class ModelPriceAdmin(ModelAdmin):
    """A price counts from its date until the next one of the same model; costs of days before are computed anew."""

    form = ModelPriceForm
    list_display = ("model", "effective_from", "input_usd", "cached_usd", "output_usd")
    list_filter = ("model",)
    search_fields = ("model",)
    ordering = ("model", "-effective_from")
