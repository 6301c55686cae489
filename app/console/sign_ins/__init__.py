"""Sign-ins: searched, and each with every step."""
