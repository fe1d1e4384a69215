device-detail =
    <b>{ $device }</b> della tua azienda
    SID <code>{ $sid }</code>
    NID <code>{ $nid }</code>
device-free = Non è associato a nessuna fornitura.
device-to_associate = Cerca il POD a cui vuoi associarlo.
device-at = È associato al POD <code>{ $pod }</code>.
device-which = { $more ->
    [0] Ci sono { $number } codici: di quale dispositivo?
   *[other] Ci sono { $number } codici, questi sono i primi { $shown }: di quale dispositivo?
 }
device-unknown = Questo codice non corrisponde a nessun dispositivo della tua azienda. Controlla il SID (17 caratteri) o il NID (12) sull’etichetta. Se è la matricola di un contatore, cerca invece il POD.
