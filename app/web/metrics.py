"""Figures for Prometheus at `/metrics`: counts and times, no names of customers and no secrets.

Several worker processes share their figures through files when `PROMETHEUS_MULTIPROC_DIR` names a folder before this
module is first imported; `portico serve` does so.
"""

from __future__ import annotations

import os
from time import perf_counter

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.web.metrics_readers import check_reader

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Metrics:
    """The figures of one application; each makes its own registry, so that two in one process do not collide."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._collectors: list[Collector] = []
        self._requests = Histogram(
            "portico_request_seconds", "Time to answer, by route.", ["route"], buckets=_BUCKETS, registry=self._registry
        )
        self._responses = Counter(
            "portico_responses_total", "Answers, by class of status.", ["status"], registry=self._registry
        )
        self._sign_ins = Counter("portico_sign_ins_total", "Finished sign-ins.", ["outcome"], registry=self._registry)

    def count_sign_in(self, outcome: str) -> None:
        """Count one finished sign-in. `outcome` is `allowed` or `denied`: never a value from outside."""
        self._sign_ins.labels(outcome).inc()

    def show_also(self, collector: Collector) -> None:
        """Let `/metrics` show what `collector` reads at that moment: figures that no process counts by itself."""
        self._collectors.append(collector)

    def init_app(self, app: Flask, *, key: str, development: bool) -> None:
        """Time every request, and add `/metrics` for whoever `check_reader` lets in."""

        def start() -> None:
            g.started = perf_counter()

        def finish(response: Response) -> Response:
            if "started" in g:
                self._requests.labels(request.endpoint or "none").observe(perf_counter() - g.started)
            self._responses.labels(f"{response.status_code // 100}xx").inc()
            return response

        app.before_request(start)
        app.after_request(finish)

        def show() -> Response:
            check_reader(request, key=key, development=development)
            return self._show()

        app.add_url_rule("/metrics", "metrics", show)

    def _show(self) -> Response:
        registry = CollectorRegistry()
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            registry.register(self._registry)
        for collector in self._collectors:
            registry.register(collector)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
