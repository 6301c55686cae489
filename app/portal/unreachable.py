"""Why an address could not be read, told to whoever typed it: operators read other words (`hint`, the log). Pure."""

from __future__ import annotations

import re

from app.errors import Problem

_FILE = "You can give us the metadata as a file instead."

#: By the code of the outbound guard, and of a document that is something else.
REASONS = {
    "outbound-name-unknown": "This server's name is not in public DNS. Check the spelling.",
    "outbound-address-refused": "This address lies in a private network, which we do not enter.",
    "outbound-url-refused": "We read only addresses that begin with https:// and name no port and no password.",
    "outbound-tls": "The server's certificate is not trusted: it has ended, is made for another name, or comes from an "
    "authority of your own.",
    "outbound-timeout": "The server did not answer in time.",
    "outbound-connection": "The server does not answer. Check the address, and whether a firewall keeps us out.",
    "outbound-too-large": "The answer is larger than 1 MB.",
    "outbound-encoding": "The answer is damaged.",
    "metadata-html": "This address shows a web page, not metadata. You may have copied the address of the console.",
}
_STATUS = {
    "3": "The server leads to another address ({status}). Give us the address at which the document itself is.",
    "401": "The server asks for a sign-in there ({status}). The document has to be readable by everybody.",
    "403": "The server asks for a sign-in there ({status}). The document has to be readable by everybody.",
    "404": "The server has nothing at this address ({status}). Copy it once more from your provider's console.",
    "5": "The server has a fault of its own ({status}). Try again in a minute.",
    "": "The server answered with the status {status}, not with a document.",
}


def tell(problem: Problem, *, file: bool) -> Problem:
    """Return the problem in the words of the page; one that is not about reaching a server stays as it is.

    Args:
        file: whether a file does as well as the address.
    """
    said = REASONS.get(problem.code, "")
    if problem.code == "outbound-status":
        status = (re.findall(r"\b[1-5]\d\d\b", problem.message) or ["?"])[-1]
        said = next(words for begin, words in _STATUS.items() if status.startswith(begin)).format(status=status)
    if not said:
        return problem
    return Problem(problem.field, problem.code, f"{said} {_FILE}" if file else said)
