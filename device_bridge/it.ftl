port-none = Nessuna porta seriale: collega il dispositivo con il cavo USB.
port-which = Ci sono più porte seriali. Scrivi quale usare.
port-missing = { $port }: la porta non c’è. Controlla il cavo USB, poi ripeti «a486-bridge ports».
port-busy = { $port }: un altro programma usa la porta. Chiudilo e riprova.
port-permission = { $port }: non hai il permesso di usare la porta. Su Linux aggiungi il tuo utente al gruppo «dialout» (sudo usermod -aG dialout $USER), poi esci e rientra.
port-failed = { $port }: la porta non si apre. Scollega il cavo, ricollegalo e riprova.

device-lost = Il dispositivo non è più collegato: controlla cavo e alimentazione, poi riprova.
device-silent = Il dispositivo non risponde. Controlla che sia alimentato e che la porta sia la sua, poi riprova.
device-strange = La risposta del dispositivo non si capisce. Riprova; se succede ancora, fai un registro e mandalo all’assistenza.

nack-MESSAGE = Il dispositivo non ha capito il messaggio. Riprova.
nack-ATTRIBUTE = Il dispositivo non conosce questa richiesta: il suo firmware può essere troppo vecchio.
nack-PARAMETER = Il dispositivo non conosce questo parametro: il suo firmware può essere troppo vecchio.
nack-NOT_ENROLLED = Il dispositivo ha perso il collegamento con il computer. Riprova.
nack-NO_DATUM = Il dato non è ancora disponibile: il dispositivo non l’ha letto dal contatore. Attendi qualche minuto e riprova.
nack-NO_LOG = Il dispositivo non ha ancora un registro dei consumi.
nack-NO_BUFFER = Il dispositivo è occupato. Attendi qualche secondo e riprova.
nack-LIMIT = Il dispositivo ha già trasmesso quanto può: attendi qualche minuto e riprova.
nack-NOT_COMMISSIONED = Il dispositivo non è configurato: nessun file SCP è stato caricato. Caricalo e riprova.
nack-AUTHENTICATION = Le chiavi del dispositivo non vanno bene per questo contatore: sono sbagliate o vecchie. Chiedi un nuovo file SCP e caricalo.
nack-NO_TARGET = La configurazione del dispositivo non comprende questo contatore: in una configurazione Standard non c’è quello di produzione.
nack-unknown = Il dispositivo ha rifiutato la richiesta (codice { $code }).

identify-info = NID { $nid } · firmware { $firmware }
identify-blank = Non configurato: nessun file SCP è stato caricato.
identify-pod = POD { $pod } · { $model }
model-0 = Standard
model-1 = Solo produzione
model-2 = Prosumer
model-unknown = configurazione sconosciuta ({ $model })
link-primary = Contatore di scambio
link-production = Contatore di produzione
link-ok = raggiunto
read-imported = Energia prelevata
read-exported = Energia immessa
read-produced = Energia prodotta
read-today = Oggi
read-power = Potenza istantanea
read-contractual = Potenza contrattuale
read-available = Potenza disponibile
read-tariff = Tariffa
read-clock = Orologio del contatore
read-missing = non disponibile
read-log = Leggo il registro
read-written = { $samples } campioni scritti in { $file }
read-diagnostics = Diagnostica
read-no_diagnostics = nessuna segnalazione
simulate-ready = Dispositivo simulato su { $port } (NID { $nid }). Per chiuderlo: Ctrl+C.
simulate-unavailable = Su questo sistema non si può simulare un dispositivo: usa Linux o macOS.

device-wrong = È collegato un altro dispositivo (NID { $connected }); il lavoro è per il NID { $expected }. Non ho scritto nulla: collega quello giusto e riprova.
device-absent = Nessun dispositivo collegato è quello del lavoro (NID { $expected }). Non ho scritto nulla: collega quello giusto e riprova.
envelope-device = Il file SCP è di un altro dispositivo. Non ho scritto nulla: chiedi all’assistenza.
envelope-pods = Il file SCP è di un’altra fornitura. Non ho scritto nulla: chiedi all’assistenza.
envelope-sequence = Il file SCP è più vecchio di quello già caricato. Non ho scritto nulla: collega il portatile alla rete, avvia «a486-bridge run» e riprova.
envelope-expired = Il file SCP è scaduto, o l’orologio del portatile è sbagliato. Controlla data e ora; se sono giuste, collega il portatile alla rete per ricevere un file nuovo.
envelope-changed = Il file SCP non è autentico. Non ho scritto nulla: collega il portatile alla rete, avvia «a486-bridge run» e riprova.
read-pod = Il dispositivo riporta un altro POD. Riprova; se si ripete, chiedi all’assistenza.
read-model = Il dispositivo riporta un’altra configurazione. Riprova; se si ripete, chiedi all’assistenza.
read-configuration = Il dispositivo non risulta configurato: il file non è stato caricato. Riprova.
content-other = Il dispositivo ha in memoria un contenuto diverso da quello inviato. Riprova.
load-failed = Il dispositivo non ha preso il file. Riprova; se si ripete, manda «a486-bridge logs --bundle» all’assistenza.
report-simulated = Il dispositivo è simulato: questo servizio non lo accetta. Collega un dispositivo vero.
report-refused = Il rapporto non corrisponde al lavoro. Riprova; se si ripete, chiedi all’assistenza.
interrupted = Il lavoro è stato interrotto. Il dispositivo può aver ricevuto il file solo in parte: riprova.
busy = Il portatile sta già lavorando con questo dispositivo. Attendi che finisca.
gone = Questo lavoro non è più su questo portatile. «a486-bridge jobs» mostra quelli che ci sono.
failed = Il programma ha avuto un problema. Riprova; se si ripete, manda «a486-bridge logs --bundle» all’assistenza.

