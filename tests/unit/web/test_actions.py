"""Where the browser is sent: redirect, form post, and the two pages of our own origin."""

from __future__ import annotations

import pytest
from flask import Flask

from app.errors import PorticoError
from app.web.actions import render_action, render_onward, render_repost
from portico_sdk import FormPost, Redirect


def test_a_redirect_is_303_with_the_url_byte_for_byte(app: Flask) -> None:
    url = "https://idp.example/sso?SAMLRequest=a%2Bb%2f&RelayState=x"
    with app.test_request_context():
        response = render_action(Redirect(url))
    assert response.status_code == 303
    assert response.headers["Location"] == url


def test_a_form_post_has_a_button_an_external_script_and_escaped_values(app: Flask) -> None:
    """Row M8: values from outside are escaped; the page works without JavaScript."""
    with app.test_request_context():
        fields = {"SAMLRequest": '"><script>x</script>'}
        page = render_action(FormPost("https://idp.example/sso?a=1&b=2", fields)).get_data(as_text=True)
    assert 'action="https://idp.example/sso?a=1&amp;b=2" method="post"' in page
    assert "<script>x" not in page
    assert '<button class="btn btn-primary w-100">Continue</button>' in page
    assert "js/submit.js" in page
    assert "onload" not in page


def test_a_repost_keeps_order_and_duplicates(app: Flask) -> None:
    fields = [("SAMLResponse", "one"), ("SAMLResponse", "two"), ("RelayState", "z")]
    with app.test_request_context():
        page = render_repost("http://127.0.0.1:8000/sso/saml/con-1/acs", fields).get_data(as_text=True)
    assert page.index('value="one"') < page.index('value="two"') < page.index('value="z"')


def test_onward_goes_on_by_link_and_refresh(app: Flask) -> None:
    """A form's answer may not redirect to another origin under `form-action 'self'`."""
    with app.test_request_context():
        response = render_onward("https://idp.example/authorize?x=1&y=2")
    assert response.headers["Refresh"] == "0; url=https://idp.example/authorize?x=1&y=2"
    assert 'href="https://idp.example/authorize?x=1&amp;y=2"' in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//evil.example/",
        "/relative",
        "data:text/html,x",
        "https://a.example/\r\nSet-Cookie: x=1",
        "https://a.example/ b",
        "https:\\\\evil.example",
        "https://",
        'https://a.example/"',
        "https://ä.example/",
        "",
    ],
)
def test_nothing_but_an_absolute_http_url_is_ever_sent(app: Flask, url: str) -> None:
    """Row P7 at the last gate."""
    with app.test_request_context():
        with pytest.raises(PorticoError):
            render_action(Redirect(url))
        with pytest.raises(PorticoError):
            render_onward(url)
        with pytest.raises(PorticoError):
            render_repost(url, [])
