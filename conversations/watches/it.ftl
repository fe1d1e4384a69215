command-attese = I POD che aspettano un contatore raggiungibile

watches-menu = 🔔 POD in attesa
watches-button-begin = 🔔 Avvisami
watches-button-begin_again = 🔔 Avvisami ancora
watches-button-end = 🚫 Non avvisarmi più
watches-button-look_up = 🔎 Cerca adesso
watches-button-go_on = 🔎 Prosegui con questo POD

watches-card =
    🔔 <b>POD in attesa</b>
    <code>{ $pod }</code>

    Ti scrivo appena il contatore risponde. Controllo io, sempre più di rado, fino al { $ends }. Il prossimo controllo è il { $due }.
    Ogni controllo conta tra le tue ricerche.
watches-checked = Ultimo controllo: { $at }.
watches-ended = ✅ Non controllo più il POD <code>{ $pod }</code>.
watches-list = 🔔 <b>POD in attesa</b>: ti scrivo quando il contatore risponde. Quale vuoi vedere?
watches-none = Nessun POD in attesa. Quando un contatore non risponde alla telegestione, premi <b>Avvisami</b> sotto la ricerca.
watches-gone = Questo POD non è più in attesa.
watches-too_many = ⚠️ Hai già { $most } POD in attesa, il massimo. Togline uno per aggiungerne un altro.

watches-told_reachable =
    🔔 Il contatore del POD <code>{ $pod }</code> ora risponde: puoi associare un MOME o uno Smart Info.
watches-told_other =
    🔔 Per il POD <code>{ $pod }</code>, che era in attesa, la ricerca ora dice:

    { $outcome }
watches-told_over =
    🔔 Per { $days } giorni ho controllato il POD <code>{ $pod }</code>: il contatore non è mai risultato raggiungibile. Ora smetto.
