"""A browser as small as one can be: cookies, links, forms and redirects, straight through the handler of the pages."""

import base64
import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.support.multipart import Part, body_of, content_type

Handler = Callable[[dict[str, Any]], dict[str, Any]]
FORM = "application/x-www-form-urlencoded"
_MOST_REDIRECTS = 5


@dataclass
class HtmlForm:
    """A form on a page, with what it would send as it stands."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str:
        return next((value for known, value in self.fields if known == name), "")


class _Reader(HTMLParser):
    """Reads forms, text, links and ids out of a page; whatever an attacker smuggled in as markup shows up in `tags`."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._inside: HtmlForm | None = None
        self._area: str | None = None
        self._choice: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag == "form":
            self._inside = HtmlForm(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._inside)
        if self._inside is None or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self._inside.fields.append((name, given.get("value", "")))
        if tag == "button" and name:
            self._inside.buttons.append((name, given.get("value", "")))
        if tag == "textarea":
            self._area = name
            self._inside.fields.append((name, ""))
        if tag == "select":
            self._choice = name
        if tag == "option" and self._choice and ("selected" in given or self._choice not in dict(self._inside.fields)):
            self._inside.fields = [one for one in self._inside.fields if one[0] != self._choice]
            self._inside.fields.append((self._choice, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._choice = None

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._area and self._inside:
            name, value = self._inside.fields[-1]
            text = data if value else data.removeprefix("\n")  # which HTML leaves out where a text area begins
            self._inside.fields[-1] = (name, value + text)


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    content: bytes
    path: str

    @property
    def html(self) -> str:
        return self.content.decode()

    @property
    def read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.html)
        return reader

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.read.texts).split())

    @property
    def title(self) -> str:
        return self.html.partition("<title>")[2].partition("</title>")[0]

    @property
    def forms(self) -> list[HtmlForm]:
        """Every form on the page."""
        return self.read.forms

    def form(self, action: str) -> HtmlForm:
        return next(form for form in self.read.forms if urlsplit(form.action).path == action)


class Browser:
    """Keeps cookies and follows redirects, as a browser does."""

    def __init__(self, handler: Handler, *, language: str = "en", address: str = "203.0.113.5") -> None:
        self._handler = handler
        self._language = language
        self._address = address
        self.cookies: dict[str, str] = {}
        self.last: Page | None = None

    def get(self, address: str, *, follow: bool = True, **headers: str) -> Page:
        """Open an address."""
        return self._request("GET", address, None, follow=follow, headers=headers)

    def head(self, address: str) -> Page:
        return self._request("HEAD", address, None, follow=False, headers={})

    def part(self, address: str, element: str) -> Page:
        """What htmx asks for."""
        return self.get(address, follow=False, **_asking(element))

    def submit(self, action: str, *, follow: bool = True, element: str = "", **typed: Any) -> Page:
        """Fill in a form of the last page and send it; a list sends a field more than once, None leaves it out."""
        assert self.last is not None
        form = self.last.form(action)
        fields = [(name, value) for name, value in form.fields if name not in typed]
        for name, value in typed.items():
            many = value if isinstance(value, list) else [] if value is None else [value]
            fields += [(name, str(one)) for one in many]
        return self.post(form.action, fields, follow=follow, **(_asking(element) if element else {}))

    def post(self, address: str, fields: list[tuple[str, str]], *, follow: bool = True, **headers: str) -> Page:
        """Send a form that no page of ours needs to have."""
        sent = {"content-type": FORM, "sec-fetch-site": "same-origin", **headers}
        return self._request("POST", address, urlencode(fields), follow=follow, headers=sent)

    def bring(self, action: str, file: tuple[str, bytes] | None, **typed: str) -> Page:
        """Fill in a form of the last page and send it with a file, as a browser without a script does."""
        assert self.last is not None
        form = self.last.form(action)
        fields = dict(form.fields) | typed
        parts = [Part(name, value) for name, value in fields.items() if name != "file"]
        parts.append(Part("file", file[1], file[0]) if file else Part("file", b"", ""))
        sent = {"content-type": content_type(), "sec-fetch-site": "same-origin"}
        return self._request("POST", form.action, body_of(parts), follow=True, headers=sent)

    def _request(
        self, method: str, address: str, body: str | bytes | None, *, follow: bool, headers: Mapping[str, str]
    ) -> Page:
        page = self._sent(method, address, body, headers)
        for _ in range(_MOST_REDIRECTS):
            if not follow or page.status != 303 or not page.headers["Location"].startswith("/"):
                break
            page = self._sent("GET", page.headers["Location"], None, {})
        if page.headers.get("Content-Type", "").startswith("text/html"):
            self.last = page
        return page

    def _sent(self, method: str, address: str, body: str | bytes | None, headers: Mapping[str, str]) -> Page:
        sent = {"accept-encoding": "gzip", "accept-language": self._language, **_spelled(headers)}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._handler(gateway_event(method, address, body, sent, self._address))
        self._keep(answer["cookies"])
        content = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
        if content and answer["headers"].get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return Page(answer["statusCode"], answer["headers"], tuple(answer["cookies"]), content, address)

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            pair, *attributes = [part.strip() for part in cookie.split(";")]
            name, _, value = pair.partition("=")
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


def _asking(element: str) -> dict[str, str]:
    return {"hx_request": "true", "hx_request_type": "partial", "hx_target": f"section#{element}"}


def _spelled(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def gateway_event(
    method: str, address: str, body: str | bytes | None, headers: Mapping[str, str], sender: str
) -> dict[str, Any]:
    """As the gateway hands it over: a form comes in base64, cookies come apart."""
    path, _, query = address.partition("#")[0].partition("?")  # as on the wire: two slashes begin a path too
    others = {name: value for name, value in headers.items() if name != "cookie"}
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": others,
        **({"cookies": headers["cookie"].split("; ")} if "cookie" in headers else {}),
        "requestContext": {
            "requestId": "test-request",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": sender},
        },
        **({} if body is None else {"body": base64.b64encode(_bytes(body)).decode()}),
        "isBase64Encoded": body is not None,
    }
