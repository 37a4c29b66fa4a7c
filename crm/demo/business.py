"""The invented firm of the demo, its people, numbers and answers."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from agent.models import BusinessProfile, FaqEntry
from conversations.models import Inbox, InboxRole
from crm.accounts.models import Role, User
from leads.models import Consultant
from whatsapp.models import Session
from whatsapp.states import Gateway

PASSWORD = settings.DEMO_PASSWORD
USERS = (
    ("ana@demo.livia", "Ana Clara", Role.CONSULTANT),
    ("caio@demo.livia", "Caio Mendes", Role.CONSULTANT),
    ("bruno@demo.livia", "Bruno Rocha", Role.MANAGER),
)
SERVICES = """Empréstimo com garantia de imóvel
Financiamento imobiliário
Empréstimo com garantia de veículo
Consórcio
Empréstimo pessoal
Empréstimo consignado"""
FAQ = (
    (
        "Onde fica o escritório de vocês?",
        "Ficamos na Rua das Paineiras, 240, sala 31, em Campinas. O atendimento também é todo possível por aqui.",
    ),
    (
        "Qual o horário de atendimento?",
        "Nossos consultores atendem de segunda a sexta, das 9h às 18h. Eu respondo a qualquer hora. 😊",
    ),
    (
        "Quanto tempo demora para sair o dinheiro?",
        "Depende da modalidade e da análise de crédito. O consultor te passa uma previsão com os documentos em mãos.",
    ),
    (
        "Posso antecipar ou quitar as parcelas antes?",
        "Pode sim, a qualquer momento, com desconto proporcional dos juros.",
    ),
    (
        "Atendem em todo o Brasil?",
        "Sim! Atendemos o Brasil inteiro, tudo on-line e com assinatura digital.",
    ),
    (
        "Preciso pagar alguma coisa adiantado?",
        "Não. Nunca pedimos nenhum valor antes da contratação. Se alguém pedir em nosso nome, avise a gente.",
    ),
)


def users_make(at: datetime) -> tuple[User, User, User]:
    """Ana, Caio and Bruno, with one password hashed once."""
    password = make_password(PASSWORD)
    joined = at - timedelta(days=120)
    ana, caio, bruno = User.objects.bulk_create(
        User(email=email, name=name, role=role, is_demo=True, password=password, date_joined=joined)
        for email, name, role in USERS
    )
    Consultant.objects.bulk_create([Consultant(user=ana), Consultant(user=caio)])
    return ana, caio, bruno


def business_make() -> None:
    BusinessProfile(
        name="Horizonte Crédito",
        services=SERVICES,
        tone="próximo, claro e sem pressão",
        hours="de segunda a sexta, das 9h às 18h",
        address="Rua das Paineiras, 240, sala 31, Campinas SP",
    ).save()
    FaqEntry.objects.bulk_create(FaqEntry(question=question, answer=answer) for question, answer in FAQ)


def inboxes_make() -> dict[str, Inbox]:
    """Lívia's number connects by itself; the consultants' one waits for a person to pair it."""
    livia, consultants = Inbox.objects.bulk_create(
        [
            Inbox(name="Lívia", role=InboxRole.LIVIA),
            Inbox(name="Consultores", role=InboxRole.CONSULTANTS, livia_enabled=False),
        ]
    )
    Session.objects.bulk_create(
        [
            Session(inbox=livia, gateway=Gateway.SIMULATOR, wanted=settings.SIMULATOR_ENABLED),
            Session(inbox=consultants, gateway=Gateway.SIMULATOR),
        ]
    )
    return {"livia": livia, "consultants": consultants}
