language-ask = Which language shall I write in?
language-chosen = From now on I’ll write in English.

command-lingua = Italian or English
