"""What every page shares: its language, its frame, and the name of whose page it is."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from mappings.survey import Page, Questionnaire
from mappings.texts import render
from sync.web.language import choose, direction

_TEMPLATES: Final = Environment(
    loader=PackageLoader(__package__),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Frame:
    """The words of one questionnaire, in the language of whoever asks."""

    def __init__(self, request: Request, questionnaire: Questionnaire, *, org: str = "") -> None:
        asked = request.query_params.get("lang", "")
        self.language, self.words = choose(
            questionnaire, asked=asked, accepted=request.headers.get("accept-language", "")
        )
        self.org = org
        self._others = {
            language: words.name
            for language, words in questionnaire.texts.items()
            if language != self.language
        }
        #: Keeps the language for the next page, if it was chosen on this one.
        self.query = f"?lang={quote(self.language)}" if asked else ""
        # All addresses are relative: a proxy may have put the pages below a path of its own.
        self._root = "../" * (request.scope["path"].count("/") - 1)

    def say(self, text: str) -> str:
        """A text of the questionnaire with its facts."""
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
