language-ask = In quale lingua preferisci che ti scriva?
language-chosen = Da ora ti scrivo in italiano.

command-lingua = Italiano o inglese
