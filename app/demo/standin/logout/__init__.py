"""How sessions of the tenant end."""
