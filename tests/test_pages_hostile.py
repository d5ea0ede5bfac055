"""Pages made of what others wrote, in a real browser: whatever it is, it is text.

Two things protect, and each has to be enough alone: everything is escaped, and the page forbids
the browser to run anything but formcheck's own script.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from formcheck.cli.main import app
from formcheck.history.page import history_page
from formcheck.history.store import Entry, Run
from formcheck.report.document import to_document
from formcheck.report.html import render_report
from formcheck.sources.synthetic import Squat, StickFigure, squats
from tests.browser import ATTACK, Opened, open_pages
from tests.test_report_page import attached
from tests.test_report_page import squats as report_of_squats

SCRIPT = f"<script>{ATTACK}</script>"
ATTACKS = {
    "script": SCRIPT,
    "out of a style": f"</style>{SCRIPT}",
    "out of a title": f"</title></textarea></noscript>{SCRIPT}",
    "out of a script": f"</script>{SCRIPT}",
    "out of a comment": f"--!>-->]]>{SCRIPT}<!--",
    "element": f'"><img src=x onerror="{ATTACK}"><svg/onload="{ATTACK}">',
    "double quotes": f'" onmouseover="{ATTACK}" onfocus="{ATTACK}" autofocus x="',
    "single quotes": f'\' onmouseover="{ATTACK}" onclick="{ATTACK}" x=\'',
    "no quotes": f"x onclick={ATTACK} onerror={ATTACK} onload={ATTACK}",
    "address": f"javascript:{ATTACK}",
    "address in disguise": f"\x01 java\tscript\n:{ATTACK}",
    "data address": f"data:text/html,{SCRIPT}",
    "frame": f"<iframe srcdoc='&lt;script&gt;{ATTACK}&lt;/script&gt;'></iframe>",
    "another base": '<base href="https://example.com/"><meta http-equiv=refresh content="0;url=x">',
    "escaped once": f"&lt;script&gt;{ATTACK}&lt;/script&gt;",
    "template": f"{{{{ 7777 * 7 }}}}{{% raw %}}{{{{ self }}}}${{{ATTACK}}}",
    "wide letters": f"\uff1cscript\uff1e{ATTACK}\uff1c/script\uff1e\u2039script\u203a{ATTACK}",
    "seven bits": f"+ADw-script+AD4-{ATTACK}+ADw-/script+AD4-",
    "turned round": f"\u202e{SCRIPT}\u2028\u2029\ufeff{SCRIPT}",
    "half a letter": f"\udc3c{SCRIPT}\x00<\x00script>{ATTACK}</script>",
    "terminal": "\x1b]0;title\x07\x1b[2J\r[/nothing][bold]",
    "style": f'}}</style><style>*{{background:url("javascript:{ATTACK}")}}',
}
ALL = " ".join(ATTACKS.values())


def attacked(value: Any, attack: str, where: str = "") -> Any:
    """A document in which every text is an attack, but those that have meanings of their own."""
    if isinstance(value, dict):
        return {key: attacked(item, attack, key) for key, item in value.items()}
    if isinstance(value, list):
        return [attacked(item, attack, where) for item in value]
    kept = ("schema", "of", "status", "measure", "code", "unit")
    return attack if isinstance(value, str) and where not in kept else value


def report_with(attack: str) -> str:
    report = report_of_squats()
    document = attacked(to_document(report), attack)
    files = replace(attached(report), video=attack.replace("\udc3c", ""))
    return render_report(document, files)


def history_with(attack: str) -> str:
    at = datetime(2026, 10, 1, 7, 30, tzinfo=UTC)
    document = attacked(to_document(report_of_squats()), attack)
    pain = {"pain_before": {attack: 3}, "note": attack}
    return history_page([Entry("0" * 16, at, attack, document)], [Run("1" * 16, at, attack, pain)])


def check(opened: Opened, *, scripts: int = 1) -> None:
    """Make sure that a page without its policy holds nothing but what formcheck put there."""
    assert opened.loaded
    assert not opened.ran
    assert opened.title.endswith(" · formcheck")
    assert opened.scripts == scripts + 1, "the page's own and that of the test"
    assert opened.handlers == ()
    assert opened.protocols <= {"file:", "data:"}
    assert not opened.tags & {"iframe", "base", "object", "embed", "form", "textarea", "noscript"}


def test_an_attack_that_gets_into_a_page_would_be_noticed_and_is_stopped_by_its_policy(
    tmp_path: Path,
) -> None:
    page = report_with("harmless")
    broken = {
        name: page.replace("</main>", f"{inserted}</main>")
        for name, inserted in {
            "script": SCRIPT,
            "handler": f'<img src="x" onerror="{ATTACK}">',
            "link": f'<a href="javascript:{ATTACK}">x</a>',
            "mouse": f'<b onmouseover="{ATTACK}">x</b>',
            "frame": f'<iframe srcdoc="{SCRIPT}"></iframe>',
        }.items()
    }
    for name, opened in open_pages(broken, tmp_path, guarded=False).items():
        assert opened.ran, name
    for name, opened in open_pages(broken, tmp_path, guarded=True).items():
        assert opened.loaded, name
        assert not opened.ran, name


def test_every_text_of_a_report_and_of_a_history_may_be_an_attack(tmp_path: Path) -> None:
    pages = {f"report, {name}": report_with(attack) for name, attack in ATTACKS.items()}
    pages |= {f"history, {name}": history_with(attack) for name, attack in ATTACKS.items()}
    for opened in open_pages(pages, tmp_path, guarded=False).values():
        check(opened)
    for name, opened in open_pages(pages, tmp_path, guarded=True).items():
        assert opened.loaded, name
        assert not opened.ran, name


# From files, by the commands


def run(*words: str | Path, status: int = 0) -> Result:
    """Run a command, which must tell the terminal nothing that it would obey."""
    done = CliRunner().invoke(app, [str(w) for w in words], env={"COLUMNS": "160"})
    assert done.exit_code == status, done.output
    assert not set("\x1b\x07\r\u202e") & set(done.output)
    return done


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A recording whose path, and an exercise whose every text, is an attack."""
    # The slash of an element's end separates folders, so a path can hold all of it.
    clip = tmp_path / f'a"><img src=x onerror="{ATTACK}"><' / f"script>{SCRIPT}{ATTACK}.npz"
    clip.parent.mkdir(parents=True)
    squats(StickFigure(), [Squat(), Squat()], fps=15.0).save(clip)
    own = tmp_path / "own.toml"
    text = (Path(__file__).parents[1] / "formcheck/exercises/squat.toml").read_text("utf-8")
    attack = json.dumps(ALL.replace("\udc3c", "").replace("\x7f", ""))
    # Nobody goes as deep as this asks, so there are faults to tell of.
    text = text.replace("at_most = 0\n", "at_most = -80\n").replace("= -10\n", "= -85\n")
    cue = json.dumps(ATTACKS["element"].replace(" ", "/"))  # at most six words
    lines = []
    for line in text.splitlines():
        key = line.partition(" = ")[0]
        if key in {"id", "name", "summary", "camera", "otherwise", "why", "cue"}:
            line = f"{key} = {cue if key == 'cue' else attack}"  # noqa: PLW2901
        lines.append(line)
    own.write_text("\n".join(lines), "utf-8")
    return clip, own


