"""H.264 in MP4, as browsers play it."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path

import av
import cv2
from av.container import OutputContainer
from av.packet import Packet
from av.video.reformatter import ColorPrimaries, ColorRange, ColorTrc
from av.video.stream import VideoStream

from formcheck.cores import spare_threads
from formcheck.errors import CodecUnavailable
from formcheck.frame import Image
from formcheck.sinks.audio import AudioTrack

TICKS_PER_S = 90_000
"""Presentation times are kept to this fraction of a second."""

# On 1080p, one core, "ultrafast" with the deblocking filter put back takes 8 to 9 ms a frame
# and 5 to 7 Mbit/s; with CABAC too it takes 1.5 ms more and 10 % less space, and "superfast"
# takes 15 to 18 ms and half the space. The pose model needs the processor more than the disk
# needs the space.
X264_OPTIONS = {"preset": "ultrafast", "crf": "26", "x264-params": "deblock=0,0"}
PICTURES_PER_KEYFRAME = 60

BT601 = 6
"""H.264's number for the colour matrix that OpenCV converts with."""


class VideoWriter:
    """Writes pictures, and the sound of the clip that they came from, to an MP4 file.

    Parameters
    ----------
    path
        The file, which is overwritten.
    size_px
        (width, height) of the pictures; even numbers.
    audio_from
        The clip whose sound is to be kept, or None.
    codec
        Name of the encoder.

    Raises
    ------
    CodecUnavailable
        There is no such encoder.
    av.FFmpegError
        The file can't be written; also raised by `add` and `finish`.
    """

    def __init__(
        self, path: Path, size_px: tuple[int, int], audio_from: Path | None, codec: str
    ) -> None:
        require_encoder(codec)
        self._path = path
        self._out: OutputContainer = av.open(
            str(path), "w", format="mp4", options={"movflags": "+faststart"}
        )
        self._stream = _add_stream(self._out, size_px, codec)
        self._audio = AudioTrack.of(audio_from, self._out) if audio_from else None
        self._last_pts = -1
        self._spacing = TICKS_PER_S // 25

    def add(self, picture: Image, t_s: float) -> None:
        """Encode one RGB picture, shown from `t_s` on."""
        frame = av.VideoFrame.from_numpy_buffer(
            cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), format="yuv420p"
        )
        pts = max(round(t_s * TICKS_PER_S), self._last_pts + 1)
        if self._last_pts >= 0:
            self._spacing = pts - self._last_pts
        self._last_pts = pts
        frame.pts = pts
        frame.time_base = Fraction(1, TICKS_PER_S)
        if self._audio:
            self._audio.pass_on(t_s)
        self._mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Complete the file; the last picture is shown as long as the one before it."""
        self._mux(self._stream.encode(None))
        if self._audio:
            self._audio.pass_on((self._last_pts + self._spacing) / TICKS_PER_S)
            self._audio.close()
        self._out.close()

    def discard(self) -> None:
        """Remove the file, which is given up; never raises."""
        if self._audio:
            self._audio.close()
        # Removed first: closing would otherwise move the index to its front, which can take
        # as long as copying the whole video.
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        with contextlib.suppress(av.FFmpegError):
            self._out.close()

    def _mux(self, packets: list[Packet[VideoStream]]) -> None:
        for packet in packets:
            packet.duration = self._spacing
            self._out.mux(packet)


def require_encoder(codec: str) -> None:
    """Make sure that an encoder is there.

    Raises
    ------
    CodecUnavailable
        It is not.
    """
    try:
        av.codec.Codec(codec, "w")
    except av.codec.codec.UnknownCodecError as error:
        msg = (
            f"No annotated video: PyAV {av.__version__} was built without the encoder "
            f"'{codec}'. Install its wheel with 'python -m pip install --force-reinstall "
            "--only-binary av av', or leave the annotated video out."
        )
        raise CodecUnavailable(msg) from error


def _add_stream(out: OutputContainer, size_px: tuple[int, int], codec: str) -> VideoStream:
    stream = out.add_stream(codec, rate=30)
    if not isinstance(stream, VideoStream):
        msg = f"No annotated video: '{codec}' is not an encoder for pictures."
        raise CodecUnavailable(msg)
    stream.width, stream.height = size_px
    stream.pix_fmt = "yuv420p"
    if codec == "libx264":
        stream.options = dict(X264_OPTIONS)
    context = stream.codec_context
    context.time_base = Fraction(1, TICKS_PER_S)
    context.gop_size = PICTURES_PER_KEYFRAME
    context.thread_count = spare_threads()
    # What OpenCV's conversion produces, so that players turn it back into the same colours.
    context.colorspace = BT601
    context.color_range = ColorRange.MPEG
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    return stream
