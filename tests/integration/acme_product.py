# SPDX-License-Identifier: Apache-2.0
"""A product of no house with every way to sign in, for stories about signing in."""

import json
import pathlib

DESCRIPTION = {
    "schema": 1,
    "id": "acme",
    "version": "1.0",
    "name": "Acme",
    "summary": "A product that nobody has",
    "preferred_deployment": "data-center",
    "context_path": {"default": "", "known": ["/tools"]},
    "settings": {
        "accounts": {"summary": "where people sign in", "origin": "https://accounts.acme.example"},
        "gateway": {"summary": "where requests go", "origin": "https://gateway.acme.example"},
    },
    "detect": {
        "probes": {
            "about": {
                "endpoint": {"path": "/about"},
                "json": {"/product": ["acme"]},
                "tells": {"version": "/version"},
            }
        }
    },
    "sign_in": {
        "token": {"versions": {"from": "2.0"}},
        "basic": {"off_from": "5.0"},
        "oauth2": {
            "authorize": {"path": "/auth"},
            "token": {"path": "/token"},
            "revoke": {"path": "/token/revocation"},
            "grants": ["authorization_code", "client_credentials"],
            "token_encodings": ["form"],
            "client_authentication": ["body"],
            "pkce": "S256",
            "redirect_hosts": ["127.0.0.1"],
            "redirect_port": "any",
            "refresh": "rotates",
            "scopes": ["read", "write"],
            "default_scopes": ["read"],
        },
    },
    "identity": {"endpoint": {"path": "/rest/me"}, "json": ["/name"], "anonymous": ["anonymous"]},
    "signals": {
        "captcha": {"means": "captcha", "status": [403], "header": {"name": "X-Denied", "contains": "captcha"}}
    },
    "errors": {"messages": ["/message"]},
    "deployments": {
        "data-center": {},
        "cloud": {
            "hosts": ["*.acme.cloud"],
            "sign_in": {
                "token": None,
                "basic": None,
                "api_token": {
                    "user": "email address",
                    "site_info": {"path": "/info", "relative_to": "site"},
                    "site_id": "/id",
                    "gateway": {"setting": "gateway", "path": "/ex/acme/{site_id}"},
                },
                "oauth2": {
                    "authorize": {"setting": "accounts", "path": "/auth"},
                    "token": {"setting": "accounts", "path": "/token"},
                    "revoke": None,
                    "sites": {"setting": "gateway", "path": "/sites"},
                    "gateway": {"setting": "gateway", "path": "/ex/acme/{site_id}"},
                    "token_encodings": ["json"],
                    "redirect_port": "fixed",
                    "redirect_hosts": ["localhost"],
                    "offline_scope": "offline",
                    "pkce": "none",
                    "error_words": {"unauthorized_client": "invalid_grant", "access_denied": "invalid_client"},
                },
            },
        },
    },
}


def install(home, description=None):
    """Puts it among the user's plugins."""
    folder = pathlib.Path(home.data, "plugins", "acme")
    folder.mkdir(parents=True, mode=0o755, exist_ok=True)
    (folder / "product.json").write_text(json.dumps(description or DESCRIPTION), encoding="utf-8")
