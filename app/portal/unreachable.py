"""Why an address could not be read, told to whoever typed it: operators read other words (`hint`, the log). Pure."""

from __future__ import annotations

import re

from app.errors import Problem
from app.translations import marked

_FILE = marked("You can give us the metadata as a file instead.")

#: Sentences by the code of the outbound guard, and of a document that is something else.
REASONS: dict[str, tuple[str, ...]] = {
    "outbound-name-unknown": (marked("This server's name is not in public DNS."), marked("Check the spelling.")),
    "outbound-address-refused": (marked("This address lies in a private network, which we do not enter."),),
    "outbound-url-refused": (marked("We read only https:// addresses that name no port and no password."),),
    "outbound-tls": (
        marked("The server's certificate is not trusted."),
        marked("It has ended, is made for another name, or comes from an authority of your own."),
    ),
    "outbound-timeout": (marked("The server did not answer in time."),),
    "outbound-connection": (
        marked("The server does not answer."),
        marked("Check the address, and whether a firewall keeps us out."),
    ),
    "outbound-too-large": (marked("The answer is larger than 1 MB."),),
    "outbound-encoding": (marked("The answer is damaged."),),
    "metadata-html": (
        marked("This address shows a web page, not metadata."),
        marked("You may have copied the address of the console."),
    ),
}
_SIGN_IN = (
    marked("The server asks for a sign-in there (status %(status)s)."),
    marked("The document has to be readable by everybody."),
)
_STATUS: dict[str, tuple[str, ...]] = {
    "3": (
        marked("The server leads to another address (status %(status)s)."),
        marked("Give us the address at which the document itself is."),
    ),
    "401": _SIGN_IN,
    "403": _SIGN_IN,
    "404": (
        marked("The server has nothing at this address (status %(status)s)."),
        marked("Copy it once more from your provider's console."),
    ),
    "5": (marked("The server has a fault of its own (status %(status)s)."), marked("Try again in a minute.")),
    "": (marked("The server answered with status %(status)s, not with a document."),),
}


def tell(problem: Problem, *, file: bool) -> Problem:
    """Return the problem in the words of the page; one that is not about reaching a server stays as it is.

    Args:
        file: whether a file does as well as the address.
    """
    said, values = REASONS.get(problem.code, ()), {}
    if problem.code == "outbound-status":
        status = (re.findall(r"\b[1-5]\d\d\b", problem.message) or ["?"])[-1]
        said = next(sentences for begin, sentences in _STATUS.items() if status.startswith(begin))
        values = {"status": status}
    if not said:
        return problem
    sentences = [one % values if "%(" in one else one for one in (*said, *((_FILE,) if file else ()))]
    return Problem(problem.field, problem.code, " ".join(sentences))
