"""Keys of the management API."""
