"""Formats of image files: those that are read, and those that are told rather than passed over."""

from __future__ import annotations

READ = {
    "BMP": {".bmp"},
    "GIF": {".gif"},
    "JPEG": {".jfif", ".jpe", ".jpeg", ".jpg"},
    "PNG": {".apng", ".png"},
    "PPM": {".pbm", ".pgm", ".pnm", ".ppm"},
    "TIFF": {".tif", ".tiff"},
    "WEBP": {".webp"},
}
"""Endings by Pillow's name of the format: those that it decodes alone, wherever it is installed."""
_ENDINGS = set().union(*READ.values())
_OTHER_ENDINGS = {
    *(".avif", ".avifs", ".heic", ".heif", ".hif", ".jxl", ".jxr"),
    *(".j2c", ".j2k", ".jp2", ".jpc", ".jpf", ".jpx"),
    *(".dds", ".dib", ".exr", ".ico", ".pcx", ".pfm", ".psd", ".qoi", ".sgi", ".tga", ".xcf"),
    *(".emf", ".eps", ".svg", ".svgz", ".wmf"),
    *(".arw", ".cr2", ".cr3", ".crw", ".dng", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".srw"),
}
"""Endings of files that most likely are images, but are not read."""


def is_image(name: str) -> bool:
    """Tell whether a name is that of an image: an ending of a format that is read, and nothing hidden on the way."""
    return _ending(name) in _ENDINGS and not is_hidden(name)


def is_unread_image(name: str) -> bool:
    """Tell whether a name is that of an image of a format that is not read, and nothing hidden on the way."""
    return _ending(name) in _OTHER_ENDINGS and not is_hidden(name)


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder, or one that it lies in, is of a system's own use."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _ending(name: str) -> str:
    file = name.rpartition("/")[2]
    _, dot, ending = file.rpartition(".")
    return (dot + ending).lower()