away-code = Il codice non è giusto, o è già stato usato. Controllalo nella chat e riscrivilo, oppure chiedine uno nuovo con /portatili.
away-expired = Il codice è scaduto: vale dieci minuti. Chiedine uno nuovo nella chat con /portatili.
away-tries = Troppi tentativi con questo codice: non vale più. Chiedine uno nuovo nella chat con /portatili.
away-unknown = Il servizio non conosce questo portatile. Chiedi un codice nella chat con /portatili e abbinalo di nuovo.
away-revoked = L’abbinamento di questo portatile è stato revocato. Se lo usi ancora, chiedi un codice nella chat con /portatili e abbinalo di nuovo.
away-not_permitted = Il tuo profilo non può programmare dispositivi, o non può più. Chiedi a chi gestisce la tua impresa.
away-declined = L’abbinamento non è stato confermato nella chat. Chiedi un codice nuovo con /portatili e conferma entro dieci minuti.
away-busy = Il servizio riceve troppe richieste di abbinamento. Attendi un minuto e riprova.
away-version = Il servizio usa un’altra versione del protocollo: aggiorna a486-bridge e riprova.
server-other = Il codice e il servizio non corrispondono. Ricontrolla l’indirizzo e il codice, carattere per carattere; se sono giusti, avvisa l’assistenza e non andare avanti.
server-unencrypted = L’indirizzo non è cifrato. Usa quello che mostra la chat, che comincia con «wss://».
nolink-certificate = Il certificato del servizio non è valido. Controlla data e ora del portatile; in una rete aziendale chiedi a chi la gestisce.
nolink-name = L’indirizzo del servizio non si trova. Controlla la connessione a internet.
nolink-silent = Il servizio non risponde in tempo. Controlla la connessione a internet e riprova.
nolink-stranger = A questo indirizzo risponde qualcos’altro. Controlla che la rete non chieda un accesso dal browser, poi riprova.
nolink-lost = La connessione con il servizio è caduta: controlla la rete.
nolink-unreachable = Il servizio non è raggiungibile. Controlla la connessione a internet e riprova.
home-not_paired = Questo portatile non è abbinato. Chiedi un codice nella chat con /portatili, poi scrivi «a486-bridge pair» come mostra la chat.
home-at_work = Un altro a486-bridge è al lavoro su questo portatile. Chiudilo, oppure usa la chat.
home-unusable = La cartella o un suo file non si può usare: { $folder } ({ $error }). Controlla i permessi e lo spazio su disco.
loader-unknown = Il modo di caricare «{ $name }» non è installato. Ci sono: { $names }.

pair-address = «{ $gateway }» non è un indirizzo. Copia quello che mostra la chat.
pair-malformed = Il codice non è completo o ha un carattere sbagliato: sono sette gruppi di quattro caratteri. Copialo dalla chat.
pair-already = Questo portatile è già abbinato a { $person } ({ $gateway }). Per abbinarlo di nuovo aggiungi --again.
pair-untold = { $number ->
    [one] C’è un risultato che il servizio non conosce ancora.
   *[other] Ci sono { $number } risultati che il servizio non conosce ancora.
 } Avvia prima «a486-bridge run» in rete. Se l’abbinamento non vale più e vuoi rinunciarvi, aggiungi --anyway.
pair-waiting =
    Portatile: { $host }
    Chiave: { $fingerprint }
    Apri la chat, confronta la chiave e conferma che il portatile è il tuo. Attendo…
pair-done = Abbinato a { $person }. Ora scrivi «a486-bridge run» e lascialo aperto.
pair-given_up = Abbinamento annullato: questo portatile non è cambiato.

event-connecting = Mi collego al servizio…
event-online = Collegato come { $person }.
event-offline = Non collegato, riprovo da solo. { $why }
event-clock_differs = L’orologio del portatile e quello del servizio differiscono di { $minutes ->
    [one] un minuto
   *[other] { $minutes } minuti
 }: regola data e ora del portatile.
