"""What a connection is made of, changed by the adapter's own fields."""
