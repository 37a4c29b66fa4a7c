"""The cast of every test: Ana owns, Caio is a stranger to her leads, Bruno manages, Maria is the client."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from django.core.cache import cache
from django.test import Client

from conversations.inbound import InboundMessage
from conversations.models import Conversation, Inbox, InboxRole, Message
from conversations.services import message_receive
from crm.accounts.models import Role, User
from crm.core.clock import now
from leads.models import Consultant, Lead, Source
from leads.services import lead_assign, lead_create

pytest_plugins = ["tests.waloop.fixtures"]

PASSWORD = "a-long-test-password"
MARIA_PHONE = "5511998123340"


@pytest.fixture(autouse=True)
def quick_and_clean(settings) -> Iterator[None]:
    """Passwords are hashed cheaply, bursts end at once, no model is asked unless a test says so, and what one test
    left in Redis does not reach the next."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.BURST_WINDOW_SECONDS = 0
    settings.GROQ_API_KEY = ""
    yield
    cache.clear()


@pytest.fixture
def ana(db) -> User:
    return _consultant("ana@example.com", "Ana Clara")


@pytest.fixture
def caio(db) -> User:
    return _consultant("caio@example.com", "Caio Mendes")


@pytest.fixture
def bruno(db) -> User:
    return User.objects.create_user("bruno@example.com", PASSWORD, name="Bruno Rocha", role=Role.MANAGER)


def _consultant(email: str, name: str) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name)
    Consultant.objects.create(user=user)
    return user


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """A signed-in client for a person."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def new_lead(db) -> Callable[..., Lead]:
    """Leads with phones of their own: `new_lead(owner=ana, name="Maria")`."""
    numbers = count(10)

    def make(*, owner: User | None = None, **values: object) -> Lead:
        values = {"name": "Maria Souza", "phone": f"+55119981233{next(numbers)}", **values}
        lead, _created = lead_create(values=values, source=Source.MANUAL, assign=False)
        return lead_assign(lead_id=lead.pk, consultant_id=owner.pk) if owner else lead

    return make


@pytest.fixture
def livia_inbox(db) -> Inbox:
    return Inbox.objects.create(name="Lívia", role=InboxRole.LIVIA)


@pytest.fixture
def says(livia_inbox) -> Callable[..., Message | None]:
    """What a client writes, as a gateway hands it in: `says("oi")`."""
    numbers = count(1)

    def receive(
        text: str, *, phone: str = MARIA_PHONE, inbox: Inbox = livia_inbox, **changes: object
    ) -> Message | None:
        values = {
            "provider_id": f"IN{next(numbers)}",
            "chat": f"{phone}@s.whatsapp.net",
            "phone": phone,
            "lid": None,
            "push_name": "Maria",
            "from_me": False,
            "kind": "text",
            "text": text,
            "sent_at": now(),
            **changes,
        }
        return message_receive(inbox_id=inbox.pk, inbound=InboundMessage(**values))

    return receive


@pytest.fixture
def maria_thread(says) -> Conversation:
    """Maria has said hello to Lívia."""
    message = says("oi")
    return message.conversation
