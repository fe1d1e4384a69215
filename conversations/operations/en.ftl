operations-dead_letter = ⚠️ A request failed three times and was set aside as <code>{ $reference }</code>. Others of the past hour are in <code>a486 inbox list</code>.
