"""Clips for benchmarks, made from the sample."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.packet import Packet

SAMPLE = Path(__file__).parents[1] / "samples/squat/clip.mp4"


def scaled(target: Path, width: int, height: int, frames: int) -> Path:
    """Write the first frames of the sample at another size, repeating it if it is short."""
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "fast", "crf": "20"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        done = 0
        while done < frames:
            with av.open(str(SAMPLE)) as source:
                for frame in source.decode(video=0):
                    if done == frames:
                        break
                    picture = frame.reformat(width, height, "yuv420p")
                    picture.pts, picture.time_base = done, Fraction(1, 30)
                    out.mux(stream.encode(picture))
                    done += 1
        out.mux(stream.encode(None))
    return target


def repeated(clip: Path, target: Path, times: int) -> Path:
    """Write a clip several times over without encoding it again."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as out:
        video = source.streams.video[0]
        stream = out.add_stream_from_template(video)
        times_of = [_times(p) for p in source.demux(video) if p.dts is not None]
        length = max(pts + long for pts, long in times_of) - min(pts for pts, _ in times_of)
        for i in range(times):
            source.seek(0)
            for packet in source.demux(video):
                if packet.dts is None or packet.pts is None:
                    continue
                packet.pts += i * length
                packet.dts += i * length
                packet.stream = stream
                out.mux(packet)
    return target


def _times(packet: Packet[Any]) -> tuple[int, int]:
    return packet.pts or 0, packet.duration or 0
