scp-button-get = 📄 File SCP
scp-moment = ⏳ Preparo il file SCP…
scp-caption =
    📄 <b>File SCP</b> da caricare sul dispositivo
    Associazione n. { NUMBER($number, useGrouping: 0) } · { $configuration }
    POD <code>{ $pod }</code>
    SID <code>{ $sid }</code>
    Valido fino al { $until }. Contiene dati riservati: usalo solo per questo dispositivo.
scp-failed = ⚠️ Non sono riuscito a preparare il file SCP. L’associazione è valida: riprova tra poco.
scp-gone = L’associazione è stata eliminata: il file SCP non serve più.
