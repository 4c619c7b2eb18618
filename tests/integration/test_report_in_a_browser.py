"""The night's report as people open it: nothing is asked of any other machine, nothing hangs over the edge of a phone or a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Page, browser
from nights import RanNight

NEEDS_NOTHING = ("file:", "data:", "about:", "blob:")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


def _report(night: RanNight) -> str:
    return next(night.home.glob("reports/*/index.html")).resolve().as_uri()


def test_the_report_asks_nothing_of_any_machine(small_night: RanNight, page: Page) -> None:
    page.open(_report(small_night))
    assert _report(small_night) in page.requests
    assert [url for url in page.requests if not url.startswith(NEEDS_NOTHING)] == []


def test_a_page_that_asks_would_be_seen(page: Page, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text('<img src="http://127.0.0.1:9/x.png">')
    page.open((tmp_path / "x.html").as_uri())
    assert "http://127.0.0.1:9/x.png" in page.requests


@pytest.mark.parametrize("width", [1200, 390])
def test_it_is_read_without_scrolling_sideways(small_night: RanNight, page: Page, width: int) -> None:
    page.open(_report(small_night), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('h1').getBoundingClientRect().width") > 0


def test_every_plot_has_a_name_for_those_who_do_not_see_it(small_night: RanNight, page: Page) -> None:
    page.open(_report(small_night))
    assert page.evaluate("document.querySelectorAll('svg').length") > 10
    unnamed = "[...document.querySelectorAll('svg')].filter(s => !s.getAttribute('aria-label') && !s.querySelector('title')).length"
    assert page.evaluate(unnamed) == 0
    assert page.evaluate("document.documentElement.lang") == "id"
