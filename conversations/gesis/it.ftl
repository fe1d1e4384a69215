gesis-button-begin = 🧾 Valori al primario (K)
gesis-button-more = 🧾 Altri valori
gesis-button-change = ✏️ Cambia K

gesis-factor-ask =
    Contatore GESIS, POD <code>{ $pod }</code>.
    Qual è il <b>fattore K</b>? Scrivi il numero che leggi sul display, oppure il rapporto del trasformatore di corrente: per esempio <code>50</code> o <code>250/5</code>.
gesis-factor-now = Adesso K è <b>{ $factor }</b>.

gesis-readings-remembered =
    K = <b>{ $factor }</b>, ricordato con l’associazione.
    POD <code>{ $pod }</code>
gesis-readings-used =
    K = <b>{ $factor }</b>: lo uso per questo calcolo. Per ricordarlo, prima associa il POD a un dispositivo.
    POD <code>{ $pod }</code>
gesis-readings-ask = Scrivi le <b>letture</b> con l’unità di misura, una per riga. Per esempio <code>1234,5 kWh</code> oppure <code>F1: 820,4 kWh</code>.
gesis-readings-button-read = 📡 Leggi dal dispositivo

gesis-refused = { $said }
gesis-fault-unreadable = ⚠️ Non è un numero che so leggere. Scrivi per esempio <code>50</code> o <code>250/5</code>.
gesis-fault-line = ⚠️ Non leggo un numero in <code>{ $part }</code>. Le cifre decimali vanno dopo la virgola.
gesis-fault-ambiguous = ⚠️ <code>{ $part }</code> si può leggere in due modi. Scrivi le migliaia senza punto e i decimali dopo la virgola.
gesis-fault-too_long = ⚠️ <code>{ $part }</code> ha troppe cifre per un contatore. Ricontrollalo.
gesis-fault-too_small = ⚠️ K non può essere minore di 1. Il primo numero del rapporto è la corrente del primario: per esempio <code>250/5</code>.
gesis-fault-too_large = ⚠️ K è troppo grande: in bassa tensione non supera 5000. Ricontrollalo.
gesis-fault-secondary = ⚠️ Il secondo numero del rapporto è la corrente del secondario: di solito 5, altrimenti 1 o 2. Ricontrollalo sulla targa.
gesis-fault-unit = ⚠️ In <code>{ $part }</code> manca l’unità, o non è una di quelle che K moltiplica: Wh, kWh, MWh, W, kW, MW, var, kvar, varh, kvarh, VA, kVA, A.
gesis-fault-milli = ⚠️ In <code>{ $part }</code> la <b>m</b> minuscola vuol dire millesimi. Se intendi i milioni, scrivi <b>M</b> maiuscola: per esempio <code>MWh</code>.
gesis-fault-negative = ⚠️ In <code>{ $part }</code> c’è un segno meno. Scrivi la lettura senza segno, come la mostra il contatore.
gesis-fault-too_many = ⚠️ Sono troppe letture insieme: mandane al massimo 12, una per riga.

gesis-title = 🧾 <b>Valori al primario</b>
gesis-of =
    POD <code>{ $pod }</code>
    K = { $factor }
gesis-value = { $secondary } → <b>{ $primary }</b>
gesis-value_named = { $name }: { $secondary } → <b>{ $primary }</b>
