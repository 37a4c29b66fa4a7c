from django import template

from leads.losses import loss_labels

register = template.Library()


@register.filter
def loss_label(code: str) -> str:
    """The name of the reason a lead was lost for."""
    return loss_labels().get(code, code)
