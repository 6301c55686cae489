"""A picture of every page of the gateway in both themes and two widths: `make screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from app.settings import ROOT
from tests.support.chromium import chromiums
from tests.support.command import Portico, serving
from tests.support.management import Management
from tests.support.pages import list_pages

FOLDER = ROOT / "instance" / "screenshots"


def main() -> None:
    """Serve a gateway of its own and take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as instance:
        portico = Portico(Path(instance))
        with serving(portico) as server, chromiums() as chromium:
            key = portico.json("api-key", "create", "--name", "screenshots")["api_key"]
            for page in list_pages(Management(server.url, key)):
                for scheme in ("light", "dark"):
                    for width in (320, 1280):
                        with chromium(viewport={"width": width, "height": 800}, color_scheme=scheme) as watched:
                            watched.page.goto(server.url + page.path)
                            path = FOLDER / f"{page.name}-{width}-{scheme}.png"
                            watched.page.screenshot(path=path, full_page=page.name != "api-docs")
                            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
