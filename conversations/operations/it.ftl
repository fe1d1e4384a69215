operations-dead_letters = { $number ->
    [one] ⚠️ Una richiesta non è riuscita dopo tre tentativi ed è stata sospesa, con il riferimento <code>{ $reference }</code>. Si riprende con <code>a486 inbox retry</code>.
   *[other] ⚠️ { $number } richieste non sono riuscite e sono state sospese; l’ultima ha il riferimento <code>{ $reference }</code>. L’elenco: <code>a486 inbox failed</code>.
 }
