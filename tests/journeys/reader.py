"""Somebody in front of a browser: what they press, what they see, and whether everybody could."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.utils import translation
from playwright.sync_api import BrowserContext, Download, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from tests.journeys.site import Site

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
# Between them the two languages see every pair of window and colour scheme.
SIGHTS = {
    "id": ((PHONE, "light"), (DESKTOP, "dark")),
    "en": ((PHONE, "dark"), (DESKTOP, "light")),
}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "elementRef": False,
}
SHOTS = os.environ.get("GEBYAR_SHOTS")


@dataclass
class Reader:
    """One person's browser, in one language."""

    site: Site
    page: Page
    language: str
    journey: str
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)

    # --- words ---

    def say(self, words: str, **values: Any) -> str:
        """Return the page's words in this reader's language, from the same catalogues as the page."""
        with translation.override(self.language):
            return translation.gettext(words) % values if values else translation.gettext(words)

    # --- deeds ---

    def open(self, path: str) -> None:
        self.page.goto(self.site.address + path)

    def button(self, words: str, **values: Any) -> Locator:
        return self.page.get_by_role("button", name=self.say(words, **values), exact=True)

    def link(self, words: str, **values: Any) -> Locator:
        return self.page.locator("#content").get_by_role("link", name=self.say(words, **values), exact=True)

    def press(self, words: str, **values: Any) -> None:
        self.button(words, **values).click()

    def follow(self, words: str, **values: Any) -> None:
        self.link(words, **values).click()

    def enter(self, name: str, text: str) -> None:
        self.page.locator(f"#content [name={name}]").fill(text)

    def download(self, what: Locator) -> Path:
        with self.page.expect_download() as coming:
            what.click()
        got: Download = coming.value
        return Path(got.path())

    # --- what is there ---

    def sees(self, words: str, **values: Any) -> None:
        expect(self.page.get_by_text(self.say(words, **values)).first).to_be_visible()

    def sees_title(self, words: str, **values: Any) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say(words, **values))

    def await_by_reloading(self, what: Locator) -> None:
        """Wait for work behind the page as a reader does who looks again."""
        for _look in range(60):
            if what.is_visible():
                return
            with suppress(PlaywrightTimeout):
                what.wait_for(timeout=500)
            self.page.reload()
        expect(what).to_be_visible()

    def is_at(self, path: str) -> None:
        expect(self.page).to_have_url(re.compile(re.escape(self.site.address) + path))

    def look(self, name: str) -> None:
        """Hold the page against WCAG 2.2 AA as phone and as desktop, and against the width of the window."""
        before = self.page.viewport_size
        for size, scheme in SIGHTS[self.language]:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme)
            self._photograph(f"{name}-{'phone' if size is PHONE else 'desktop'}-{scheme}")
            self._measure_width()
            self._ask_axe(f"{size['width']} px, {scheme}")
        self.page.set_viewport_size(before)

    def _photograph(self, name: str) -> None:
        if SHOTS:
            folder = Path(SHOTS) / self.journey
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}-{self.language}.png", full_page=True)

    def _measure_width(self) -> None:
        """The page itself must not scroll sideways; wide tables scroll within themselves."""
        # A page that refreshes itself has no document for a moment.
        self.page.locator("body").wait_for(state="attached")
        too_wide = self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        if too_wide > 0:
            self.complaints.append(f"{self.page.url} is {too_wide} px wider than the window: {self._widest()}")

    def _widest(self) -> str:
        return self.page.evaluate(
            "() => [...document.querySelectorAll('main *, header *, footer *')]"
            ".filter((part) => part.getBoundingClientRect().right > window.innerWidth + 1)"
            ".slice(0, 3).map((part) => part.outerHTML.slice(0, 120)).join(' | ')"
        )

    def _ask_axe(self, sight: str) -> None:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("(rules) => axe.run(document, rules)", RULES)["violations"]
        for rule in found:
            for node in rule["nodes"]:
                target = " ".join(str(part) for part in node["target"])
                self.complaints.append(f"{rule['id']}: {target} on {self.page.url} ({sight}): {node['failureSummary']}")


def open_reader(context: BrowserContext, site: Site, language: str, journey: str, *, scripts: bool) -> Reader:
    """Open a tab that notes whatever the browser complains about: scripts, content security, missing files."""
    page = context.new_page()
    reader = Reader(site, page, language, journey, scripts)
    page.on("pageerror", lambda error: reader.complaints.append(f"Script: {error} on {page.url}"))
    page.on("console", lambda said: _note_console(reader, said))
    page.on("requestfailed", lambda request: _note_failure(reader, request))
    return reader


def _note_console(reader: Reader, said: Any) -> None:
    # A page that is refused on purpose is told to the console too; the journey looks at it itself.
    if said.type == "error" and "the server responded with a status of 4" not in said.text:
        reader.complaints.append(f"Console: {said.text} on {reader.page.url}")


def _note_failure(reader: Reader, request: Request) -> None:
    if "ERR_ABORTED" not in (request.failure or ""):  # a download ends its navigation
        reader.complaints.append(f"Request: {request.url}: {request.failure}")
