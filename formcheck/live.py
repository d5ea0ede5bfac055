"""A session in front of a camera: frames in, a window and a voice out, and a report at the end."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from formcheck.coaching.choosing import OpenSession
from formcheck.coaching.moment import Command, Moment, Stage
from formcheck.coaching.session import Session
from formcheck.coaching.speech import Saying, Urgency
from formcheck.errors import FormcheckError
from formcheck.estimators.base import PoseEstimator, notes_of, people_of, take_corrections
from formcheck.frame import Frame, Image
from formcheck.pipeline import Audience
from formcheck.results import Report
from formcheck.sinks.base import Sink
from formcheck.sources.camera import CameraSource, Link
from formcheck.sources.now import now_s
from formcheck.window.base import Display, Key, Status
from formcheck.window.summary import counted_in_words, to_work_on

POLL_S = 0.25
"""How often keys are looked at while no picture comes."""
RATE_S = 3.0
"""The frame rate is told over so long."""
SLOW_FPS = 10.0
"""Below this, quick movements are missed, and somebody is told."""
SLOW_AGAIN_S, WARNING_S = 30.0, 6.0
"""How often that is told again, and how long it stands there."""
GOODBYE_S = 12.0
"""How long the summary stands there, unless a key is pressed."""


class Speaker(Protocol):
    """Whoever says things aloud."""

    @property
    def muted(self) -> bool:
        """Whether it keeps silent."""

    def say(self, sayings: Iterable[Saying]) -> None:
        """Queue what is to be said."""

    def mute(self, *, muted: bool) -> None:
        """Fall silent, or speak again."""

    def finish(self, seconds: float = 5.0) -> None:
        """Wait until all is said."""


class Recorder(Protocol):
    """Whoever records."""

    def add(self, frame: Frame) -> None:
        """Record a frame."""


@dataclass(slots=True)
class Rate:
    """How fast frames come through, in the camera's own time: what the analysis gets to see."""

    times: deque[float] = field(default_factory=deque)

    def note(self, now: float) -> float:
        """Count a frame; return frames a second over the last few seconds, 0 if not known."""
        self.times.append(now)
        while self.times[0] < now - RATE_S:
            self.times.popleft()
        length_s = self.times[-1] - self.times[0]
        return (len(self.times) - 1) / length_s if length_s > 0.8 * RATE_S else 0.0

    def forget(self) -> None:
        """Begin anew, after an interruption."""
        self.times.clear()


