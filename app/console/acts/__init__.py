"""Acts that end something: each has a page that names exactly what ends, and a confirmation."""