def test_pages_made_of_files_that_attack(files: tuple[Path, Path], tmp_path: Path) -> None:
    clip, own = files
    for name in ("one", "two"):
        run("check", clip, "--exercise", own, "--out", tmp_path / name)
    made = {"report": tmp_path / "one/report.html"}
    names = f"{ALL.replace(',', ';')},b"
    for name, words in {
        "history": ("history", "plot"),
        "comparison": ("compare", tmp_path / "one", tmp_path / "two", "--names", names),
    }.items():
        made[name] = tmp_path / f"{name}.html"
        run(*words, "--out", made[name])
    broken = clip.with_name(f"{SCRIPT.replace('/', '')}.npz")
    broken.write_text("not a recording", "utf-8")
    batch = ("batch", tmp_path, "--exercise", own, "--out", tmp_path / "all", "--workers", "1")
    run(*batch, status=1)
    made["overview"] = tmp_path / "all/overview.html"
    pages = {name: file.read_text("utf-8") for name, file in made.items()}
    found = open_pages(pages, tmp_path, guarded=False)
    for name, opened in found.items():
        check(opened)
        assert ATTACK in opened.text, f"{name}: it is there to be read"
    assert str(broken) in found["overview"].text
    for name, opened in open_pages(pages, tmp_path, guarded=True).items():
        assert opened.loaded, name
        assert not opened.ran, name


def test_terminals_are_told_what_files_say_and_obey_nothing(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, own = files
    mine = tmp_path / "mine" / "[bold]\x1b]0;title\x07.toml"
    mine.parent.mkdir()
    shutil.copy(own, mine)
    monkeypatch.setenv("FORMCHECK_EXERCISES", str(mine.parent))
    for words in (
        ("exercises", "list"),
        ("exercises", "show", own),
        ("exercises", "validate", own),
        ("check", clip, "--exercise", own, "--out", tmp_path / "out"),
        ("history", "list"),
        ("history", "show"),
        ("compare", tmp_path / "out", tmp_path / "out"),
    ):
        assert r"\x1b]0;title\x07" in run(*words).stdout.replace("\n", ""), words