event-jobs = { $number ->
    [0] Nessun lavoro su questo portatile.
    [one] Un lavoro su questo portatile.
   *[other] { $number } lavori su questo portatile.
 }
event-begun = Lavoro n. { $job }: comincio.
event-step = Lavoro n. { $job }: { $step }
event-by_hand = Il file da caricare è { $file }. Caricalo con il programma del dispositivo, poi dillo nella chat.
event-enter = Il file da caricare è { $file }. Caricalo con il programma del dispositivo, chiudilo, poi premi Invio qui.
event-done_confirmed = Lavoro n. { $job }: programmato e riletto.
event-done_unread = Lavoro n. { $job }: programmato. Il contatore non si legge ancora, o non del tutto.
event-ended = Lavoro n. { $job }: non riuscito. { $why }
event-told = Il servizio ha ricevuto il risultato.
step-identify = riconosco il dispositivo
step-check = controllo il file
step-load = carico il file
step-hand_over = attendo che il file sia caricato
step-read_back = rileggo il dispositivo
run-ended = Chiuso. I lavori e i risultati restano su questo portatile.

jobs-none = Nessun lavoro su questo portatile. In rete, «a486-bridge run» riceve quelli assegnati a te.
jobs-place = Luogo
jobs-note = Nota
jobs-state = Stato
jobs-lease = Tuo fino al
jobs-file = File
jobs-state_waiting = da fare
jobs-state_running = in corso
jobs-state_done = fatto
jobs-state_failed = non riuscito
jobs-untold = il servizio non lo sa ancora
jobs-lease_over = { $until } (passato)
jobs-file_ready = pronto
jobs-file_expired = scaduto
jobs-file_changed = non valido

program-none = Nessun lavoro da fare su questo portatile. In rete, «a486-bridge run» riceve quelli assegnati a te.
program-which = Ci sono più lavori da fare: scrivi il numero, per esempio «a486-bridge program 12».
program-one_of = { $job } · { $pod } · { $place }
program-unknown = Il lavoro n. { $job } non è su questo portatile. «a486-bridge jobs» mostra quelli che ci sono.
program-done = Il lavoro n. { $job } è già fatto. Per programmare di nuovo il dispositivo aggiungi --again: conterà come un altro tentativo.
program-again = Il lavoro è già fatto: questo conta come un altro tentativo, il n. { $attempt }.
program-lease_over = Il lavoro era tuo fino al { $until }: adesso può averlo un altro portatile. Collega il portatile alla rete e avvia «a486-bridge run». Per farlo comunque aggiungi --anyway.
program-anyway = Il lavoro può essere già di un altro portatile: lo faccio comunque, come hai chiesto. Il servizio può non accettare il risultato.
program-unread = Il dispositivo ha il file, ma non dice ancora il suo POD: attendi qualche minuto e ripeti «a486-bridge identify».
program-simulated = Il dispositivo è simulato.
program-later = Il risultato resta su questo portatile: il servizio lo riceve con il prossimo «a486-bridge run» in rete.

status-not_paired = Questo portatile non è abbinato. Chiedi un codice nella chat con /portatili. Cartella: { $folder }
status-paired = Abbinato a { $person } · { $gateway }
status-key = Chiave { $fingerprint }
status-reached = Il servizio risponde.
status-at_work = Un altro a486-bridge è al lavoro adesso.
status-jobs = Lavori da fare { $open }, in corso { $running }, fatti { $done }
status-untold = { $number ->
    [0] Il servizio conosce tutti i risultati.
    [one] Un risultato aspetta la rete.
   *[other] { $number } risultati aspettano la rete.
 }
status-loader = Modo di caricare: { $loader }
status-folder = Cartella: { $folder }

logs-none = Il registro è vuoto.
logs-written = Scritto { $file }: mandalo all’assistenza. Non contiene POD, nomi, chiavi né file SCP.

doctor-ok = OK
doctor-not = NO
doctor-skipped = –
doctor-unknown = Non si può controllare.
doctor-name_folder = Cartella
doctor-name_alone = Un solo a486-bridge
doctor-name_loader = Modo di caricare
doctor-name_gateway = Servizio
doctor-name_paired = Abbinamento
doctor-name_clock = Orologio
doctor-name_port = Porta seriale
doctor-name_permission = Permesso
doctor-name_free = Porta libera
doctor-name_device = Dispositivo
doctor-at_work = «a486-bridge run» è al lavoro.
doctor-alone = Nessun altro è al lavoro.
doctor-paired = Il servizio riconosce questo portatile.
doctor-clock = Come quello del servizio.
doctor-permission = La porta si può usare.
doctor-free = Nessun altro programma la usa.
