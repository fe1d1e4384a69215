operations-dead_letters = { $number ->
    [one] ⚠️ A request failed three times and was given up as <code>{ $reference }</code>. Try it again with <code>a486 inbox retry</code>.
   *[other] ⚠️ { $number } requests failed and were given up, the latest as <code>{ $reference }</code>. List them with <code>a486 inbox failed</code>.
 }
