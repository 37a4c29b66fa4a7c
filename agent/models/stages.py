from django.db import models
from django.utils.translation import gettext_lazy as _

from agent.brain.stages import Stage


class StageChoice(models.TextChoices):
    """The stages of the brain, with names for people."""

    INTRO = Stage.INTRO.value, _("Introduction")
    QUALIFICATION = Stage.QUALIFICATION.value, _("Qualification")
    SIMULATION = Stage.SIMULATION.value, _("Simulation")
    CONVERSION = Stage.CONVERSION.value, _("Conversion")
    TRANSFERRED = Stage.TRANSFERRED.value, _("Transferred")
    OPTED_OUT = Stage.OPTED_OUT.value, _("Opted out")
    HANDED_OVER = Stage.HANDED_OVER.value, _("Handed over")
