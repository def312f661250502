"""A zip as Chinese portals make it: member names in GBK bytes without the UTF-8 flag, so a plain unzip shows mojibake.

`zipfile` cannot write that, hence the few records here (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16).
"""

import struct
import zlib
from pathlib import Path
from typing import Final

_TIME: Final = (10 << 11) | (30 << 5)
"""10:30:00 in DOS form: fixed, so that the same content gives the same archive."""
_LEVEL: Final = 1


def write_zip(path: Path, members: dict[str, bytes], day: tuple[int, int, int]) -> None:
    """Write the members, compressed, with names in GBK and one date on all of them.

    Args:
        path: the archive.
        members: name to content, in the order in which they are stored.
        day: year, month, day of the download.
    """
    date = ((day[0] - 1980) << 9) | (day[1] << 5) | day[2]
    directory = b""
    offset = 0
    with path.open("wb") as stream:
        for name, content in members.items():
            raw = name.encode("gbk")
            packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
            packed = packer.compress(content) + packer.flush()
            facts = struct.pack(
                "<HHHHHIIIHH", 20, 0, 8, _TIME, date, zlib.crc32(content), len(packed), len(content), len(raw), 0
            )
            stream.write(b"PK\x03\x04" + facts + raw + packed)
            directory += b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0, offset) + raw
            offset += 30 + len(raw) + len(packed)
        tail = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), offset, 0)
        stream.write(directory + b"PK\x05\x06" + tail)
