"""`python -m bench.profiled`: where the time of a login goes, function by function, inside one process on SQLite."""

from __future__ import annotations

import argparse
import cProfile
import pstats
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from bench.installation import run_installation
from bench.login import STEPS, Login, Target
from bench.wire import Answer, Wire


class InProcess(Wire):
    """Carries requests straight into an application, under a profiler of their own for each step."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._client: FlaskClient = app.test_client(use_cookies=False)
        self.profile: cProfile.Profile | None = None

    def send(
        self,
        method: str,
        url: str,
        form: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        cookies: dict[str, str] | None = None,
    ) -> Answer:
        parts = urlsplit(url)
        head = dict(headers or {})
        if cookies:
            head["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if self.profile is not None:
            self.profile.enable()
        response = self._client.open(
            parts.path,
            method=method,
            query_string=parts.query,
            data=form,
            headers=head,
            base_url=url.split("/oauth2")[0],
        )
        body = response.get_data()
        if self.profile is not None:
            self.profile.disable()
        for line in response.headers.getlist("Set-Cookie"):
            if cookies is not None:
                name, _, value = line.split(";", 1)[0].partition("=")
                cookies[name] = value
        return Answer(response.status_code, response.headers, body)  # type: ignore[arg-type]


def main() -> None:
    """Seed by a real server, then profile the same database in this process."""
    parser = argparse.ArgumentParser(prog="python -m bench.profiled", description=__doc__)
    parser.add_argument("--logins", type=int, default=200)
    parser.add_argument("--top", type=int, default=25, help="functions to show for each step")
    parser.add_argument("--sort", default="cumulative", choices=["cumulative", "tottime"])
    options = parser.parse_args()
    with run_installation("sqlite", 1) as installation:
        installation.gateway.stop()
        app = make_app(installation.gateway.environment)
        show(app, installation.target, options.logins, options.top, options.sort)


def make_app(environment: Mapping[str, str]) -> Flask:
    """Return the application that the seeded gateway ran."""
    from app import create_app
    from app.settings import Settings

    return create_app(
        Settings(
            base_url=environment["PORTICO_BASE_URL"],
            database_url=environment["PORTICO_DATABASE_URL"],
            instance_path=Path(environment["PORTICO_INSTANCE_PATH"]),
        )
    )


def show(app: Flask, target: Target, logins: int, top: int, sort: str) -> None:
    """Print the profile of each step."""
    wire = InProcess(app)
    profiles = {step: cProfile.Profile() for step in STEPS}
    for number in range(logins + 20):
        login = Login(target, wire, target.connections[0], number)
        for step in STEPS:
            wire.profile = profiles[step] if number >= 20 else None
            getattr(login, step)()
            if step == "authorize":
                login.sign_in()
    for step, profile in profiles.items():
        print(f"\n=== {step}, {logins} times ===")
        pstats.Stats(profile).strip_dirs().sort_stats(sort).print_stats(top)


if __name__ == "__main__":
    main()
