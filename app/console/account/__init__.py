"""One's own account: sessions and password."""
