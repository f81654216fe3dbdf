"""Requests that a page of another site makes a browser send: they may read, and nothing else.

`SameSite=Lax` is not enough. It gives the cookie to pages of another port or of a sibling domain. And whoever comes
without a cookie is given one, so that a form of any site would take a person's space away: the answer sets another.
The rule is that of https://pkg.go.dev/net/http#CrossOriginProtection, which needs no tokens in forms.
"""

from fastapi import Request

from app.operations.problems import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_writes_of_other_sites(request: Request, public_url: str) -> None:
    """Raises Forbidden. A program that is no browser sends neither header, and passes."""
    if request.method in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None:  # an old browser, or plain http
        trusted = origin is None or _host(origin) in (request.headers.get("host"), _host(public_url))
    else:
        trusted = site in ("same-origin", "none")
    if not trusted:
        raise Forbidden("Another site's page asked for this; do it on this site, or with a personal API token.")


def _host(url: str) -> str:
    """Host and port, as the Host header has them; empty for an origin that is opaque."""
    return url.partition("://")[2].partition("/")[0]
