"""The language of the console's pages: an operator's own choice, else the browser's."""
