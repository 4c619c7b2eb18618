"""The dashboard as people open it, at desk and phone: published cells only, no other machine asked, usable by keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from browser import Page, browser
from nights import RanNight

NEEDS_NOTHING = ("file:", "data:", "about:", "blob:")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


def _dashboard(night: RanNight) -> Path:
    return (night.home / "serving" / "current" / "publik" / "dashboard.html").resolve()


def test_it_holds_published_cells_and_no_other_number(small_night: RanNight) -> None:
    page = _dashboard(small_night)
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page.read_text(), re.DOTALL)
    assert found
    told = json.loads(found[1])
    with duckdb.connect(str(page.with_name("padan.duckdb")), read_only=True) as con:
        open_cells = set(
            con.execute(
                "SELECT indicator_code, kode_kemendagri, numerator, denominator FROM marts.indicator WHERE NOT suppressed"
            ).fetchall()
        )
    numbered = [row for row in told["places"] if row[2] is not None or row[4] is not None]
    assert numbered
    assert {(code, place, n, d) for code, place, n, d, *_ in numbered} <= open_cells
    assert all(row["numerator"] is None and row["value"] is None for row in told["nation"] if row["suppressed"])


@pytest.mark.parametrize("width", [1200, 390])
def test_it_asks_nothing_and_is_read_without_scrolling_sideways(small_night: RanNight, page: Page, width: int) -> None:
    page.open(_dashboard(small_night).as_uri(), width=width)
    assert [url for url in page.requests if not url.startswith(NEEDS_NOTHING)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_draws_the_journey_a_trend_and_the_gaps_and_changes_when_asked(small_night: RanNight, page: Page) -> None:
    page.open(_dashboard(small_night).as_uri())
    assert page.evaluate("document.querySelectorAll('.bars .fill').length") >= 5
    assert page.evaluate("document.querySelectorAll('#trend svg, #trend .note').length") >= 1
    provinces = page.evaluate("document.getElementById('gap').querySelectorAll('button').length")
    assert provinces > 3
    page.evaluate("document.getElementById('gap').querySelector('button').click()")
    assert page.evaluate("document.getElementById('gap-region').value") != "ID"
    assert page.evaluate("document.getElementById('gap').querySelectorAll('button').length") == 0
    page.evaluate("document.getElementById('gap-region').value = 'ID'")
    last = "(s => { s.selectedIndex = s.options.length - 1; s.dispatchEvent(new Event('change')); return s.value; })"
    assert page.evaluate(f"{last}(document.getElementById('gap-code'))").startswith("I")
    assert page.evaluate("document.getElementById('gap').childElementCount") > 0


def test_every_control_has_a_label_and_every_picture_a_name(small_night: RanNight, page: Page) -> None:
    page.open(_dashboard(small_night).as_uri())
    assert page.evaluate("[...document.querySelectorAll('select')].filter(s => !s.closest('label')).length") == 0
    assert page.evaluate("[...document.querySelectorAll('svg, [role=img]')].filter(s => !s.getAttribute('aria-label')).length") == 0
    assert page.evaluate("document.documentElement.lang") == "id"


def test_it_says_that_not_found_is_not_unentitled(small_night: RanNight) -> None:
    text = " ".join(_dashboard(small_night).read_text().split())
    assert "bukan berarti tidak berhak" in text
    assert "Tidak satu angka pun menjadi alasan mengurangi bantuan" in text
