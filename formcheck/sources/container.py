"""Opening a video file: what is let in, which picture in it is meant, and its shape."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.container
import av.error
import av.stream
import numpy as np

from formcheck.errors import CannotOpen
from formcheck.frame import Image
from formcheck.sources.files import not_a_video, unreadable
from formcheck.sources.upright import Orientation, fit_within

# Only formats that hold one moving picture in one file. Playlists and the like, which could
# make the library read other files or wait for a network, are not opened.
_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,apng,mpegts,mpeg,mpegvideo,flv,asf,ogg,"
    "h264,hevc,m4v,ivf,obu,mjpeg,yuv4mpegpipe,nut,dv,mxf,wtv,rm,swf,"
    "mp3,wav,flac,aac,aiff,caf,amr"  # to be able to say that there is only sound
)
_MAX_PIXELS = 1 << 26
# Titles in no known alphabet stop nobody; from version 19 on that goes without saying.
_LENIENT: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.partition(".")[0]) < 19 else {}
)


@dataclass(frozen=True, slots=True)
class Geometry:
    """How stored pictures become pictures to look at; the same for all of a clip."""

    stored: tuple[int, int]
    """(width, height) as the first picture is stored."""
    square: tuple[int, int]
    """(width, height) with square pixels, before turning."""
    small: tuple[int, int]
    """(width, height) of what the pose model gets, before turning."""
    orientation: Orientation

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of the full, upright picture."""
        return self.orientation.size(*self.square)

    def picture(self, stored: av.VideoFrame, size: tuple[int, int]) -> Image:
        """Return an upright RGB picture of this size (before turning), in its own memory."""
        width, height = size
        # AREA neither aliases nor shifts the picture, and one thread is faster than several.
        smaller = width * height < stored.width * stored.height
        rgb = stored.reformat(
            width=width,
            height=height,
            format="rgb24",
            interpolation="AREA" if smaller else "BILINEAR",
            threads=1,
        )
        # Rows are padded when the width is not a multiple of some power of two, and what
        # reads raw memory would take such an array for a sheared picture.
        array = np.ascontiguousarray(rgb.to_ndarray(), dtype=np.uint8)
        return self.orientation.apply(array.copy() if rgb is stored else array)


def open_container(path: Path) -> av.container.InputContainer:
    """Open a file for reading.

    Raises
    ------
    CannotOpen
        It may not be read, or no video can be recognised in it.
    """
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
    try:
        # An absolute name is never taken for an address or an option.
        opened: av.container.InputContainer
        opened = av.open(str(path.absolute()), options=options, **_LENIENT)
    except PermissionError as error:
        raise unreadable(path, error) from error
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise not_a_video(path) from error
    return opened


def choose_stream(container: av.container.InputContainer, path: Path) -> av.VideoStream:
    """Return the moving picture that is meant; a cover image is none.

    Raises
    ------
    CannotOpen
        There is none, it cannot be decoded here, or it is too large.
    """
    still = (
        av.stream.Disposition.attached_pic
        | av.stream.Disposition.timed_thumbnails
        | av.stream.Disposition.still_image
    )
    moving = [s for s in container.streams.video if not s.disposition & still]
    if not moving:
        has = "sound but no moving picture" if container.streams.audio else "no moving picture"
        msg = f"'{path}' has {has}. Name a video file."
        raise CannotOpen(msg)
    known = [s for s in moving if getattr(s, "codec_context", None)]
    if not known:
        msg = f"'{path}' is compressed in a way that is not known here. Convert it to MP4 (H.264)."
        raise CannotOpen(msg)
    default = av.stream.Disposition.default
    best = max(known, key=lambda s: (bool(s.disposition & default), s.width * s.height))
    if best.width * best.height > _MAX_PIXELS:
        msg = (
            f"'{path}' claims pictures of {best.width} by {best.height} pixels, which is too "
            "large. Scale it down first."
        )
        raise CannotOpen(msg)
    # What is claimed at the start need not be what comes later.
    best.codec_context.options = {"max_pixels": str(_MAX_PIXELS)}
    return best


def geometry_of(first: av.VideoFrame, sample_aspect: Fraction | None, max_side: int) -> Geometry:
    """Work out shapes from the first frame; non-square pixels are stretched, not squeezed."""
    width, height = first.width, first.height
    if sample_aspect and 0.1 < sample_aspect < 10:
        if sample_aspect > 1:
            width = round(width * sample_aspect)
        else:
            height = round(height / sample_aspect)
    matrix: Any = first.side_data.get("DISPLAYMATRIX")
    return Geometry(
        stored=(first.width, first.height),
        square=(width, height),
        small=fit_within(width, height, max_side),
        orientation=Orientation.from_display_matrix(bytes(matrix)) if matrix else Orientation(),
    )
