import pytest

from conversations.tests.maria import CHAT, LID, PHONE


@pytest.fixture
def by_lid(says):
    """Maria writes and WhatsApp shows only her LID."""
    return lambda text, **changes: says(text, **{"phone": None, "lid": LID, "chat": CHAT, **changes})


@pytest.fixture
def by_both(says):
    """Maria writes and WhatsApp tells her phone too."""
    return lambda text, **changes: says(text, **{"phone": PHONE, "lid": LID, "chat": CHAT, **changes})
