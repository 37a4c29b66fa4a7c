"""Common first names of Brazil, folded; they let "sou marcos" be read as a name without a capital."""

from agent.brain.text import words

FIRST_NAMES = words(
    """
    abel abigail adalberto adao adelia ademar ademir adilson adriana adriano adriele agatha agnaldo agostinho
    aguinaldo ailton alan alana alberto alcides aldo alessandra alessandro alex alexandra alexandre alexsandro
    alfredo alice aline alisson allan almir aloisio altair aluisio alvaro alzira amanda amaro amelia ana
    anderson andre andrea andreia andressa angela angelica angelo anita anna anselmo antonia antonio aparecida
    aparecido ariane ariel arlete arlindo armando arnaldo arthur artur augusto aurea aurora ayrton barbara
    beatriz benedita benedito benicio benjamin berenice bernardo bete beto bianca brenda breno bruna bruno caio
    camila camille carina carla carlos carmem carmen carol carolina caroline cassia cassiano cassio catarina
    catia cauan caua cecilia celia celina celio celma celso cesar charles cibele cicera cicero cida cintia clara
    clarice clarissa claudemir claudete claudia claudinei claudio claudionor clayton cleber cleide cleiton
    cleonice cleusa cleuza conceicao cristian cristiana cristiane cristiano cristina cynthia daiana daiane daisy
    dalva damiao daniel daniela daniele danielle danilo dario davi david debora deborah deise deivid demetrio
    denis denise deyse diana diego dilma dimas diogo dionisio dirce dirceu divino djalma domingos donizete dora
    douglas dulce eder edgar edilene edileusa edilson edimar edinaldo edison edite edith edivaldo edmar edmilson
    edna edson eduarda eduardo elaine elcio eleonora elen eliana eliane elias elida eliel eliete elineide elis
    elisa elisabete elisabeth elisangela elizabeth elizabete eloa eloisa elson elton elvis elza emanuel emanuela
    emerson emilia emilio emilly enzo erasmo eric erica erick erik erika ernani ernesto esdras estela ester
    esther euclides eugenia eugenio eunice eva evandro evaristo evelyn everaldo everton ezequiel fabiana fabiane
    fabiano fabio fabricia fabricio fatima felicia felipe fernanda fernando filipe flavia flavio florinda
    francielle francisca francisco franciele frederico gabriel gabriela gabriele gabrielly genilson george
    geovana geovanna geraldo gerson gilberto gildo gilmar gilson gilvan giovana giovanna giovanni gisela gisele
    giselle gislaine givaldo glaucia glauco gleice gloria graca graciela grazi graziela graziele guilherme
    gustavo hamilton haroldo heitor helder helena helenice helio heloisa henrique herbert hercules hilda hugo
    humberto iago ian iara icaro ieda igor ilda ines ingrid iolanda iracema irene iris isa isaac isabel isabela
    isabella isabelle isadora isaias isis ismael israel itamar ivan ivana ivanilda ivani ivete ivo ivone izabel
    izabela jacira jackson jacqueline jair jairo jamile janaina jandira jane janete janice jaqueline jean
    jeferson jefferson jessica jesus joana joao joaquim joaquina joel joelma joice jonas jonatas jonathan jorge
    jose josefa josefina josiane josias josimar josue joyce juarez juca julia juliana juliane juliano julio
    junior juraci jurandir jussara karen karina karine karla katia kauan kaua kelly kelvin ketlyn kevin laercio
    laila lais lara larissa laura lauro lazaro lea leandra leandro leda leila lena leo leonardo leonel leonor
    leticia levi lia lidia ligia lilia lilian liliana liliane lina lindalva lindomar lorena lourdes lourenco
    lourival luan luana lucas lucelia lucia luciana luciane luciano lucilene lucimar lucinda lucineia lucio luis
    luisa luiz luiza luzia magali magda maiara maicon maisa manoel manuel manuela mara marcel marcela marcelo
    marcia marcio marco marcos margarete margarida maria mariana mariane marilda marilene marilia marilza marina
    marinalva mario marisa maristela mariza marlene marli marlon marly marta martins mateus matheus matilde
    maura mauricio mauro max maxwell mayara maycon mayra melissa micaela michel michele michelle miguel milena
    milton miriam moacir moises monica monique murilo nadia nadir nair natalia natanael natasha nathalia nayara
    neide neiva nelson neusa neuza newton ney nicolas nicole nicolau nilda nilo nilson nilton nilza nivaldo
    noemi norma octavio odair odete olavo olga olivia orlando oscar osmar osvaldo oswaldo otavio pablo pamela
    paola patricia patrick paula paulo pedro penha pietra pietro priscila priscilla quiteria rafael rafaela
    raimunda raimundo raissa ramon raphael raquel raul rayane rebeca regiane regina reginaldo regis reinaldo
    renan renata renato renilda ricardo rita roberta roberto robson rodolfo rodrigo roger rogerio romario romeu
    romulo ronaldo ronan rosa rosalia rosana rosangela rosane rose roseli rosemeire rosemary rosimeire rosilda
    rosilene rosinha rubens rui ruth ryan sabrina salete salvador samanta samara samir samuel sandra sandro sara
    sarah saulo sebastiana sebastiao selma sergio severina severino sheila sidnei sidney silas silmara silvana
    silvia silvio simao simone sirlei sirlene socorro sofia solange sonia sophia soraia stefany stella stephanie
    sueli suelen suellen suely susana suzana suzane tais tales talita tamara tamires tania tarcisio tatiana
    tatiane telma tereza teresa terezinha teresinha thaina thais thales thalita thamires thays theo thiago tiago
    tomas tulio ubirajara uelinton vagner valdeci valdecir valdemar valdete valdir valdirene valdomiro valentim
    valentina valeria valerio valmir valquiria valter vanda vanderlei vanderleia vanessa vania vera veronica
    vicente victor victoria vilma vilson vinicius virginia vitor vitoria vivian viviana viviane wagner waldir
    wallace walter wanda wanderley washington wellington wender wesley weslley wilian william wilma wilson yago
    yara yasmin yuri zelia zenaide zilda zuleica zulmira
    """
)

# Surnames that follow "de" and are also places.
SURNAMES = words(
    """
    de fatima lourdes jesus deus souza sousa castro oliveira campos almeida andrade freitas barros paula moraes
    morais melo mello azevedo assis abreu aguiar araujo lima carvalho matos mattos mendonca miranda paiva
    queiroz sa santana siqueira toledo vasconcelos medeiros farias brito aquino alencar macedo godoy franca
    nazare cassia holanda sales
    """
)
