"""Common surnames of Brazil, to be hidden where they follow a first name. Our own list, in folded form."""

from agent.brain.text import words

SURNAMES = words(
    """
    abreu aguiar albuquerque alencar almeida alves amaral amorim andrade antunes aquino aragao arantes araujo
    arruda assis assuncao azevedo bandeira barbosa barreto barros bastos batista bento bernardes bezerra
    bittencourt borba borges braga braganca brandao brito bueno cabral caldas camara camargo campos candido
    cardoso carneiro carvalho castilho castro cavalcante cavalcanti cerqueira chagas chaves coelho conceicao
    cordeiro correa correia costa coutinho couto cruz cunha damasceno dantas dias diniz domingues duarte dutra
    esteves evangelista falcao faria farias fernandes ferraz ferreira fialho figueira figueiredo filho fogaca
    fonseca fontes fontoura fraga franca franco freire freitas furtado galvao garcia gimenes godoy gois gomes
    goncalves gouveia guedes guerra guerreiro guimaraes gusmao henriques holanda jardim jesus junior junqueira
    lacerda leal leao leite leme lemos lima linhares lins lira lobato lobo lopes loureiro lourenco lucena luz
    macedo machado maciel magalhaes maia malta marinho marques martins mascarenhas matos mattos medeiros meireles
    mello melo mendes mendonca meneses menezes mesquita miranda monteiro moraes morais moreira mota motta moura
    muniz nascimento navarro negrao neto neves nobrega nogueira novaes novais nunes oliveira ortiz pacheco padilha
    paiva paixao palhares parente passos peixoto penha pereira peres pessoa pimenta pimentel pinheiro pinto pires
    pontes portela porto prado prates queiroz quintana rabelo ramalho ramos rangel rego reis resende rezende
    ribeiro rios rocha rodrigues rosario sa sales salgado salles sampaio sanches santana santiago santos saraiva
    sardinha seabra sena senna serra severino silva silveira simoes siqueira soares sobrinho sousa souza tavares
    teixeira teles telles toledo torres trindade uchoa valadares valente vargas vasconcelos vasques vaz veiga
    veloso ventura viana vianna vidal vieira vilela xavier zanetti
    """
)
