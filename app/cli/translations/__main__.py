"""`python -m app.cli.translations`: find what is said and update every catalogue; `--check` only judges them."""

from __future__ import annotations

import sys

from app.cli.translations.catalogues import find_faults, path_of, read, update, write
from app.cli.translations.sources import collect, list_packages
from app.settings import ROOT
from app.translations import LANGUAGES


def run(*, check: bool = False) -> list[str]:
    """Update the catalogues unless `check`, and return what is still wrong, with the file it is wrong in."""
    faults = []
    for package, folder in list_packages().items():
        template = collect(package)
        for language in LANGUAGES:
            if language == "en":  # the ids are the English texts
                continue
            path = path_of(folder, language)
            if not check:
                write(path, update(read(path, language), template))
            place = path.relative_to(ROOT)
            faults += [f"{place}: {fault}" for fault in find_faults(path, read(path, language), template)]
    return faults


if __name__ == "__main__":
    found = run(check="--check" in sys.argv[1:])
    print("\n".join(found) or "Every catalogue is complete.")
    sys.exit(1 if found else 0)
