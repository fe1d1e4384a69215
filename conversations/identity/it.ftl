companies-menu = 🏢 Cambia azienda
companies-ask = Ora lavori per <b>{ $integrator }</b>. Per quale azienda vuoi lavorare?
companies-chosen = ✅ Da ora lavori per <b>{ $integrator }</b>.
