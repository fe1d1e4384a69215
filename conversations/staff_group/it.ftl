command-gruppo = Gruppo dell’assistenza
staff_group-looking = Guardo che gruppo è…
staff_group-none =
    <b>Gruppo dell’assistenza</b>
    Non c’è ancora: il personale riceve le richieste in privato.

    Per averne uno: crea un gruppo con gli argomenti, aggiungi questo bot come amministratore che può gestire gli argomenti, e scrivi lì /gruppo.
staff_group-some =
    <b>Gruppo dell’assistenza</b>
    È attivo dal { $at }: ogni richiesta ha lì il suo argomento.
staff_group-this = Questo è il gruppo dell’assistenza: ogni richiesta ha qui il suo argomento.
staff_group-no_topics = ⚠️ Questo gruppo non ha gli argomenti. Attivali nelle impostazioni del gruppo, poi scrivi di nuovo /gruppo.
staff_group-no_rights = ⚠️ Qui non posso gestire gli argomenti. Rendimi amministratore con questo permesso, poi scrivi di nuovo /gruppo.
staff_group-not_known = ⚠️ Telegram non mi dice che gruppo è. Riprova tra poco.
staff_group-ask = { $members ->
    [one] <b>Le richieste di assistenza arrivano in questo gruppo?</b>
        Ogni richiesta avrà un argomento. Le legge chi è nel gruppo.
   *[other] <b>Le richieste di assistenza arrivano in questo gruppo?</b>
        Ogni richiesta avrà un argomento. Le leggono tutti i membri del gruppo ({ $members }, bot compreso); può rispondere solo chi ha un ruolo nell’assistenza.
 }
staff_group-chosen = ✅ Le richieste di assistenza arrivano qui, ognuna nel suo argomento.
staff_group-left = Non c’è più un gruppo dell’assistenza: le richieste arrivano in privato.
staff_group-lost = ⚠️ Nel gruppo dell’assistenza non riesco più a scrivere. Le richieste arrivano di nuovo qui, in privato.
staff_group-late = { $minutes ->
    [one] ⏳ Arriva con un minuto di ritardo: Telegram limita i messaggi in un gruppo.
   *[other] ⏳ Arriva con { $minutes } minuti di ritardo: Telegram limita i messaggi in un gruppo.
 }
staff_group-button-use = ✅ Usa questo gruppo
staff_group-button-leave = Non usare più il gruppo
staff_group-leave_ask =
    <b>Smetto di usare il gruppo?</b>
    Le richieste aperte continuano in privato. Gli argomenti restano, ma non servono più.
staff_group-button-leave_now = ✅ Sì, smetti
staff_group-button-keep = ↩️ No
