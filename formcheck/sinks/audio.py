"""The sound of a clip, carried over into the video that is made of it."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Generator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from formcheck.errors import FormcheckError
from formcheck.sources.container import choose_stream, open_container

COPIED = frozenset({"aac", "mp3"})
"""Codecs that every player takes from an MP4; others are encoded again as AAC."""
AAC_RATES = frozenset({8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000})
LEAD_S = 0.1
"""Sound this long before the first picture is kept: decoders need some to start."""

_log = logging.getLogger(__name__)


class AudioTrack:
    """Hands the sound of one clip to a video, in step with the pictures.

    Times are shifted by the clip's first picture, which is the video's zero. Sound that
    turns out to be damaged ends there, with a warning in the log.

    Parameters
    ----------
    source
        The opened clip; closed by `close`.
    stream
        Its sound.
    start
        Time of the clip's first picture in its own clock, in seconds.
    out
        The video, to which nothing was written yet.
    """

    def __init__(
        self, source: InputContainer, stream: AudioStream, start: Fraction, out: OutputContainer
    ) -> None:
        self._source = source
        self._out = out
        if stream.codec_context.codec.canonical_name in COPIED:
            target = out.add_stream_from_template(stream)
            self._packets = _copied(source, stream, target, start)
        else:
            target = _aac_stream(out, stream)
            self._packets = _encoded(source, stream, target, start)
        self._held: Packet[Any] | None = None
        self._ended = False

    @classmethod
    def of(cls, path: Path, out: OutputContainer) -> AudioTrack | None:
        """Return the sound of a clip; None when it has none or can't be read."""
        try:
            source = open_container(path)
            try:
                sounds = [s for s in source.streams.audio if getattr(s, "codec_context", None)]
                start = _first_picture_s(path) if sounds else Fraction(0)
            except BaseException:
                source.close()
                raise
        except (FormcheckError, av.FFmpegError) as error:
            _log.warning("The sound of '%s' could not be read: %s", path, error)
            return None
        if not sounds:
            source.close()
            return None
        return cls(source, sounds[0], start, out)

    def pass_on(self, until_s: float) -> None:
        """Write all sound that begins before a time of the video.

        Raises
        ------
        av.FFmpegError
            The video can't be written.
        """
        while not self._ended:
            packet = self._held or self._next()
            self._held = None
            if packet is None:
                self._ended = True
            elif packet.pts is not None and packet.time_base is not None:
                if packet.pts * packet.time_base >= until_s:
                    self._held = packet
                    return
                self._out.mux(packet)

    def _next(self) -> Packet[Any] | None:
        try:
            return next(self._packets, None)
        except av.FFmpegError as error:
            _log.warning("The sound ends early, it is damaged: %s", error)
            return None

    def close(self) -> None:
        """Release the clip; safe to call twice."""
        self._ended = True
        self._packets.close()
        self._source.close()


def _first_picture_s(path: Path) -> Fraction:
    """Return when the first picture is shown that can be decoded, in the clip's own clock."""
    with open_container(path) as clip:
        for packet in clip.demux(choose_stream(clip, path)):
            with contextlib.suppress(av.FFmpegError):
                for frame in packet.decode():
                    if frame.pts is None or frame.time_base is None:
                        return Fraction(0)
                    return Fraction(frame.pts * frame.time_base)
    return Fraction(0)


def _copied(
    source: InputContainer, stream: AudioStream, target: AudioStream, start: Fraction
) -> Generator[Packet[Any], None, None]:
    """Yield the clip's own packets on the video's clock."""
    last = None
    for packet in source.demux(stream):
        if packet.pts is None or packet.dts is None or packet.time_base is None:
            continue
        shift = round(start / packet.time_base)
        packet.pts -= shift
        packet.dts -= shift
        backwards = last is not None and packet.dts <= last
        if backwards or packet.pts * packet.time_base < -LEAD_S:
            continue
        last = packet.dts
        packet.stream = target
        yield packet


def _aac_stream(out: OutputContainer, stream: AudioStream) -> AudioStream:
    rate = stream.rate if stream.rate in AAC_RATES else 48000
    target = out.add_stream("aac", rate=rate)
    target.layout = "mono" if stream.channels == 1 else "stereo"
    return target


def _encoded(
    source: InputContainer, stream: AudioStream, target: AudioStream, start: Fraction
) -> Generator[Packet[Any], None, None]:
    """Yield the sound as AAC on the video's clock."""
    resampler = av.AudioResampler(
        format="fltp", layout=target.layout.name, rate=target.rate, frame_size=1024
    )
    for frame in source.decode(stream):
        if frame.pts is None or frame.time_base is None:
            continue
        frame.pts -= round(start / frame.time_base)
        if frame.pts * frame.time_base < -LEAD_S:
            continue
        for piece in resampler.resample(frame):
            yield from target.encode(piece)
    for piece in resampler.resample(None):
        yield from target.encode(piece)
    yield from target.encode(None)
