"""What Lívia knows, sells and did: dialogues, products, simulations and the record of every turn."""

from agent.models.business import SPEAKING, BusinessProfile, FaqEntry, PromptVersion
from agent.models.dialogues import (
    ClassificationSource,
    ContactProfile,
    Dialogue,
    FollowUp,
    FollowUpState,
    LeadClassification,
    Priority,
    Relationship,
    Simulation,
    Turn,
)
from agent.models.products import TERMS, ModelPrice, ProductVersion, System
from agent.models.stages import StageChoice

__all__ = [
    "SPEAKING",
    "TERMS",
    "BusinessProfile",
    "ClassificationSource",
    "ContactProfile",
    "Dialogue",
    "FaqEntry",
    "FollowUp",
    "FollowUpState",
    "LeadClassification",
    "ModelPrice",
    "Priority",
    "ProductVersion",
    "PromptVersion",
    "Relationship",
    "Simulation",
    "StageChoice",
    "System",
    "Turn",
]
