"""Common first names of Brazil, folded; they let "sou marcos" be read as a name without a capital."""

from agent.brain.text import words

FIRST_NAMES = words(
    """
    abel abigail adalberto adao adelia ademar ademir adilson adriana adriano adriele agatha agnaldo agnes agostinho
    aguinaldo ailton alan alana alberto alcides aldair aldo alessandra alessandro alex alexandra alexandre
    alexsandro alfredo alice alicia aline alisson allan almir aloisio altair aluisio alvaro alzira amanda amaro
    amauri amelia ana ananias anderson andre andrea andreia andressa angela angelica angelo anisio anita anna
    anselmo antonella antonia antonio aparecida aparecido ariane ariel arlene arlete arlindo armando arnaldo arthur
    artur augusto aurea aurora ayrton barbara beatriz bel benedita benedito benicio benjamin bento berenice bernardo
    berta bete beto bia bianca brenda breno bruna bruno caio caleb camila camille carina carla carlos carmelita
    carmem carmen carol carolina caroline cassia cassiano cassio catarina catia caua cauan caue cecilia celeste
    celia celina celio celma celso cesar charles chico cibele cicera cicero cida cintia clara clarice clarissa
    claudemir claudete claudia claudinei claudio claudionor clayton cleber cleide cleiton cleonice cleonildo cleusa
    cleuza clodoaldo conceicao corina cris crisana cristian cristiana cristiane cristiano cristina cynthia dagmar
    daiana daiane daisy dalva damares damiao dani daniel daniela daniele danielle danilo darcy dario davi david
    debora deborah deise deivid dejair delfina demetrio denis denise deyse diana diego dilma dimas dinalva diogo
    dionisio dirce dirceu divino djalma domingos donizete dora dorival douglas duda dudu dulce eder edgar edgard
    edilene edileusa edilson edimar edimilson edinaldo edineia edison edite edith edivaldo edmar edmara edmilson
    edna edson edu eduarda eduardo edvaldo elaine elcio elcione elen eleonora eliana eliane elias elida eliel eliete
    eliezer elineide elis elisa elisabete elisabeth elisandra elisangela elizabete elizabeth elizangela eloa eloisa
    elson elton elvira elvis elza emanoel emanuel emanuela emerson emilia emilio emilly enoque enzo epitacio erasmo
    eric erica erick erik erika erivaldo ernani ernestina ernesto esdras estela ester esther euclides eudes eugenia
    eugenio eunice eva evandro evaristo evelyn everaldo everton ezequiel fabi fabiana fabiane fabiano fabio fabricia
    fabricio fatima fausto felicia felipe fernanda fernando filipe firmino flavia flavio florinda franciele
    francielle francinete francisca francisco frederico gabi gabriel gabriela gabriele gabrielly gael geni genilson
    genival genivaldo george geovana geovanna geraldo germano gerson gilberto gildo gilmar gilson gilvan giovana
    giovanna giovanni gisela gisele giselle gislaine gislene givaldo glaucia glauco gleice gloria graca graciela
    grazi graziela graziele gu gui guilherme guiomar gustavo hamilton haroldo heitor helder helena helenice helio
    heloisa heloise henrique herbert hercules hermes hilario hilda honorio hugo humberto iago ian iara icaro idalina
    ieda igor ilda inacio ines ingrid iolanda iracema irene iris isa isaac isabel isabela isabella isabelle isadora
    isaias isidoro isis ismael israel italo itamar ivan ivana ivani ivanilda ivete ivo ivone izabel izabela izaura
    jaci jacira jackson jacqueline jair jairo jamile janaina jandir jandira jane janete janice janine jaqueline jean
    jeferson jefferson jessica jesus jhonatan jhony joana joanita joao joaquim joaquina jocelia joel joelma johnny
    joice jonas jonatas jonathan jonny jorge jose josefa josefina joselia josiane josias josilene josimar josue
    joyce jozias ju juarez juca jucara jucelia juju julia juliana juliane juliano julio junior juraci jurandir
    juscelino jussara karen karina karine karla katia kaua kauan kelly kelvin ketlyn kevin kiko laercio laila lais
    lara larissa laura lauro lazaro lea leandra leandro leda leila lele lena leo leonardo leonel leonice leonor
    leopoldo leticia levi lia lidia ligia lili lilia lilian liliana liliane lina lindalva lindinalva lindomar liz
    lorena lorenzo lourdes lourenco lourival lu luan luana lucas lucelia lucia luciana luciane luciano lucilene
    lucilia lucimar lucimara lucinda lucineia lucio luis luisa luiz luiza luizinho luna luzia luzinete mafalda
    magali magda maiara maicon maisa maite maninho manoel manolo manu manuel manuela mara marcel marcela marcelo
    marcia marciano marcilio marcio marco marcos margarete margarida mari maria mariana mariane marilda marilene
    marilia marilza marina marinalva marineide marinete marinho mario marisa maristela mariza marlene marli marlon
    marlucia marly marquinhos marta martins mateus matheus matilde maura mauricio mauro max maxwell mayara maycon
    maykon mayra meire melissa micaela michael michel michele michelle miguel milena milton mirella miriam mirian
    moacir moacyr moises monica monique murilo nadia nadir nair nanda nando natalia natanael natasha nathalia nathan
    nati nayara nazareno nedson neide neiva nelci nelma nelson nestor neusa neuza newton ney nicanor nico nicolas
    nicolau nicole nilda nildete nilo nilson nilton nilza nina nivaldo nivia noah noel noemi nonato norberto norma
    octavio odair odete odilon ofelia olavo olga olivia oneide orestes orlando oscar osias osmar osni osvaldo
    oswaldo otavia otavio otto pablo pamela paola patricia patrick paty paula paulo pedro penha perla pietra pietro
    plinio porfirio priscila priscilla quirino quiteria rafa rafael rafaela raimunda raimundo raissa ramiro ramon
    ranieri raphael raquel raul ravi rayane rebeca regiane regina reginaldo regis reinaldo reinan rejane renan
    renata renato renilda ricardo rick rita rivaldo roberta roberto robson rodolfo rodrigo roger rogerio romario
    romeu romulo ronaldo ronan rosa rosalia rosalina rosana rosane rosangela rose roseli rosemary rosemeire
    rosenilda rosilda rosileide rosilene rosimar rosimeire rosinha ruan ruana rubens rubia rui ruth ryan sabino
    sabrina salatiel salete salomao salvador samanta samara samir samuel sandra sandro sara sarah saulo sebastiana
    sebastiao selma serafim sergio severina severino severo sheila sidnei sidney silas silmara silvana silvestre
    silvia silvino silvio simao simone sirlei sirlene socorro sofia solange sonia sophia soraia stefany stela stella
    stephanie suelen sueli suellen suely susana suzana suzane suzi tadeu taina tainara tais tales talita tamara
    tamires tania tarcila tarcisio tati tatiana tatiane taynara teca telma telmo teresa teresinha tereza terezinha
    thaina thais thales thalita thamires thays theo thiago tiago tiao tobias tomas tomaz ton tonho toni tonico tulio
    ubirajara uederson uelinton uilson ulisses urbano vagner valdeci valdecir valdelice valdemar valdete valdineia
    valdir valdirene valdomiro valentim valentina valeria valerio valmir valmor valquiria valter vanda vanderlei
    vanderleia vanessa vania vanusa vera veronica vicente victor victoria vilma vilmar vilson vinicius virginia
    vitor vitoria vitorio vivi vivian viviana viviane wagna wagner walace waldemar waldir wallace walter wanda
    wanderley wanderson wanessa washington welington wellington wendel wendell wender wesclei wesley weslley
    weverton wilian wilker william wilma wilson yago yara yasmim yasmin yuri zacarias ze zeca zelia zenaide zeneide
    zilda zita zoraide zuleica zuleide zulmira
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
