"""What a page must be for everybody, measured in the browser itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

#: Roles whose elements people use; each needs a name.
USED = {"button", "checkbox", "link", "radio", "radiogroup", "textbox", "spinbutton", "combobox"}

_STRUCTURE = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const ids = all('[id]').map(e => e.id);
  return {
    lang: document.documentElement.lang,
    title: document.title,
    mains: all('main').length,
    headings: all('h1,h2,h3,h4,h5,h6').map(e => +e.tagName[1]),
    doubled: ids.filter((id, at) => ids.indexOf(id) !== at),
    dangling: all('[aria-describedby],[for],a[href^="#"]').flatMap(e =>
      (e.getAttribute('aria-describedby') ?? e.getAttribute('for') ?? e.hash.slice(1))
        .split(' ').filter(id => !document.getElementById(id))),
    nameless: all('fieldset').filter(e => !e.querySelector(':scope > legend')).length,
  };
}"""

# Every piece of text against what is painted behind it, and the edges of text fields.
_CONTRAST = """() => {
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
    return {rgb: [r, g, b], a};
  };
  const luminance = ({rgb}) => {
    const [r, g, b] = rgb.map(v => v / 255).map(
      v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.a === 1) return color;
      if (color.a > 0) throw new Error('half transparent: ' + e.outerHTML.slice(0, 80));
    }
    throw new Error('nothing is painted');
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest('.hidden')) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    found.push({what: texts.currentNode.data.trim().slice(0, 40), least: large ? 3 : 4.5,
                is: ratio(parse(style.color), behind(element))});
  }
  for (const e of document.querySelectorAll('input[type=text], textarea, .step')) {
    found.push({what: 'edge of ' + (e.id || e.textContent.trim()), least: 3,
                is: ratio(parse(getComputedStyle(e).borderTopColor), behind(e.parentElement))});
  }
  return found;
}"""

_FOCUS = """() => {
  const shown = (e) => {
    const style = getComputedStyle(e);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  const e = document.activeElement;
  const label = e.closest('label');
  const box = (label ?? e).getBoundingClientRect();
  return {
    what: `${e.tagName} ${e.name ?? ''} ${e.textContent.trim().slice(0, 30)}`,
    page: e === document.body,
    visible: (getComputedStyle(e).opacity > 0 && shown(e)) || (label !== null && shown(label)),
    within: box.top >= 0 && box.bottom <= innerHeight,
    size: Math.min(box.width, box.height),
    inline: e.tagName === 'A',
  };
}"""


def faults(page: Page) -> Iterator[str]:
    """Everything that stands in somebody's way."""
    found = page.evaluate(_STRUCTURE)
    if not (found["lang"] and found["title"] and found["mains"] == 1):
        yield f"the page lacks its language, title or main part: {found}"
    headings = found["headings"]
    steps = zip([0, *headings], headings, strict=False)
    if headings.count(1) != 1 or any(after > before + 1 for before, after in steps):
        yield f"headings out of order: {headings}"
    for id in found["doubled"]:
        yield f"two elements have the id {id}"
    for id in found["dangling"]:
        yield f"something points to {id}, which is not there"
    if found["nameless"]:
        yield "a group has no legend"
    yield from _nameless(page)
    for text in page.evaluate(_CONTRAST):
        if text["is"] < text["least"]:
            yield f"{text['what']!r} has a contrast of {text['is']:.2f}, not {text['least']}"


def focuses(page: Page) -> list[dict[str, Any]]:
    """What the tabulator key comes by, until it leaves the page."""
    page.evaluate("document.activeElement.blur()")
    passed: list[dict[str, Any]] = []
    while len(passed) < 60:
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus["page"]:
            break
        passed.append(focus)
    return passed


def _nameless(page: Page) -> Iterator[str]:
    """Elements that have no name in the accessibility tree."""
    session = page.context.new_cdp_session(page)
    used = 0
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        role = node.get("role", {}).get("value", "")
        if node["ignored"] or role not in USED:
            continue
        used += 1
        if not node.get("name", {}).get("value", "").strip():
            yield f"a {role} has no name"
    if page.locator("input, button, a").count() and not used:
        yield "the accessibility tree is empty"
    session.detach()
