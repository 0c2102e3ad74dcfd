"""A browser for tests: reads a page as assistive software would, follows links, sends forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass
class Element:
    """A tag with what is in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def __iter__(self):  # type: ignore[no-untyped-def]
        """This element and everything below it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child

    def all(self, *tags: str, **attributes: str) -> list[Element]:
        """Elements below with one of these tags and all of these attributes."""
        return [
            e
            for e in self
            if (not tags or e.tag in tags)
            and all(
                e.attributes.get(name.strip("_").replace("_", "-")) == v
                for name, v in attributes.items()
            )
        ]

    def one(self, *tags: str, **attributes: str) -> Element:
        """The only one."""
        (found,) = self.all(*tags, **attributes)
        return found

    @property
    def text(self) -> str:
        """Its words, with single spaces."""
        return " ".join(
            " ".join(c if isinstance(c, str) else c.text for c in self.children).split()
        )

    def holding(self, tag: str, words: str) -> Element:
        """The innermost element of that tag with these words in it."""
        return next(e for e in reversed(self.all(tag)) if words in e.text)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {n: v or "" for n, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"<{self.open[-1].tag}> is closed by </{tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(text: str) -> Element:
    """The elements of a text; every one must be closed."""
    builder = _Builder()
    builder.feed(text)
    assert len(builder.open) == 1, f"<{builder.open[-1].tag}> is never closed"
    return builder.root


@dataclass
class Page:
    """What a visit led to."""

    answer: requests.Response
    root: Element

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        return self.root.text

    @property
    def heading(self) -> str:
        return self.root.one("h1").text


class Browser:
    """One person's browser."""

    def __init__(self, session: requests.Session, base: str) -> None:
        self.session = session
        self.base = base

    def visit(self, path: str) -> Page:
        """Open a page of this port, or any address."""
        return self._page(self.session.get(urljoin(self.base, path)))

    def follow(self, page: Page, words: str) -> Page:
        """Go where the link with these words leads."""
        link = page.root.holding("a", words)
        return self.visit(urljoin(page.answer.url, link.attributes["href"]))

    def send(self, page: Page, form: Element, *, button: str = "", **typed: str) -> Page:
        """Send a form as it stands, with what is typed over it, by the button with these words."""
        data = {}
        for control in form.all("input", "select", "textarea"):
            name, kind = control.attributes["name"], control.attributes.get("type", "text")
            if kind in ("checkbox", "radio") and "checked" not in control.attributes:
                continue
            data[name] = _value(control)
        assert set(typed) <= {c.attributes["name"] for c in form.all("input", "select", "textarea")}
        data |= typed
        pressed = form.holding("button", button)
        assert "disabled" not in pressed.attributes
        if "name" in pressed.attributes:
            data[pressed.attributes["name"]] = pressed.attributes["value"]
        action = urljoin(page.answer.url, form.attributes["action"])
        if form.attributes.get("method") != "post":
            return self._page(self.session.get(action, params=data))
        answer = self.session.post(action, data=data)
        if answer.history:  # after a form that did something comes a GET
            assert [a.status_code for a in answer.history] == [303]
            assert answer.request.method == "GET"
        return self._page(answer)

    def _page(self, answer: requests.Response) -> Page:
        return Page(answer, parsed(answer.text))


def _value(control: Element) -> str:
    if control.tag == "select":
        options = control.all("option")
        chosen = [o for o in options if "selected" in o.attributes] or options[:1]
        return chosen[0].attributes.get("value", chosen[0].text)
    if control.tag == "textarea":
        return "".join(str(c) for c in control.children).removeprefix("\n")
    return control.attributes.get("value", "on")
