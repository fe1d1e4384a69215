gesis-button-begin = 🧾 Values at the primary (K)
gesis-button-more = 🧾 More values
gesis-button-change = ✏️ Change K

gesis-factor-ask =
    GESIS meter, POD <code>{ $pod }</code>.
    What is <b>factor K</b>? Write the number on the display, or the current transformer’s ratio: for example <code>50</code> or <code>250/5</code>.
gesis-factor-now = K is <b>{ $factor }</b> now.

gesis-readings-remembered =
    K = <b>{ $factor }</b>, remembered with the association.
    POD <code>{ $pod }</code>
gesis-readings-used =
    K = <b>{ $factor }</b>: used for this calculation. To have it remembered, associate the POD with a device first.
    POD <code>{ $pod }</code>
gesis-readings-ask = Write the <b>readings</b> with their unit, one a line. For example <code>1234,5 kWh</code> or <code>F1: 820,4 kWh</code>.
gesis-readings-button-read = 📡 Read from the device

gesis-refused = { $said }
gesis-fault-unreadable = ⚠️ That is no number I can read. Write for example <code>50</code> or <code>250/5</code>.
gesis-fault-line = ⚠️ I read no number in <code>{ $part }</code>. Decimals come after a comma.
gesis-fault-ambiguous = ⚠️ <code>{ $part }</code> can be read in two ways. Write thousands without a point, and decimals after a comma.
gesis-fault-too_long = ⚠️ <code>{ $part }</code> has too many digits for a meter. Check it again.
gesis-fault-too_small = ⚠️ K cannot be less than 1. The first number of the ratio is the primary current: for example <code>250/5</code>.
gesis-fault-too_large = ⚠️ K is too large: in low voltage it is 5000 at most. Check it again.
gesis-fault-secondary = ⚠️ The second number of the ratio is the secondary current: usually 5, otherwise 1 or 2. Check it on the plate.
gesis-fault-unit = ⚠️ In <code>{ $part }</code> the unit is missing, or is none that K multiplies: Wh, kWh, MWh, W, kW, MW, var, kvar, varh, kvarh, VA, kVA, A.
gesis-fault-milli = ⚠️ In <code>{ $part }</code> the small <b>m</b> means thousandths. If you mean millions, write a capital <b>M</b>: <code>MWh</code>, for example.
gesis-fault-negative = ⚠️ There is a minus sign in <code>{ $part }</code>. Write the reading without a sign, as the meter shows it.
gesis-fault-too_many = ⚠️ Those are too many readings at once: send 12 at most, one a line.

gesis-title = 🧾 <b>Values at the primary</b>
gesis-of =
    POD <code>{ $pod }</code>
    K = { $factor }
gesis-value = { $secondary } → <b>{ $primary }</b>
gesis-value_named = { $name }: { $secondary } → <b>{ $primary }</b>
