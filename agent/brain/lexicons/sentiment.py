"""How good or bad words sound, from -3 to 3. A word ending in * stands for all that begin so; the longest wins."""

from agent.brain.text import words

_BY_WEIGHT: dict[float, str] = {
    0: """
        atenciosamente alegrete lindoia lindolfo bravio
        """,
    3: """
        maravilh* excelent* sensaciona* incrive* amei adorei fantastic* espetacula* apaixonad* impecave*
        """,
    2.5: """
        otim* parabens perfeit* adoro amo gostei amamos adoramos abencoad*
        """,
    2: """
        bom boa bons boas gostando gostamos feliz felizes felicidade alegr* content* satisfeit* lind*
        animad* empolgad* elogi* agradec* gratidao grato grata atencios* prestativ* simpati* gentil gentis
        eficient* maravilha encantad* caprich* competente* satisfac* salvou salvaram
        """,
    1.5: """
        legal bacana show top agradavel recomend* confio educad* ajudou ajudaram ajudando vantajos* sucesso
        fofa fofo fofos anjo anjos surpreendid* brigadao brigadinh* aliviad* alivio melhorou melhoraram
        massa maneir* arrasou arrasaram
        """,
    1: """
        valeu gosto obrigad* vlw* consegui conseguimos aprovaram aprovad* confianca confiave* esperanca
        justo justa sonho querid* abraco* beijo* clareza transparen* interessante oportunidade vibr*
        comemor* uhul* eba oba aleluia amem gostoso certinho
        """,
    -0.6: """
        insist* cade aff af affs affe devagar
        """,
    -1: """
        problema* preocup* receio perdi perdemos perdendo doente* doenca errad* erro erros apertou apertad*
        insegur* puxad* infelizmente negado negada
        """,
    -1.2: """
        confus* caro caros dificil dificeis dificuldade* complicad* medo lent* impossive* fraco fraca fracos
        salgad* demora demorad* demorando demoram demoraram
        """,
    -1.5: """
        sumiu burocra* sumiram inviave* lerd* chato chata chatos reclam* cansad* desist* preocupad*
        desconfi* aflit* negaram recus* reprov* demitid* falencia falid* lament* incomod* spam droga credo
        nervos* porra infeliz infelizes mau maus carissim* duvidos* procon
        """,
    -2: """
        arrepend* desorganiz* desconsider* deprim* exploracao facada malandr* tortura caos ruim ruins pior
        piores triste* tristeza chatead* aborrec* angusti* sufoc* desesper* sofr* choran* chorei prejuizo*
        mentira* mentir* engana* enganou enganand* enrola* enrolou brav* cansei desanim* desagrad*
        desconten* perturb* faleceu morreu luto calote* bagunca roub* golpe golpes fraude* inferno
        estressad* estresse desgast* desleix* irresponsave* abandona* ignorad* ignorando ignoram humilha*
        """,
    -2.5: """
        assalto pesadelo negligen* terrive* ridicul* absurd* vergonh* abusiv* extors* irrit* revolt*
        decepcion* decepc* frustr* insatisf* gross* sacanagem desgrac* burr* trouxa* safad* arrogan*
        estupid* pqp deplorave* lamentave* lastimave* raiva
        """,
    -3: """
        pessim* horrive* horror odi* odei* palhac* horroros* canalha* cretin* pilantra* caloteir* descaso
        lixo merda* nojo nojent* indignad* indigna* desrespeit* incompeten* idiota* otari* imbeci* vagabund*
        ladra* ladro* golpista* mentiros* insuportave* inadmissive* inaceitave* picareta* estelionat*
        caralho bosta fdp vtnc vsf
        """,
}

WEIGHTS = {word: weight for weight, listed in _BY_WEIGHT.items() for word in listed.split() if word[-1] != "*"}
PREFIXES = {word[:-1]: weight for weight, listed in _BY_WEIGHT.items() for word in listed.split() if word[-1] == "*"}

