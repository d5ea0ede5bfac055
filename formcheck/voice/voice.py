"""Says what a session wants said, in a thread of its own: no frame ever waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from formcheck.closing import Closing
from formcheck.coaching.speech import Saying, SpeechQueue
from formcheck.errors import BackendUnavailable
from formcheck.sources.now import now_s
from formcheck.voice.engine import Engine, Tones

_GOODBYE_S = 2.0


class Voice(Closing):
    """Speaks one thing at a time, the most urgent first, and forgets what comes too late.

    Parameters
    ----------
    make
        Makes what is heard; called in the voice's own thread, as some systems want it.
    fallback
        Makes what is heard when that fails: tones, if not given.
    """

    def __init__(
        self, make: Callable[[], Engine], fallback: Callable[[], Engine] | None = None
    ) -> None:
        self._make = make
        self._fallback = fallback or Tones
        self._queue = SpeechQueue()
        self._changed = threading.Condition()
        self._stopped = False
        self._busy = False
        self.trouble = ""
        """Why it could not speak, in a sentence; empty if it can."""
        self._thread = threading.Thread(target=self._run, name="formcheck-voice", daemon=True)
        self._thread.start()

    @property
    def muted(self) -> bool:
        """Whether it keeps silent."""
        return self._queue.muted

    def say(self, sayings: Iterable[Saying]) -> None:
        """Queue what is to be said; never waits."""
        listed = list(sayings)
        if not listed:
            return
        now = now_s()
        with self._changed:
            for one in listed:
                self._queue.put(_at(one, now))
            self._changed.notify_all()

    def mute(self, *, muted: bool) -> None:
        """Fall silent, or speak again."""
        with self._changed:
            self._queue.mute(muted=muted)

    def finish(self, seconds: float = 5.0) -> None:
        """Wait until all is said, but no longer than this."""
        with self._changed:
            self._changed.wait_for(lambda: not self._busy and self._queue.empty, seconds)

    def close(self) -> None:
        """Fall silent for good; safe to call twice."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join(_GOODBYE_S)

    def _run(self) -> None:
        engine = self._engine()
        try:
            while (saying := self._next()) is not None:
                engine = self._said(engine, saying)
        finally:
            engine.close()

    def _engine(self) -> Engine:
        try:
            return self._make()
        except BackendUnavailable as error:
            self.trouble = str(error)
            return self._fallback()

    def _said(self, engine: Engine, saying: Saying) -> Engine:
        """Say one thing; return what to say the next with."""
        try:
            engine.say(saying)
        except BackendUnavailable as error:
            self.trouble = str(error)
            engine.close()
            engine = self._fallback()
            engine.say(saying)
        return engine

    def _next(self) -> Saying | None:
        """Return the next thing to say; None when there will be none."""
        with self._changed:
            while not self._stopped:
                saying = self._queue.take(now_s())
                self._busy = saying is not None
                if saying is not None:
                    return saying
                self._changed.notify_all()
                self._changed.wait()
        return None


def _at(saying: Saying, now: float) -> Saying:
    """Return it with the time of here: what was true in the picture is so from now on."""
    return Saying(saying.text, saying.urgency, now, saying.lasts_s, saying.tone, saying.group)
