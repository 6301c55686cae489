"""`python -m app.cli.translations`: find what is said and update every catalogue; `--check` only judges them.

Names are those of packages of adapters of your own: `python -m app.cli.translations portico_adapter_acme`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.cli.translations.catalogues import find_faults, path_of, read, update, write
from app.cli.translations.sources import collect, find_package, list_packages
from app.translations import LANGUAGES


def run(packages: Sequence[str] = (), *, check: bool = False) -> list[str]:
    """Update the catalogues unless `check`, and return what is still wrong, with the package and language it is wrong in.

    Args:
        packages: whose; ours when there is none.
    """
    folders = {package: find_package(package) for package in packages} or list_packages()
    faults = []
    for package, folder in folders.items():
        template = collect(package)
        for language in LANGUAGES:
            if language == "en":  # the ids are the English texts
                continue
            path = path_of(folder, language)
            if not check:
                write(path, update(read(path, language), template))
            faults += [f"{package}, {language}: {one}" for one in find_faults(path, read(path, language), template)]
    return faults


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    found = run(given, check="--check" in sys.argv[1:])
    print("\n".join(found) or "Every catalogue is complete.")
    sys.exit(1 if found else 0)
