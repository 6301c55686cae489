"""The audit log: who, what, when, before and after; and the same as a file."""
