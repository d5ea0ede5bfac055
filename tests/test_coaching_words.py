"""The catalogue of texts, the queue of what is said, the sounds, and the sign without hands."""

from __future__ import annotations

import io
import re
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from formcheck.coaching import coach, readiness, texts
from formcheck.coaching.earcons import EARCONS, RATE_HZ, samples_of, wav_of
from formcheck.coaching.gesture import Sign, crossed, one_hand_up
from formcheck.coaching.speech import Saying, SpeechQueue, Urgency
from formcheck.coaching.texts import languages, load_texts
from formcheck.errors import CannotOpen
from formcheck.feedback import BACK, DONE, HALF, START
from formcheck.pose import Pose
from formcheck.posture import POSTURES
from tests import bodies
from tests.bodies import body_pose

PACKAGE = Path(texts.__file__).parents[1]
ENGLISH = load_texts()


def test_every_sentence_that_the_code_asks_for_is_there() -> None:
    sources = [*PACKAGE.glob("coaching/*.py"), *PACKAGE.glob("window/*.py"), PACKAGE / "live.py"]
    asked = {
        key
        for path in sources
        if path.exists()
        for key in re.findall(r'texts\(\s*"([a-z]+\.[a-z_]+)"', path.read_text("utf-8"))
    }
    assert len(asked) > 10
    assert [key for key in sorted(asked) if key not in ENGLISH] == []


@pytest.mark.parametrize("key", [*readiness.BLOCKING, *readiness.ADVICE])
def test_every_remark_has_words(key: str) -> None:
    assert key == "posture" or ENGLISH(f"ready.{key}")


def test_every_posture_and_every_word_of_a_hold_is_there() -> None:
    for name in POSTURES:
        assert f"posture.{name}" in ENGLISH
    for word in (START, HALF, DONE, BACK):
        assert ENGLISH.own("hold", word, "") == word


@pytest.mark.parametrize("language", languages())
def test_catalogues_say_the_same_things(language: str) -> None:
    other = load_texts(language)
    needed = {k: v for k, v in ENGLISH.places.items() if k.split(".")[0] not in texts.OPTIONAL}
    assert {k: other.places.get(k) for k in needed} == needed


def test_a_language_that_is_not_there() -> None:
    with pytest.raises(CannotOpen) as caught:
        load_texts("tlh")
    assert str(caught.value) == "There are no texts in 'tlh'. Choose one of: en."


def test_what_an_exercise_file_says_may_be_translated() -> None:
    other = texts.Texts({"cue.SQ01": "Tiefer"}, "de")
    assert other.own("cue", "SQ01", "Sit a little deeper") == "Tiefer"
    assert other.own("cue", "SQ02", "Push your knees out") == "Push your knees out"


def test_sentences_can_be_read_from_afar() -> None:
    long = [
        key
        for key in ENGLISH.places
        if key.startswith(("ready.", "coach.", "pause.", "camera."))
        and len(ENGLISH._entries[key]) > 55
    ]
    assert long == []


# What is said, and when


def say(text: str, urgency: Urgency, t_s: float = 0.0, **more: object) -> Saying:
    return Saying(text, urgency, t_s, **more)  # type: ignore[arg-type]


def drained(queue: SpeechQueue, now_s: float) -> list[str]:
    said = []
    while (one := queue.take(now_s)) is not None:
        said.append(one.text)
    return said


def test_the_most_urgent_goes_first_and_of_these_the_oldest() -> None:
    queue = SpeechQueue()
    for text, urgency, t_s in (
        ("well done", Urgency.KIND, 0.0),
        ("knees out", Urgency.CUE, 0.1),
        ("heels down", Urgency.CUE, 0.2),
        ("5", Urgency.COUNT, 0.3),
    ):
        queue.put(say(text, urgency, t_s))
    assert drained(queue, 0.4) == ["5", "knees out", "heels down", "well done"]


def test_a_number_is_worth_nothing_later_and_a_newer_one_takes_its_place() -> None:
    queue = SpeechQueue()
    queue.put(say("4", Urgency.COUNT, 0.0, lasts_s=1.0, group="count"))
    queue.put(say("5", Urgency.COUNT, 0.5, lasts_s=1.0, group="count"))
    assert drained(queue, 0.6) == ["5"]
    queue.put(say("6", Urgency.COUNT, 1.0, lasts_s=1.0, group="count"))
    assert drained(queue, 3.0) == []


def test_what_must_not_be_missed_silences_the_rest() -> None:
    queue = SpeechQueue()
    queue.put(say("knees out", Urgency.CUE))
    queue.put(say("that's enough", Urgency.STOP))
    assert drained(queue, 0.1) == ["that's enough"]


