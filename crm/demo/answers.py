"""Ready answers to begin with: the team's, and one of Ana's own."""

from conversations.models import CannedReply
from crm.accounts.models import User

_TEAM = {
    "ola": "{saudacao}, {primeiro_nome}! Aqui é {consultor}, da {empresa}. Tudo bem?",
    "documentos": "Para seguir com a análise preciso de:\n• RG ou CNH\n• comprovante de residência recente\n"
    "• três últimos comprovantes de renda\nPode mandar por aqui mesmo, foto legível serve.",
    "proposta": "{primeiro_nome}, sua proposta de {produto}: {valor} em {prazo}. Quer que eu explique as parcelas?",
    "matricula": "Preciso da matrícula atualizada do imóvel (até 30 dias). Você consegue no cartório de registro "
    "ou pelo site registradores.onr.org.br.",
    "prazo-analise": "A análise leva de 2 a 5 dias úteis depois dos documentos completos. Te aviso a cada passo.",
    "ligacao": "{primeiro_nome}, posso te ligar rapidinho? Qual o melhor horário hoje?",
    "seguranca": "Nunca pedimos depósito adiantado nem senha. Qualquer dúvida, confirme comigo antes de pagar algo.",
    "obrigado": "Obrigado pela confiança, {primeiro_nome}! Qualquer coisa, é só chamar.",
}
_ANA = {"retorno": "Oi, {primeiro_nome}! Passando para saber se conseguiu ver a proposta. Ficou alguma dúvida?"}


def answers_make(ana: User) -> None:
    rows = [CannedReply(shortcut=name, text=text) for name, text in _TEAM.items()]
    rows += [CannedReply(shortcut=name, text=text, owner=ana) for name, text in _ANA.items()]
    CannedReply.objects.bulk_create(rows)
