"""Whether videos, cameras, windows and voices work."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np

from formcheck.doctor.finding import Finding, Health
from formcheck.errors import FormcheckError

ENCODER = "libx264"
DECODERS = {
    "H.264": ("h264",),
    "HEVC": ("hevc",),
    "VP9": ("vp9", "libvpx-vp9"),
    "AV1": ("libdav1d", "libaom-av1"),
    "MJPEG": ("mjpeg",),
    "GIF": ("gif",),
}
"""Format → names of what reads it; one of them is enough."""
AV_REMEDY = "pip install --force-reinstall --only-binary av av"


def video_writing() -> Finding:
    """Look whether annotated videos can be written: by writing one."""
    from formcheck.sinks.encoder import VideoWriter

    what = "video writing"
    try:
        with tempfile.TemporaryDirectory(prefix="formcheck-doctor-") as folder:
            writer = VideoWriter(Path(folder) / "test.mp4", (64, 64), None, ENCODER)
            for i in range(3):
                writer.add(np.full((64, 64, 3), 80 * i, dtype=np.uint8), i / 30)
            writer.finish()
    except (FormcheckError, OSError) as error:
        return Finding(what, Health.LIMITED, f"no annotated videos: {error}", AV_REMEDY)
    return Finding(what, Health.FINE, f"H.264 ({ENCODER})")


def video_reading() -> Finding:
    """Look which kinds of videos can be read."""
    import av

    def reads(name: str) -> bool:
        try:
            av.codec.Codec(name, "r")
        except av.codec.codec.UnknownCodecError:
            return False
        return True

    there = [kind for kind, names in DECODERS.items() if any(map(reads, names))]
    missing = [kind for kind in DECODERS if kind not in there]
    if missing:
        found = f"{', '.join(there) or 'nothing'}; cannot read {', '.join(missing)}"
        remedy = f"{AV_REMEDY}, or convert such clips to H.264."
        return Finding("video reading", Health.LIMITED, found, remedy)
    return Finding("video reading", Health.FINE, ", ".join(there))


def camera() -> Finding:
    """Look for cameras, without switching one on."""
    from formcheck.sources.devices import DEVICES, devices, why_no_pictures

    found = devices()
    if found is None:
        text = "cannot be listed on this system"
        return Finding("camera", Health.FINE, text, "formcheck live shows whether it works.")
    if not found:
        return Finding("camera", Health.LIMITED, "none", why_no_pictures(0, found))
    shut = [d for d in found if not os.access(DEVICES / f"video{d.number}", os.R_OK | os.W_OK)]
    if shut:
        text = f"may not be used: {', '.join(map(str, shut))}"
        return Finding("camera", Health.LIMITED, text, why_no_pictures(shut[0].number, found))
    return Finding("camera", Health.FINE, ", ".join(map(str, found)))


def window() -> Finding:
    """Look whether a window can be opened."""
    from formcheck.errors import DisplayUnavailable
    from formcheck.window.window import require_display

    try:
        require_display()
    except DisplayUnavailable as error:
        remedy = "Only formcheck live needs one; --no-window goes without."
        return Finding("window", Health.LIMITED, str(error), remedy)
    return Finding("window", Health.FINE, "can be opened")


def voice() -> Finding:
    """Look whether there is a voice, and a player of tones."""
    from formcheck.errors import BackendUnavailable
    from formcheck.voice.engine import Words, wav_player

    tones = f"tones by {wav_player()[0]}" if wav_player() else "no tones either"
    try:
        Words().close()
    except BackendUnavailable as error:
        remedy = "Only formcheck live speaks; --no-voice keeps it silent."
        return Finding("voice", Health.LIMITED, f"{error} ({tones})", remedy)
    return Finding("voice", Health.FINE, "speaks")
