"""Organizations, and the set-up links of each."""
