"""Words that tell how formally somebody writes, and words that say nothing about what they want."""

from agent.brain.text import words

FORMAL = words("""
    senhor senhora senhores senhoras sr sra srs ilmo prezado prezada prezados prezadas gostaria poderia poderiam
    cordialmente atenciosamente solicito solicitar solicitei informo informar-me agradeco agradecido agradecida grato
    grata mediante referente conforme esclarecer esclarecimento esclarecimentos encaminho encaminhar aguardo disponho
    disposicao obtencao aquisicao adquirir efetuar referido supracitado ademais outrossim todavia contudo porventura
    cumprimentos estimados respeitosamente possivel verificar
    """)
FORMAL_PHRASES = (
    r"por gentileza|venho por meio|desde ja|a quem possa|tenho interesse em|fico no aguardo|no aguardo|"
    r"coloco-me|me coloco|por obsequio|muito obrigad[oa] pel[oa]|os? senhor(?:es|as)?\b|a senhora"
)
# As written, not spelled out: that is what makes them informal.
INFORMAL = words("""
    vc vcs ceis cê ce tbm tb pq q oq mto mta mt blz vlw flw fmz tmj obg hj dps agr cmg ctg msm td tds kd ngm gnt pfv pf
    mano véi vei brother bro parça parca mlk bora bora show top massa opa eae eai fala oie oii tô to né ne tá ta aham
    uhum ahan aff eita oxe uai po pow caraca caramba nossa grana zap zapzap pra pro num numa dum cadê cade sqn sdds
    bj bjs vdd mds pqp krl fds n naum eh neh tah poxa ixi xiii hahaha valeu falou beleza tranks treta trampo trampar
    role kra demorou partiu cara amg miga mina galera ai
    """)
INFORMAL_PHRASES = r"\b(?:e ai|de boa|ta ligado|tipo assim|meu chapa|meu rei|da hora|mo legal|na moral)\b"
# Written by nearly everybody: each tells little.
FAINT = words("pra pro to tô ta tá ne né cadê cade valeu nossa opa cara ai numa num beleza falou grana top show")
AMBIGUOUS = words("possivel verificar conforme aguardo contudo todavia")

STOP = words("""
    a o as os um uma uns umas e ou mas se que de do da dos das em no na nos nas por pelo pela pelos pelas para com sem
    sobre ate entre ao aos eu tu ele ela nos eles elas voce voces me te lhe meu minha meus minhas seu sua seus suas
    dele dela deles delas nosso nossa isso isto esse essa este esta esses essas estes estas aquele aquela aquilo aqui
    ai la ali nao sim ja ainda so tambem muito muita muitos pouco mais menos bem mal tao tanto tudo todo toda todos
    todas nada algo algum alguma alguem ninguem cada outro outra outros qual quais quem quando quanto quanta quantos
    como onde porque por que pois entao assim agora hoje ontem amanha depois antes sempre nunca talvez logo ser sou e
    era foi sao seja fosse ter tem tenho tinha tive temos estar estou esta estao estava ir vou vai vamos ia fui fazer
    faz faco fiz feito poder posso pode podem podia poderia querer quero quer queria gostaria preciso precisa
    precisava precisar dar da deu dou ver vejo viu saber sei sabe dizer diz disse falar falo fala oi ola opa bom boa
    dia tarde noite obrigado obrigada valeu beleza ok certo claro por favor tchau ate kkk kkkk haha rs ha uns mim si
    comigo contigo conosco mesmo mesma sendo tendo mil milhao milhoes reais real meio meia ano anos mes meses vezes
    aproximadamente cerca mais menos acho achei seria pra pro vc q ne eh mandar manda mando passar passa pegar coisa
    coisas tipo vcs senhor senhora verdade gente deixa deixar ficar fica ficou fico chamo chama chamar nome
    livia falando
    """)

# Common surnames: a word of a name is no keyword, even written small.
SURNAMES = words("""
    silva santos oliveira souza sousa rodrigues ferreira alves pereira lima gomes costa ribeiro martins carvalho almeida
    lopes soares fernandes vieira barbosa rocha dias nascimento andrade moreira nunes marques machado mendes freitas
    cardoso ramos goncalves santana teixeira araujo pinto correia correa moraes morais melo mello castro campos cunha
    duarte batista barros moura cavalcante cavalcanti monteiro medeiros miranda farias borges pires brito azevedo viana
    xavier coelho reis tavares fonseca bezerra macedo guimaraes magalhaes neves pinheiro amaral siqueira assis peixoto
    rezende resende sampaio aguiar novaes toledo prado queiroz antunes paiva bastos chaves vasconcelos figueiredo
    braga brandao cordeiro diniz esteves franca franco furtado galvao leite leal lacerda maciel maia matos mattos
    menezes mesquita mota motta nogueira pacheco passos pimentel porto sales salles santiago serra torres trindade
    valente vargas ventura vidal vilela zanetti
    """)
