declaration-accept-ask =
    <b>Dichiarazione da parte del System Integrator</b>
    Prima di proseguire, per conto di <b>{ $integrator }</b> dichiari che:

    • il cliente finale ti ha incaricato di intervenire sulla sua fornitura;
    • usi i dati della fornitura, compreso il POD, solo per configurare il servizio A486;
    • sai che ricerche e associazioni vengono registrate e possono essere controllate.

    La dichiarazione vale per questo accesso.
declaration-accept-button-yes = ✅ Accetto
declaration-accepted = ✅ Dichiarazione accettata, valida fino al { $until }.