# What several words mean together, a pattern a line; 0 takes them out of the reading.
PHRASES: dict[float, str] = {
    2.5: r"""
        (?:deus|ele) (?:te|lhe|os|vos|voces?|ti) abencoe
        deus abencoe(?: voces?)?
        nota (?:dez|10+|mil)
        melhor impossivel
        melhor(?:es)? (?:atendimento|empresa|experiencia|consultor\w*|equipe|servico|coisa)
        de parabens
        """,
    2: r"""
        (?:vou|irei|pode\w*|super) (?:indic|recomend)\w+
        (?:muito |bem )?melhor (?:do )?que (?:eu )?(?:imagin|esper|pens)\w+
        nao (?:tenho|temos) (?:nada |do |de |o )*(?:que|para) reclamar
        nada a reclamar
        sem reclamac\w+
        (?:bem|super) (?:atendid|tratad|recebid|orientad|explicad)\w*
        me ajud(?:ou|aram) (?:muito|bastante|demais)
        """,
    1.5: r"""
        nao vejo a hora
        (?:nao tenho|fiquei sem|faltam|sem) palavras(?: para agradecer)?
        em conta(?= *(?:[,.!]|$|para))
        de coracao
        superou (?:as |minhas |todas )*expectativas?
        acima d[oa]s? (?:esperado|expectativas?)
        gracas a deus
        ainda bem
        (?:vale|valeu|valer) (?:muito |super )?a pena
        que alivio
        (?:foi|foram|atendimento|resposta|(?:es)?tao|super) (?:muito |super |bem )?(?:rapid|agil)\w*
        tirou (?:todas )?(?:as )?minhas duvidas
        """,
    1.2: r"""
        (?:deu|dar|da|dando|dado) (?:tudo |muito |super |bem )?certo
        nada mal
        cabe no (?:meu )?bolso
        bem barat\w+
        """,
    1: r"""
        sem (?:enrolacao|burocracia|complicacao|demora|dor de cabeca|enrolar)
        """,
    0.8: r"""
        nao (?:e|esta|foi|achei|ficou) (?:nada )?(?:mau|ruim)
        (?:juros?|taxas?) (?:bem |mais )?baix[oa]s?
        """,
    0: r"""
        (?:bom|boa) (?:di+a+|tarde+|noite+|fim|final|feriado|semana|sorte|senso|vista|esperanca|jesus|despacho)
        (?:belo horizonte|(?:porto|campo|monte|pouso) (?:alegre|seguro|feliz|belo)|feliz natal|feliz ano)
        tudo (?:bem|bom|certo|joia|tranquilo|otimo)(?= *[?,]|$)
        ^(?:bom|certo|legal|entao)(?=,)
        (?:numa|na|de) boa
        por gentileza
        pois bem
        obrigad[oa]s? a (?!voce|tod|equipe)
        (?:representante|reserva|amazonia|situacao|parte) legal
        (?:nome|cpf) (?:sujo|limpo)
        salvo engano
        mau tempo
        (?:n[ao] )?pior (?:cenario|hipotese|caso|das hipoteses)
        (?:casa|apartamento|imovel|carro|moto|terreno|bairro|regiao|renda) (?:e |esta |fica )?(?:muito |bem )?bo[am]
        em (?:muito )?(?:bom|otimo|perfeito|excelente) estado
        (?:coloquei|falei|digitei|escrevi|mandei|botei|passei|anotei) errado
        (?:esta|fica|ficaria|seria|acho|pode) (?:ate )?(?:bom|boa|otim[oa])(?= (?:para|sim|de)|[.,]|$)
        pre[ -]?aprovad\w+
        resolv\w+ (?:todos )?(?:o|os|meu|meus|nosso|nossos)(?: meus?)? problemas?
        (?:sou|fui|somos|sao|era) obrigad[oa]s?
        por engano
        (?:me|foi|fiz) (?:engan(?:ei|o)|errad[oa])
        nao so
        nunca (?:vi|tive|recebi|fui|encontrei)(?: [a-z]+){0,3}(?= (?:es)?(?:tao|mais|igual))
        mato grosso(?: do sul)?
        grosso modo
        meu deus(?: do ceu)?
        de nada
        nao (?:poderi?a|podia) (?:ser|estar|ter sido)(?: mais)?
        sem (?:problemas?|erro|pressa)
        nao tem problema
        (?:um|o|algum|qualquer) problema
        problemas? (?:com o nome|no nome|nenhum)
        desculp\w+
        score (?:bom|ruim)
        credito (?:bom|facil|justo)
        (?:mais|bem) (?:facil|tranquilo) (?:para|de)
        com (?:bom|boa) \w+ de credito
        (?:pensar|ver|falar|conversar|explicar|saber|entender) melhor
        melhor (?:assim|horario|hora|dia)
        (?:desejo|quero) (?:um|uma) (?:bom|boa)
        bom pagador
        boa pagadora
        (?:um|uma) (?:bom|boa) (?:valor|entrada)
        """,
    -1.4: r"""
        dor(?:es)? de cabeca
        pelo amor de deus
        ate quando (?:vou|vamos|tenho|terei|isso)[^.!?]{0,30}
        (?:segunda|terceira|quarta|quinta|decima|milesima) vez que
        (?:e )?(?:ainda )?nada ate (?:agora|hoje|o momento)
        e (?:ainda )?nada(?= *(?:[.!?]|$|de (?:resposta|retorno|voces)))
        de maos atadas
        (?:por )?culpa (?:de voces|sua|da empresa|do banco)
        (?:doi|pesa|pesou) no (?:meu )?bolso
        nao (?:estou )?entend\w+ (?:mais )?nada
        deus me livre
        nem (?:a pau|pensar|morto)
        estou fora
        que pena
        uma pena
        pena que
        ma noticia
        (?:dia|tempo|horas|semanas?|dias) (?:todo |inteir[oa] )?(?:esperando|aguardando)
        (?:esperando|aguardando) (?:ha|faz|desde|um tempao|horas)
        """,
    -1.5: r"""
        nao (?:resolv|respond|funcion|retorn)\w+(?: nada)?
        sem (?:resposta|retorno|nocao|condicoes|saida|solucao)
        """,
    -1.6: r"""
        (?:juros?|taxas?|parcelas?|prestac\w+|valor|entrada)(?: \w{1,6}){0,4} (?:alt|pesad|salgad)[oa]s?
        """,
    -1.7: r"""
        (?:muito|mais|(?:es)?tao|bem|ficou|achei|esta|fica|super|bastante) car[oa]s?(?: demais)?
        os olhos da cara
        fora d[aeo] (?:minha |meu |nossa )?(?:realidade|orcamento|cogitacao)
        (?:alt|car|pesad|salgad)[oa]s? demais
        """,
    -1.8: r"""
        (?:para|parem|pare) de me \w+
        me deix\w+ em paz
        nao me (?:perturb\w+|encha\w*)
        """,
    -2: r"""
        (?:ate|desde) (?:agora|hoje|ontem|semana passada),? (?:e )?nada
        (?:esper\w+|prometeram|mandei)[^.!?]{0,40} e nada
        perd(?:i|eu|emos) (?:o |meu )?(?:emprego|trabalho)
        passando (?:necessidade|dificuldade|aperto|fome)\w*
        """,
    -2.2: r"""
        ninguem (?:me |nos |la |ai |de voces )*(?:respond|retorn|atend|lig|resolv|ajud|explic|fal|da )\w*
        saco cheio
        que saco
        sem paciencia
        (?:perd\w+|acab\w+|esgot\w+) (?:a |minha )?paciencia
        (?:minha )?paciencia (?:acabou|esgotou|tem limite)
        nao aguento mais
        chega de(?! aluguel| divida| pagar)
        deix\w+ (?:muito )?a desejar
        nao (?:da|posso|consigo|tem como) (?:para |mais )?confiar
        nao (?:acredito|confio) (?:mais )?(?:em|n[ao])(?: voces?)?
        nao (?:tem|tiveram|cumpr\w+) (?:a |com a |com o )?(?:palavra|prometido|combinado|prazo)
        nunca (?:respond|retorn|resolv|lig|atend)\w+
        (?:e |so pode ser |isso e |estao de |esta de |estao me )brinca(?:deira|ndo)
        nao (?:recomendo|indico)(?: a ninguem)?
        nunca mais
        propaganda enganosa
        """,
    -2.5: r"""
        (?:mal|pessimamente) (?:atendid|tratad|educad|explicad)\w*
        maltratad\w*
        deu (?:tudo )?errado
        mal feito
        falta de (?:respeito|educacao|vergonha|consideracao|retorno|atencao|profissionalismo|compromisso)
        perda de tempo
        perd(?:i|endo|er|eu|emos) (?:o |meu |nosso )?tempo
        (?:fazer|feit[oa]) de (?:bobo|besta|palhaco)
        """,
    -2.8: r"""
        va(?:i|o) (?:se|te) (?:ferrar|foder|danar|lascar)
        vai tomar
        vou (?:no|ao) procon
        vou (?:processar|denunciar)
        """,
}

