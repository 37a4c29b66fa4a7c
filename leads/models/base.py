"""What leads are described by: money in cents, and the words of their choices."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_CENTS = 10**13  # a hundred billion reais


class CentsField(models.BigIntegerField):
    """Money in integer cents."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs["validators"] = [MinValueValidator(0), MaxValueValidator(MAX_CENTS)]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "leads.models.CentsField", args, kwargs


class Product(models.TextChoices):
    HOME_EQUITY = "home_equity", _("Home equity")
    REAL_ESTATE = "real_estate_financing", _("Real estate financing")
    AUTO_EQUITY = "auto_equity", _("Auto equity")
    CONSORCIO = "consorcio", _("Consórcio")
    PERSONAL = "personal_loan", _("Personal loan")
    PAYROLL = "payroll_loan", _("Payroll loan")


class Source(models.TextChoices):
    WHATSAPP = "whatsapp", "WhatsApp"
    FORM = "form", _("Form")
    API = "api", "API"
    IMPORT = "import", _("Import")
    MANUAL = "manual", _("By hand")


class Temperature(models.TextChoices):
    HOT = "HOT", _("Hot")
    WARM = "WARM", _("Warm")
    COLD = "COLD", _("Cold")


class Attendance(models.TextChoices):
    """Who talks with the client now."""

    NONE = "", _("Nobody")
    LIVIA = "livia", "Lívia"
    PERSON = "person", _("Consultant")