def test_mute() -> None:
    queue = SpeechQueue()
    queue.put(say("one", Urgency.LEAD))
    queue.mute(muted=True)
    queue.put(say("two", Urgency.LEAD))
    assert drained(queue, 0.1) == []
    queue.mute(muted=False)
    queue.put(say("three", Urgency.LEAD))
    assert drained(queue, 0.1) == ["three"]


@pytest.mark.parametrize("name", EARCONS)
def test_sounds_are_short_whole_and_do_not_click(name: str) -> None:
    samples = samples_of(name)
    assert len(samples) / RATE_HZ == pytest.approx(sum(s for _, s in EARCONS[name]), abs=0.01)
    assert len(samples) / RATE_HZ < 0.8
    assert 2000 < np.abs(samples).max() < 2**15 - 1
    assert abs(int(samples[0])) < 200
    assert abs(int(samples[-1])) < 200
    with wave.open(io.BytesIO(wav_of(name))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getnframes()) == (1, 2, len(samples))


def test_what_is_shown_has_a_sound_that_exists() -> None:
    tones = {tone for _, tone in coach._HOW.values() if tone}
    assert tones <= set(EARCONS)


# The sign: crossed forearms, or one hand up


def arms(t_s: float, *, wrists_up: float = 0.25, over: float = 0.12) -> Pose:
    """Somebody who faces the camera, elbows at the chest, and holds the wrists up.

    Parameters
    ----------
    wrists_up
        Metres above the shoulders.
    over
        Metres that each wrist is on the other side; negative for not crossed.
    """
    pose = body_pose(t_s, bodies.STANDING, yaw_deg=0.0)
    image = pose.image_px.copy()
    at = pose.skeleton.index
    shoulders = (image[at["left_shoulder"]] + image[at["right_shoulder"]]) / 2
    for side, sign in (("left", 1.0), ("right", -1.0)):
        image[at[f"{side}_elbow"]] = shoulders + np.array([sign * 0.2, 0.2]) * bodies.PX_PER_M
        wrist = np.array([-sign * over, -wrists_up]) * bodies.PX_PER_M
        image[at[f"{side}_wrist"]] = shoulders + wrist
    return replace(pose, image_px=image)


def test_crossed_before_the_face() -> None:
    assert crossed(arms(0.0))


@pytest.mark.parametrize(
    "pose",
    [
        arms(0.0, over=-0.12),
        arms(0.0, wrists_up=-0.05),
        body_pose(0.0, bodies.STANDING),
        Pose.nobody(0.0),
    ],
    ids=["raised", "folded on the chest", "arms down", "nobody"],
)
def test_what_is_no_sign(pose: Pose) -> None:
    assert not crossed(pose)


def hands(*sides: str, up: float = 0.5, aside: float = 0.05, yaw_deg: float = 0.0) -> Pose:
    """Somebody who stretches up an arm, or both.

    Parameters
    ----------
    up, aside
        Metres that the wrist is above its shoulder, and beside it in the picture.
    yaw_deg
        From where: 0 from the front, 90 from the side.
    """
    pose = body_pose(0.0, bodies.STANDING, yaw_deg=yaw_deg)
    image = pose.image_px.copy()
    at = pose.skeleton.index
    for side in sides:
        arm = np.array([aside, -up]) * bodies.PX_PER_M
        image[at[f"{side}_elbow"]] = image[at[f"{side}_shoulder"]] + arm / 2
        image[at[f"{side}_wrist"]] = image[at[f"{side}_shoulder"]] + arm
    return replace(pose, image_px=image)


@pytest.mark.parametrize("yaw_deg", [0.0, 45.0, 90.0, 180.0, -90.0])
@pytest.mark.parametrize("side", ["left", "right"])
def test_one_hand_up_shows_from_everywhere(side: str, yaw_deg: float) -> None:
    assert one_hand_up(hands(side, yaw_deg=yaw_deg))
    assert not crossed(hands(side, yaw_deg=yaw_deg))


@pytest.mark.parametrize(
    "pose",
    [
        hands("left", "right"),
        hands("left", "right", yaw_deg=90.0),
        hands("left", up=0.15),
        hands("left", up=0.35, aside=0.4),
        hands("left", up=-0.5),
        Pose.nobody(0.0),
    ],
    ids=["both", "both from the side", "at the head", "pointing", "hanging", "nobody"],
)
def test_what_is_no_hand_up(pose: Pose) -> None:
    assert not one_hand_up(pose)


def test_how_long_it_is_shown_a_flicker_apart() -> None:
    sign = Sign()
    down = [body_pose(t / 10, bodies.STANDING, 0.0) for t in range(40)]
    shown = [sign.feed(arms(t / 10) if 10 <= t < 25 and t != 15 else down[t]) for t in range(40)]
    assert shown[9] == 0
    assert shown[20] == pytest.approx(1.0)
    assert max(shown) == pytest.approx(1.4, abs=0.35)
    assert shown[30] == 0