NEGATIONS = words("nao nunca nem jamais nada nenhum nenhuma sem tampouco")
# "tão" and "estão" are written alike once abbreviations are spelled out.
INTENSIFIERS = {
    **dict.fromkeys(
        ("muito", "muita", "super", "mega", "bem", "tao", "estao", "extremamente", "bastante", "totalmente"), 1.3
    ),
    **dict.fromkeys(("completamente", "realmente", "verdadeiramente", "tanto", "tanta", "simplesmente"), 1.3),
    **dict.fromkeys(("pouco", "meio", "quase", "razoavelmente"), 0.5),
}
AFTERWARDS = words("demais mesmo dms bagarai")  # strengthen the word before them
TURNS = words("mas porem entretanto contudo todavia")  # what follows weighs more than what went before
WISHES = words("""
    quero queria queremos preciso precisava precisamos procuro procurando busco buscando gostaria desejo espero se caso
    quando pretendo qual quais quanto como onde for tiver
    """)
# "Não quero, obrigado" thanks all the same.
THANKS = words(
    "obrigado obrigada obrigados obrigadas obrigadao brigado brigada brigadao grato grata agradeco agradecemos"
)
# What nobody says as a wish: it is felt now.
FELT = words(
    "obrigado obrigada obrigados amei adorei gostei parabens gratidao grato grata agradeco agradecer agradecemos"
)

_EMOJIS: dict[float, str] = {
    2.5: "❤ 😍 🥰 🤩 🎉 🥳 💖 💕 😻 🏆 💚 💙 🧡 💛 💜",
    1.5: "😀 😃 😄 😁 😊 🙂 ☺ 😎 🤗 👏 🙌 👍 🙏 💪 ✨ 😘 🤝 🌹 🌷 😇 🫶 🔥",
    0.8: "😂 🤣 😅 😆 😉 😋 🤭 👌 😜",
    -1: "😐 😑 🤔 😬 🙄 😒 🤨 😕 😟 🥺 😥 🤦 🫤",
    -2: "😢 😭 😞 😔 😩 😫 😤 👎 😠 😖 😣 💔 😰 😓",
    -2.8: "😡 🤬 💩 🖕 🤮 🤢",
}
EMOJIS = {emoji: weight for weight, listed in _EMOJIS.items() for emoji in listed.split()}
SMILEYS = {":)": 1.2, ":-)": 1.2, ":D": 1.5, ";)": 0.8, "<3": 2.0, "=)": 1.2, ":(": -1.5, ":-(": -1.5, "=(": -1.5}
