"""Zip and gzip: members as bytes, bounded in size, with names in GBK where the archive does not say UTF-8.

Alipay and Douyin write member names in GBK without the flag that says so; a plain unzip shows mojibake.
"""

from __future__ import annotations

import gzip
import io
import lzma
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator

from recon.errors import Fault, InputFault

_ZIP = b"PK\x03\x04"
_ZIP_EMPTY = b"PK\x05\x06"
_GZIP = b"\x1f\x8b"
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
#: No bill unpacks to more; an archive that claims to is refused before it is unpacked.
MOST_BYTES = 4 << 30
#: Unpacked at once: a member is never held twice.
_PIECE = 1 << 16
#: What the library raises for an archive or a member that is damaged, wherever the damage lies.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError, struct.error)
_NOISE = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def is_archive(data: bytes) -> bool:
    """True for zip and gzip (also for workbooks, which are zips)."""
    return data.startswith((_ZIP, _ZIP_EMPTY, _GZIP))


def members(data: bytes, name: str) -> Iterator[tuple[str, bytes | Fault]]:
    """Give each member as (`archive/member`, bytes), or the fault that keeps it shut.

    Raises:
        InputFault: when the archive itself is damaged, cut short or too large.
    """
    if data.startswith(_GZIP):
        yield _gunzipped(data, name)
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED:
        problem = "the zip archive is damaged or cut short"
        raise InputFault(Fault(name, 0, "", "", problem, "Download it again; it was not received in full.")) from None
    with archive:
        files = [info for info in archive.infolist() if not info.filename.endswith("/")]  # `is_dir` fails on none
        if sum(info.file_size for info in files) > MOST_BYTES:
            raise InputFault(Fault(name, 0, "", "", "unpacks to more than 4 GiB", "Download shorter periods."))
        if not files:
            raise InputFault(Fault(name, 0, "", "", "the zip archive holds no file", "Download it again."))
        for info in sorted(files, key=_member_name):
            member = _member_name(info)
            base = member.rsplit("/", 1)[-1].lower()
            if member.lower().startswith(_NOISE) or base in _NOISE or base.startswith("._"):
                continue
            yield f"{name}/{member}", _content(archive, info, f"{name}/{member}")


def _member_name(info: zipfile.ZipInfo) -> str:
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = info.filename
    return name.replace("\\", "/")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes | Fault:
    if info.flag_bits & _ENCRYPTED:
        return Fault(
            name, 0, "", "", "is protected by a password", "Unpack it and put the file itself into the folder."
        )
    try:
        with archive.open(info) as stream, io.BytesIO() as content:
            shutil.copyfileobj(stream, content, _PIECE)
            return content.getvalue()
    except DAMAGED:
        return Fault(name, 0, "", "", "is damaged inside its archive", "Download the archive again.")


def _gunzipped(data: bytes, name: str) -> tuple[str, bytes | Fault]:
    inner = f"{name}/{name.rsplit('/', 1)[-1].removesuffix('.gz')}"
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        problem = "the gzip file is damaged or cut short"
        return inner, Fault(name, 0, "", "", problem, "Download it again; it was not received in full.")
    if len(content) > MOST_BYTES:
        return inner, Fault(name, 0, "", "", "unpacks to more than 4 GiB", "Download shorter periods.")
    return inner, content
