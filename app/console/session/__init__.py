"""Who is signed in, for every route of the console."""
