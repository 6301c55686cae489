"""The operators themselves: who there is, inviting, shutting out, another second factor."""
