companies-menu = 🏢 Change company
companies-ask = You now act for <b>{ $integrator }</b>. Which company do you want to act for?
companies-chosen = ✅ From now on you act for <b>{ $integrator }</b>.
