"""Rules by which some leads go to some consultants: the first rule in use that fits a lead counts.

A rule none of whose consultants is active and in the rotation restricts nothing: a lead never waits for a rule.
"""

from collections.abc import Mapping

from leads.models import AssignmentRule, Lead

Fits = Mapping[str, str]
FITS = ("product", "uf", "source")

# The rule for `asked` (product, uf, source).
RULE = """
SELECT rule.id FROM leads_assignmentrule AS rule CROSS JOIN asked
WHERE active AND (products = '{}' OR asked.product = ANY(products)) AND (ufs = '{}' OR asked.uf = ANY(ufs))
AND (sources = '{}' OR asked.source = ANY(sources)) ORDER BY position, id LIMIT 1
"""
# A condition on a consultant (person.id): one of those the `rule` names.
RULED = """EXISTS (
    SELECT FROM leads_assignmentrule_consultants AS member CROSS JOIN rule
    WHERE member.assignmentrule_id = rule.id AND member.consultant_id = person.id
)"""


def fits_of(lead: Lead) -> dict[str, str]:
    """What rules look at."""
    return {"product": lead.product, "uf": lead.uf.upper(), "source": lead.source}


def rules_to_show() -> list[AssignmentRule]:
    """All rules in order, each with its consultants."""
    return list(AssignmentRule.objects.prefetch_related("consultants__user"))


def rule_serves(rule: AssignmentRule) -> bool:
    """Whether anybody the rule names receives leads."""
    return any(each.in_rotation and each.user.is_active for each in rule.consultants.all())
