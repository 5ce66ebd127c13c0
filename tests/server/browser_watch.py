"""A browser's window that tells what ran in it."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

TOUCH = """() => {
  const documents = [document, ...[...document.querySelectorAll('iframe')].map(frame => frame.contentDocument)].filter(Boolean);
  for (const one of documents) for (const element of one.querySelectorAll('*'))
    for (const event of ['mouseover', 'mouseenter', 'pointerenter', 'focus', 'submit', 'click'])
      event === 'click' && element.click ? element.click() : element.dispatchEvent(new Event(event, {bubbles: true, cancelable: true}));
}"""
"""Touches every element, those of the page's own frames too."""


class Watch:
    """A browser's window in which every call of ``ran`` is counted, from whatever page was opened in it."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.calls: list[Any] = []
        self.context: BrowserContext = browser.new_context(**options)
        self.context.expose_function("ran", lambda *said: self.calls.append(said))
        self.page: Page = self.context.new_page()
        self.page.on("dialog", self._said)

    def _said(self, dialog: Dialog) -> None:
        self.calls.append("dialog")
        dialog.dismiss()

    def show(self, markup: str) -> None:
        self.page.set_content(markup, wait_until="load")
        self.touch()

    def open(self, url: str) -> None:
        self.page.goto(url, wait_until="load")
        self.touch()

    def touch(self) -> None:
        """Errors of the page's own are none of ours: a payload may break what it is written into."""
        self.page.evaluate(TOUCH)
        self.page.wait_for_timeout(5)

    def settle(self) -> list[Any]:
        self.page.wait_for_timeout(300)
        return self.calls


@contextmanager
def whole_browser(executable: Path) -> Iterator[Browser]:
    """The new headless mode: the whole browser, PDF viewer included."""
    with sync_playwright() as playwright:
        modes = ["--headless", "--headless=old"]
        opened = playwright.chromium.launch(
            executable_path=str(executable), args=["--no-sandbox", "--headless=new"], ignore_default_args=modes
        )
        yield opened
        opened.close()


def shows_red(page: Page, pixels: int = 10_000) -> bool:
    """Whether a red area of more than ``pixels`` shows, within a generous while: a PDF is drawn long after its page has loaded."""
    return eventually(lambda: _red_pixels(page.screenshot()) > pixels, page)


def eventually(check: Callable[[], bool], page: Page, seconds: float = 60) -> bool:
    """Whether ``check`` comes true while the browser goes on."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        page.wait_for_timeout(100)
    return True


def _red_pixels(png: bytes) -> int:
    image = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    return int(((image[..., 0] > 200) & (image[..., 1] < 60) & (image[..., 2] < 60)).sum())
