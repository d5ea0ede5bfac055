"""Reports as one HTML file that needs nothing else: no network, no libraries, no server."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from formcheck.errors import CannotOpen, WrongSchema
from formcheck.report import words
from formcheck.report.document import DISCLAIMER, load_document
from formcheck.report.model import Attachments, picture_keys, sheet_of
from formcheck.report.readings import FILE_NAME as READINGS
from formcheck.report.readings import NOTHING, load_curves

TEMPLATES = Path(__file__).with_name("templates")
PICTURES = "pictures"
"""Folder beside a report with a picture of each repetition."""
PAGE, VIDEO = "report.html", "annotated.mp4"


def render_report(document: Mapping[str, Any], attached: Attachments | None = None) -> str:
    """Return the page about one report.

    Parameters
    ----------
    document
        As `formcheck.report.document.to_document` gives it.
    attached
        Readings, pictures and video, as far as they are there.

    Raises
    ------
    WrongSchema
        The document is damaged.
    """
    try:
        sheet = sheet_of(document, attached or Attachments())
        return render("report.html.j2", sheet=sheet, disclaimer=DISCLAIMER)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"The report is damaged: {type(error).__name__} ({error}). Check the clip again."
        raise WrongSchema(msg) from error


def report_page(path: Path) -> str:
    """Return the page about a report that was written earlier, with all that lies beside it.

    Raises
    ------
    CannotOpen
        The report can't be read.
    WrongSchema
        It is not a report, or damaged.
    """
    document = load_document(path)
    return render_report(document, attachments_beside(path, document))


def attachments_beside(path: Path, document: Mapping[str, Any]) -> Attachments:
    """Return what lies beside a report file: readings, pictures, the annotated video."""
    folder = path.parent
    readings = folder / READINGS
    curves = load_curves(readings) if readings.is_file() else NOTHING
    video = VIDEO if (folder / VIDEO).is_file() else ""
    return Attachments(curves, _pictures(folder / PICTURES, document), video)


def _pictures(folder: Path, document: Mapping[str, Any]) -> dict[str, bytes]:
    found = {}
    for key in picture_keys(document):
        file = folder / f"{key}.jpg"
        if not file.is_file():
            continue
        try:
            found[key] = file.read_bytes()
        except OSError as error:
            msg = f"Could not read the picture '{file}': {error.strerror or error}."
            raise CannotOpen(msg) from error
    return found


def render(template: str, **given: Any) -> str:
    """Return a page made of a template; everything given is escaped."""
    return _environment().get_template(template).render(**given) + "\n"


@dataclass(frozen=True, slots=True)
class _Inline:
    """A file that is put into the page, and its hash, by which the page's policy allows it."""

    text: Markup
    sha256: str


@cache
def _inline(name: str) -> _Inline:
    text = (TEMPLATES / name).read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return _Inline(Markup(text), f"sha256-{digest}")  # noqa: S704 - our own file


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"inline": _inline, "status_words": words.STATUS_WORDS}
    environment.filters |= {
        "number": words.number,
        "clock": words.clock,
        "quantity": words.quantity,
    }
    return environment
