"""What every page shares: its language, its frame, and the name of whose page it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Generic, Protocol, TypeVar
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from mappings.survey import Page
from mappings.texts import render
from sync.web.language import choose, direction

_TEMPLATES: Final = Environment(
    loader=PackageLoader(__package__),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Named(Protocol):
    """The words of one language."""

    @property
    def name(self) -> str:
        """The language's name, in itself."""


W_co = TypeVar("W_co", bound=Named, covariant=True)


class Spoken(Protocol[W_co]):
    """A questionnaire or a letterbook: words in several languages."""

    @property
    def texts(self) -> Mapping[str, W_co]:
        """By language."""

    @property
    def language(self) -> str:
        """Where somebody's own is not there."""


class Frame(Generic[W_co]):
    """The words of a questionnaire or letterbook, in the language of whoever asks."""

    def __init__(self, request: Request, spoken: Spoken[W_co], *, org: str = "") -> None:
        asked = request.query_params.get("lang", "")
        accepted = request.headers.get("accept-language", "")
        self.language = choose(spoken.texts, spoken.language, asked=asked, accepted=accepted)
        self.words: W_co = spoken.texts[self.language]
        self.org = org
        self._others = {
            language: words.name
            for language, words in spoken.texts.items()
            if language != self.language
        }
        #: Keeps the language for the next page, if it was chosen on this one.
        self.query = f"?lang={quote(self.language)}" if asked else ""
        # All addresses are relative: a proxy may have put the pages below a path of its own.
        self._root = "../" * (request.scope["path"].count("/") - 1)

    def say(self, text: str) -> str:
        """A text with its facts."""
        return render(text, {"org": {"name": self.org}})

    def render(self, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """A page made from a template."""
        page = _TEMPLATES.get_template(template).render(
            language=self.language,
            direction=direction(self.language),
            languages=self._others,
            root=self._root,
            query=self.query,
            org=self.org,
            words=self.words,
            say=self.say,
            **values,
        )
        return HTMLResponse(page, status_code=status)

    def page(self, page: Page, *, status: int = 200) -> HTMLResponse:
        """A heading and a paragraph."""
        return self.render("page.html", status=status, page=page)
