command-portatili = I tuoi portatili per la programmazione
bridges-menu = 🔌 I miei portatili
bridges-list = { $number ->
    [one] <b>Il tuo portatile</b> per programmare i dispositivi:
   *[other] <b>I tuoi { $number } portatili</b> per programmare i dispositivi:
 }
bridges-none =
    <b>Nessun portatile abbinato.</b>
    Collegando un portatile al dispositivo lo programmi da qui, e ne rileggi la configurazione.
bridges-listed_connected = 🟢 { $host }
bridges-listed_away = ⚪ { $host }
bridges-card =
    🔌 <b>{ $host }</b>
    { $platform } · a486-bridge { $program }
bridges-key = Chiave <code>{ $fingerprint }</code>
bridges-state_connected = 🟢 Collegato adesso
bridges-state_seen = ⚪ Visto l’ultima volta il { $at }
bridges-state_never = ⚪ Non si è ancora collegato
bridges-button-pair = ➕ Abbina un portatile
bridges-button-pair_again = 🔄 Nuovo codice
bridges-button-copy = 📋 Copia il comando
bridges-button-revoke = 🗑 Revoca
bridges-button-revoke_now = 🗑 Sì, revoca
bridges-button-keep = ↩️ No, tienilo
bridges-button-yes = ✅ Sì, è il mio
bridges-button-no = 🚫 No, non è il mio
bridges-pair =
    <b>Abbina un portatile</b>
    Sul portatile apri il terminale e scrivi:

    <code>a486-bridge pair { $gateway } { $code }</code>

    Il codice vale 10 minuti e si usa una volta sola. Poi ti chiedo qui se il portatile è il tuo.
bridges-no_gateway = L’abbinamento dei portatili non è attivo in questo servizio: chiedi all’assistenza.
bridges-asked =
    🔌 <b>Un portatile chiede di essere abbinato</b>
    Nome: { $host }
    Sistema: { $platform }
    Chiave: <code>{ $fingerprint }</code>

    È il tuo? Confronta la chiave con quella sul suo schermo.
bridges-paired = ✅ <b>{ $host }</b> è abbinato. Sul portatile scrivi <code>a486-bridge run</code> e lascialo aperto.
bridges-declined = 🚫 <b>{ $host }</b> non è stato abbinato. Se non eri tu, qualcuno ha visto il tuo codice: ora non vale più.
bridges-ask_revocation = Revoco <b>{ $host }</b>? Il collegamento cade subito e il portatile non riceve più lavori.
bridges-revoked = 🗑 <b>{ $host }</b> è revocato.
bridges-gone = Questo portatile non è più abbinato.
bridges-over = Il tempo per confermare è scaduto: chiedi un nuovo codice.