@dataclass(slots=True)
class Live:
    """One session with everything that takes part in it.

    Parameters
    ----------
    camera, estimator
        Where pictures and poses come from.
    session
        What makes sense of them.
    display, voice
        Where it is seen and heard.
    sinks
        Makes what listens to the analysis and is told the report; called anew when it starts
        afresh. They get no pictures unless `pictures`.
    recorder
        Records; not there if None.
    pictures
        Whether sinks may keep pictures.
    goodbye_s
        How long the summary stands there.
    shown
        Told after each frame was shown: for measuring.
    """

    camera: CameraSource
    estimator: PoseEstimator
    session: Session | OpenSession
    display: Display
    voice: Speaker
    sinks: Callable[[], list[Sink]]
    recorder: Recorder | None = None
    pictures: bool = False
    goodbye_s: float = GOODBYE_S
    shown: Callable[[Frame, Moment], None] | None = None
    _rate: Rate = field(default_factory=Rate, init=False)
    _audience: Audience = field(init=False)
    _moment: Moment | None = field(default=None, init=False)
    _starts: int = field(default=0, init=False)
    _looked_at: set[tuple[int, ...]] = field(default_factory=set, init=False)
    _lost: bool = field(default=False, init=False)
    _warned_s: float = field(default=-math.inf, init=False)
    _warning: str = field(default="", init=False)
    _trouble: tuple[str, ...] = field(default=(), init=False)
    _quit: bool = field(default=False, init=False)
    _helper: ThreadPoolExecutor = field(init=False)
    """Makes the picture ready while the pose model looks at it."""

    def __post_init__(self) -> None:
        self._audience = Audience(self.sinks())

    def run(self) -> Report:
        """Run until it is done, a key says so, the camera ends, or Ctrl-C; return the report.

        However it ends, be it that the camera is lost or the pose model fails, the report is
        made and told to the sinks, and says so.

        Raises
        ------
        SinkError
            The report could not be written.
        """
        with self._audience, ThreadPoolExecutor(1, "formcheck-picture") as self._helper:
            try:
                with suppress(KeyboardInterrupt):
                    self._follow()
            except FormcheckError as error:
                # What was done until then is not lost by it.
                self._trouble += (str(error),)
            report = self._report()
            self._audience.finish(report)
        return report

    def goodbye(self, report: Report, saved: str) -> None:
        """Show and say what came of it, for a while or until a key is pressed."""
        with suppress(KeyboardInterrupt):
            self.display.summary(report, saved)
            self._say_goodbye(report)
            deadline = time.monotonic() + (0.0 if self._quit else self.goodbye_s)
            while time.monotonic() < deadline and not self.display.keys(POLL_S):
                time.sleep(0.02)
            self.voice.finish(0.0 if self._quit else 5.0)

    # Frame by frame

    def _follow(self) -> None:
        while self.session.stage is not Stage.DONE and not self._quit:
            frame = self.camera.take(POLL_S)
            if frame is None:
                if self.camera.link is Link.ENDED:
                    return
                self._while_nothing_comes()
            else:
                self._frame(frame)
            self._obey(self.display.keys())

    def _frame(self, frame: Frame) -> None:
        session = self.session
        if self._lost:
            self._lost = False
            self._say(session.texts("camera.back"), "resume")
        self._looked_at.add(frame.image.shape[1::-1])
        prepared = self._helper.submit(self.display.prepare, frame)
        pose = self.estimator.estimate(frame)
        if changes := take_corrections(self.estimator):
            session.look_again(changes)
        people = people_of(self.estimator)
        moment = session.feed(pose, light=lightness(frame.image), people=people)
        self._moment = moment
        self.voice.say(moment.says)
        self.display.show(prepared.result(), moment, self._status(self._rate.note(frame.t_s)))
        if self.shown is not None:
            self.shown(frame, moment)
        self._tell(moment, frame)
        if self.recorder is not None:
            self.recorder.add(frame)

    def _tell(self, moment: Moment, frame: Frame) -> None:
        """Tell the sinks, once the frame is shown."""
        if self.session.starts != self._starts:
            self._starts = self.session.starts
            self._audience.replace(self.sinks())
        if moment.tick is not None:
            self._audience.tell(moment.tick, frame if self.pictures else None)

    def _while_nothing_comes(self) -> None:
        """Say that the camera is gone, and keep the window alive."""
        if self.camera.link is Link.LOST and not self._lost:
            self._lost = True
            self.session.interrupt()
            self._rate.forget()
            self._say(self.session.texts("camera.lost"), "stop", Urgency.STOP)
        if self._lost and self._moment is not None:
            trouble = self.session.texts("camera.lost")
            self.display.show(None, self._moment, Status(trouble=trouble, muted=self.voice.muted))

    def _status(self, fps: float) -> Status:
        if 0 < fps < SLOW_FPS and now_s() - self._warned_s > SLOW_AGAIN_S:
            self._warned_s = now_s()
            self._warning = self.session.texts("camera.slow", fps=round(fps))
            self._say(self._warning, "")
        return Status(
            fps=fps,
            dropped=self.camera.dropped,
            muted=self.voice.muted,
            recording=self.recorder is not None,
            warning=self._warning if now_s() - self._warned_s < WARNING_S else "",
        )

    def _obey(self, keys: tuple[Key, ...]) -> None:
        for key in keys:
            if key is Key.QUIT:
                self._quit = True
            elif key is Key.NEXT:
                self.session.command(Command.NEXT)
            elif key is Key.MUTE:
                self.voice.mute(muted=not self.voice.muted)
            elif key.value.isdigit() and isinstance(self.session, OpenSession):
                self.session.choose(int(key.value))

    def _say(self, text: str, tone: str, urgency: Urgency = Urgency.LEAD) -> None:
        self.voice.say([Saying(text, urgency, now_s(), tone=tone, group="live")])

    # The end

    def _report(self) -> Report:
        camera = self.camera
        made_by: Mapping[str, Any] = {
            **self.estimator.provenance,
            "model_saw_px": sorted(map(list, self._looked_at)),
            "frames_dropped": camera.dropped,
        }
        said = notes_of(self.estimator)
        warnings = (*camera.warnings, *said, *self._audience.warnings, *self._trouble)
        return self.session.report(camera.info, made_by, warnings)

    def _say_goodbye(self, report: Report) -> None:
        texts = self.session.texts
        self._say(texts("end.spoken", count=counted_in_words(report, texts)), "done")
        if cue := to_work_on(report, texts):
            text = texts("end.spoken_work", cue=cue)
            self.voice.say([Saying(text, Urgency.KIND, now_s(), 10.0, group="goodbye")])


def lightness(image: Image) -> float:
    """Return how light a picture is on average, 0 to 1; a sample of it is enough."""
    return float(np.mean(image[::16, ::16])) / 255.0
