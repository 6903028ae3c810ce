"""`python -m extproc` is the `extproc` command."""

from extproc.cli.main import app

app()
