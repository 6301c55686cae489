"""The tree of commands. Only what is called is imported, so that `portico --help` answers at once."""

from __future__ import annotations

from importlib import import_module

import click

#: Name: (where it is, what it does). One line each, also without importing it.
COMMANDS = {
    "serve": ("app.cli.serve:serve", "Serve the gateway"),
    "worker": ("app.cli.worker:worker", "Run background work in a process of its own"),
    "doctor": ("app.cli.doctor:doctor", "Check this installation, and say how to fix what is wrong"),
    "db": ("app.cli.schema:db", "The database's tables"),
    "operator": ("app.cli.operator:operator", "Who may use the console"),
    "auth0": ("app.cli.auth0:auth0", "The trust with Auth0: one connection, however many customers"),
    "keys": ("app.cli.keys:keys", "Signing keys of the OpenID Provider"),
    "audit": ("app.cli.audit:audit", "Verify and export the audit log"),
    "plugins": ("app.cli.plugins:plugins", "Adapter plug-ins"),
}

#: Groups made of the operations of the API.
NOUNS = {
    "client": "Clients of the OpenID Provider, such as an Auth0 tenant",
    "organization": "Customers",
    "contact": "Whom to write to at customers",
    "domain": "Domains of customers",
    "setup-link": "Links for customers' administrators",
    "connection": "Connections to customers' identity providers",
    "profile-attribute": "Further attributes of every profile",
    "branding": "What one organization's people see in the place of your own brand",
    "role-choices": "Roles that an organization's own administrators may give",
    "role-rule": "Roles of an organization's people, by their groups",
    "metadata": "What a provider's metadata says",
    "adapter": "What can be connected",
    "sign-in": "Traces of sign-ins",
    "auth0-import": "Connections of an Auth0 tenant that were imported",
    "auth0-move": "How far organizations have moved from their connections in an Auth0 tenant",
    "notice": "What needs attention",
    "audit-event": "What happened",
    "api-key": "Keys of the management API",
}


class Tree(click.Group):
    """Finds a command by name and imports it then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*COMMANDS, *NOUNS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module, name = COMMANDS[cmd_name][0].split(":")
            found = getattr(import_module(module), name)
            assert isinstance(found, click.Command)
            return found
        if cmd_name in NOUNS:
            from app.cli.operations import make_group

            return make_group(cmd_name, NOUNS[cmd_name])
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Run it"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])
        with formatter.section("Use it"):
            formatter.write_dl(list(NOUNS.items()))


@click.group(cls=Tree, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """Portico: the enterprise identity layer in front of Auth0.

    Settings come from the environment (PORTICO_...). Every command takes --json.

    \b
    Example:
      portico api-key create --name "Provisioning" --json
    """
