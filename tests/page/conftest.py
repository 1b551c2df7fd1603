"""Pages of the widgets for the tests of this folder."""

import pytest

from tests.page import harness
from tests.page.driver import Pages, Widget


@pytest.fixture(scope="session")
def pages(chromium):
    made = Pages(chromium)
    yield made
    for page in made.known.values():
        page.context.close()


@pytest.fixture
def open_widget(pages):
    """Open the page of a widget; options of the browser's context, of the view and its state."""

    def open_(kind="highlight", *, state=None, theme="light", media=None, view=None, clock=False,
              width=1100, height=900, **context):  # fmt: skip
        page = pages.get(clock, context)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**({"media": "screen", "forced_colors": "none"} | (media or {})))
        page.mouse.move(0, 0)
        pages.show(page, harness.page(view or harness.view(kind), state, theme))
        if clock:
            page.clock.run_for(50)
        return Widget(page)

    yield open_
    assert pages.errors == []
