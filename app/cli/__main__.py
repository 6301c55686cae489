"""`python -m app.cli`: the `portico` command where its script is not on the path."""

from app.cli.main import main

main(prog_name="portico")
