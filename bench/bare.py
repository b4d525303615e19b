"""The yardstick: a Flask route that returns a constant, under the platform's own gunicorn settings."""

from __future__ import annotations

from flask import Flask


def create_app() -> Flask:
    """One constant; `/livez` as well, so that it can be waited for."""
    app = Flask(__name__)

    @app.get("/")
    @app.get("/livez")
    def constant() -> dict[str, str]:
        return {"message": "constant"}

    return app
