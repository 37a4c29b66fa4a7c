"""What takes the sting out of a statement: a reserve, a refusal, a question. Over normalised text."""

NUMBER = (
    r"(?:\d+|um|uma|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|quinze|vinte|trinta|pouc[oa]s?|"
    r"algu(?:ns|mas)|menos de [a-z\d]+)"
)
HEDGE = (
    r"\b(?:depend\w+|sujeit\w+|nao (?:posso|consigo|podemos|temos como|tenho como|da para|ha como|existe|e possivel|"
    r"garant\w+|prometo|prometemos|significa|quer dizer|sei|cabe|tem (?:aprovacao )?garant\w+|tem data)|"
    r"nem (?:prometo|garant)|ninguem (?:pode|consegue|garante|deve)|nunca (?:promet|garant)\w*|"
    r"nenhum\w* (?:\w+ ){0,3}(?:garant\w+|promet\w+)|varia\w*|(?:quem )?(?:decide|avalia|confirma|explica|informa|"
    r"diz|ve)\b|golpes?|fraude|desconfie|cuidado)"
)
STILL = r"\?\W*$"
