"""A paragraph of plain text among widgets."""

from __future__ import annotations

import html

import ipywidgets


class Note(ipywidgets.HTML):
    """Plain text, escaped; line ends are kept."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f'<p class="kit-note" style="white-space:pre-line">{html.escape(text)}</p>'
        )
