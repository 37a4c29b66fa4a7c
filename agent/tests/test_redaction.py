import pytest

from agent.brain.redaction import personal_data, redact, restore


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("meu cpf é 529.982.247-25", "meu cpf é [CPF]"),
        ("cpf 52998224725 ok", "cpf [CPF] ok"),
        ("CPF: 529 982 247 25", "CPF: [CPF]"),
        ("cpf 529982247-25", "cpf [CPF]"),
        ("meu whats é (11) 98765-4321", "meu whats é [TELEFONE]"),
        ("liga no 11987654321", "liga no [TELEFONE]"),
        ("+55 11 98765-4321", "[TELEFONE]"),
        ("98765-4321 é meu número", "[TELEFONE] é meu número"),
        ("maria.silva@exemplo.com.br", "[EMAIL]"),
        ("email maria arroba exemplo.com", "email [EMAIL]"),
        ("cnpj 11.222.333/0001-81", "cnpj [CNPJ]"),
        ("cartão 4111 1111 1111 1111", "cartão [CARTAO]"),
        ("meu nome é Maria da Silva Souza", "meu nome é Maria da [SOBRENOME] [SOBRENOME_2]"),
        ("aqui é a Maria Oliveira", "aqui é a Maria [SOBRENOME]"),
        ("maria da silva aqui", "maria da [SOBRENOME] aqui"),
        ("minha esposa joana pereira lima quer", "minha esposa joana [SOBRENOME] [SOBRENOME_2] quer"),
        ("falei com o CARLOS ALBERTO NUNES", "falei com o CARLOS [SOBRENOME] [SOBRENOME_2]"),
        ("minha esposa Ana Pereira também", "minha esposa Ana [SOBRENOME] também"),
        ("fulano arroba gmail ponto com", "[EMAIL]"),
        ("é maria.souza (arroba) gmail ponto com ponto br", "é [EMAIL]"),
        ("meu rg é 12.345.678-9", "meu [RG]"),
        ("12.345.678-9", "[RG]"),
        ("nasci em 12/03/1980", "[NASCIMENTO]"),
        ("12/03/1980", "[NASCIMENTO]"),
        ("cep 01310-100, rua Augusta 1500 apto 42", "[CEP], [ENDERECO]"),
        ("moro na Rua das Flores, 123, casa 2, em Poá", "moro na [ENDERECO], em Poá"),
        ("conta 12345-6 ag 0001", "[CONTA] [CONTA_2]"),
        ("minha senha é abc123", "minha [SENHA]"),
        ("cartão 3782 822463 10005", "cartão [CARTAO]"),
    ],
)
def test_personal_data_becomes_placeholders_that_can_be_turned_back(text, shown):
    done = redact(text)
    assert done.text == shown
    assert restore(done.text, done.placeholders) == text


@pytest.mark.parametrize(
    "text",
    [
        "preciso de 90 mil, a casa vale 800.000",
        "quero pagar em 180 meses",
        "R$ 1.234.567,89",
        "ganho 12.500,00 por mês",
        "sou a Maria, de Campinas",
        "moro na costa, perto da rocha",
        "a Maria quer reformar a casa",
        "a casa tem 120 m2 e é de 2015",
        "às 14h30 do dia 20/11/2026",
        "o consórcio de 100000 em 80x",
    ],
)
def test_what_is_no_personal_data_stays(text):
    assert redact(text).text == text


def test_known_surnames_are_hidden_however_they_are_written():
    done = redact("falar com a SOUZA, souza mesmo", names=["Maria Souza"])
    assert "ouza" not in done.text.lower().replace("[sobrenome", "")
    assert done.text == "falar com a [SOBRENOME], [SOBRENOME] mesmo"


def test_equal_values_keep_their_placeholder_over_several_texts():
    first = redact("529.982.247-25")
    second = redact("de novo 529.982.247-25 e agora 111.444.777-35", known=first.placeholders)
    assert second.text == "de novo [CPF] e agora [CPF_2]"


def test_personal_data_is_found_for_the_guard():
    assert personal_data("CPF 529.982.247-25, fone (11) 98765-4321, a@b.com.br") == [
        "a@b.com.br", "529.982.247-25", "(11) 98765-4321",
    ]  # fmt: skip
    assert personal_data("São 180x de R$ 4.192,06, total R$ 754.570,10") == []
