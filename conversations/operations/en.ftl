operations-dead_letters = { $number ->
    [one] ⚠️ A request failed three times and was given up as <code>{ $reference }</code>. Try it again with <code>a486 inbox retry</code>.
   *[other] ⚠️ { $number } requests failed and were given up, the latest as <code>{ $reference }</code>. List them with <code>a486 inbox failed</code>.
 }
operations-look_ups_of_person =
    ⚠️ <b>Look-up limit reached</b>
    { $person }, { $integrator }
    { $limit }.

    Their look-ups: <code>a486 audit search --person</code>
operations-look_ups_of_integrator =
    ⚠️ <b>Look-up limit reached</b>
    { $integrator }
    { $limit }.

    The look-ups: <code>a486 audit search</code>
