operations-dead_letters = { $number ->
    [one] ⚠️ Una richiesta non è riuscita dopo tre tentativi ed è stata sospesa, con il riferimento <code>{ $reference }</code>. Si riprende con <code>a486 inbox retry</code>.
   *[other] ⚠️ { $number } richieste non sono riuscite e sono state sospese; l’ultima ha il riferimento <code>{ $reference }</code>. L’elenco: <code>a486 inbox failed</code>.
 }
operations-look_ups_of_person =
    ⚠️ <b>Limite di ricerche raggiunto</b>
    { $person }, { $integrator }
    { $limit }.

    Le sue ricerche: <code>a486 audit search --person</code>
operations-look_ups_of_integrator =
    ⚠️ <b>Limite di ricerche raggiunto</b>
    { $integrator }
    { $limit }.

    Le ricerche: <code>a486 audit search</code>
