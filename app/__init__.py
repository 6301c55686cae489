"""The gateway: an application, never a library. `create_app` is the composition root."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.gateway import Gateway
    from app.settings import Settings


def create_app(settings: Settings | None = None, gateway: Gateway | None = None) -> Flask:
    """Return the WSGI application. Does not migrate the database and starts no jobs: `portico serve` does.

    Args:
        settings: default: the environment's.
        gateway: default: assembled from the settings; tests bring one with a clock of their own.
    """
    from functools import partial

    from flask import Flask

    from app.api import blueprint as api
    from app.api import render_problem
    from app.auth0.importing.views import OldAddress
    from app.auth0.importing.views import blueprint as old_address
    from app.console import Console
    from app.console.views import init_console
    from app.database import init_database
    from app.gateway import assemble
    from app.jobs import list_troubles
    from app.jobs.figures import JobFigures
    from app.mail import init_mail
    from app.management import OPERATIONS
    from app.migrations import is_at_head
    from app.periodic import list_leased
    from app.portal import Portal
    from app.portal.views import blueprint as portal
    from app.provider.logout.views import LogoutEndpoint
    from app.provider.logout.views import blueprint as logout
    from app.provider.views import MACHINE_PATHS, Endpoints, render_oauth_error
    from app.provider.views import blueprint as openid_provider
    from app.settings import Settings
    from app.signin.logout.views import blueprint as sign_out
    from app.signin.views import Callbacks
    from app.signin.views import blueprint as callbacks
    from app.web import TEMPLATES, init_web
    from app.web.cookies import browser_cookie, session_cookie
    from app.web.csrf import init_csrf
    from app.web.logs import configure_logging

    configure_logging()  # first: assembling may have something to say
    settings = settings or (gateway.settings if gateway else Settings())
    gateway = gateway or assemble(settings)
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.extensions["portico"] = gateway

    def is_at_head_now() -> bool:
        return is_at_head(app)

    init_database(app, settings.database)
    init_mail(app, settings)
    init_web(
        app,
        settings,
        clock=gateway.clock,
        metrics=gateway.metrics,
        answers={"/api/": render_problem, **dict.fromkeys(MACHINE_PATHS, render_oauth_error)},
        brands=gateway.brands,
        ready={"database": is_at_head_now, "keys": lambda: bool(gateway.keys.public_jwks(gateway.clock())["keys"])},
    )
    jobs = list_leased(gateway)
    gateway.metrics.show_also(JobFigures(jobs))
    init_csrf(app, secure=settings.secure)
    cookie, sessions = browser_cookie(secure=settings.secure), session_cookie(secure=settings.secure)
    app.register_blueprint(
        openid_provider(
            Endpoints(
                gateway.authorization,
                gateway.token_server,
                gateway.keys,
                gateway.allowed,
                gateway.refusals,
                cookie,
                sessions,
                gateway.clock,
            )
        )
    )
    app.register_blueprint(logout(LogoutEndpoint(gateway.logout, cookie, sessions)))
    arrivals = Callbacks(gateway.journey, settings, cookie, sessions, gateway.clock, gateway.brands)
    app.register_blueprint(callbacks(arrivals))
    app.register_blueprint(sign_out(arrivals))
    app.register_blueprint(old_address(OldAddress(gateway.journey, settings.base_url, gateway.clock)))
    app.register_blueprint(
        api(OPERATIONS, gateway.rooms, cipher=gateway.cipher, clock=gateway.clock, base_url=settings.base_url)
    )
    app.register_blueprint(
        portal(
            Portal(
                links=gateway.setup_links,
                registry=gateway.registry,
                journey=gateway.journey,
                rooms=gateway.rooms,
                clock=gateway.clock,
                base_url=settings.base_url,
                secure=settings.secure,
                brands=gateway.brands,
            ),
        )
    )
    init_console(
        app,
        Console(
            rooms=gateway.rooms,
            cipher=gateway.cipher,
            clock=gateway.clock,
            base_url=settings.base_url,
            secure=settings.secure,
            troubles=partial(list_troubles, jobs),
            mail_folder=settings.instance_path if settings.development and not settings.mail_url else None,
        ),
    )
    return app
