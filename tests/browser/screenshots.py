"""A picture of every page of the gateway itself in both themes and two widths: `make screenshots` begins here.

The portal's and the console's are kept by the tests that look at them; those of a wizard are numbered as it is walked.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from app.settings import ROOT
from tests.support.axe import HEIGHT, LOOKS, PICTURES
from tests.support.chromium import chromiums
from tests.support.command import Portico, serving
from tests.support.management import Management
from tests.support.pages import list_pages


def main() -> None:
    """Throw the old ones away, serve a gateway of its own and take the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as instance:
        portico = Portico(Path(instance))
        with serving(portico) as server, chromiums() as chromium:
            key = portico.json("api-key", "create", "--name", "screenshots")["api_key"]
            for page in list_pages(Management(server.url, key)):
                for width, scheme in LOOKS:
                    with chromium(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme) as watched:
                        watched.page.goto(server.url + page.path)
                        path = PICTURES / f"{page.name}-{width}-{scheme}.png"
                        watched.page.screenshot(path=path, full_page=page.name != "api-docs")
                        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
