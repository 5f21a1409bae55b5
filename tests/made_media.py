"""Films and sound, made box by box and frame by frame as the standards say; nothing of ours reads along."""


def box(name: bytes, inside: bytes) -> bytes:
    return (len(inside) + 8).to_bytes(4) + name + inside


def film(seconds: int = 3, coding: bytes = b"avc1", *, wide: bool = False, sound_first: bool = False) -> bytes:
    """An MP4 film of so many seconds, with nothing to see in it."""
    zero = bytes(4)
    if wide:
        header = b"\1" + bytes(3) + bytes(16) + (1000).to_bytes(4) + (seconds * 1000).to_bytes(8) + bytes(80)
    else:
        header = zero + bytes(8) + (1000).to_bytes(4) + (seconds * 1000).to_bytes(4) + bytes(80)

    def track(handler: bytes, entry: bytes) -> bytes:
        samples = box(b"stsd", zero + (1).to_bytes(4) + box(entry, bytes(78)))
        media = box(b"hdlr", zero + zero + handler + bytes(13)) + box(b"minf", box(b"stbl", samples))
        return box(b"trak", box(b"mdia", media))

    tracks = [track(b"vide", coding)]
    if sound_first:
        tracks.insert(0, track(b"soun", b"mp4a"))
    moov = box(b"moov", box(b"mvhd", header) + b"".join(tracks))
    return box(b"ftyp", b"isom" + bytes(4) + b"isomavc1") + moov + box(b"mdat", bytes(64))


def sound(seconds: float = 2.0, *, tagged: bool = False) -> bytes:
    """An MP3 sound, 128 kbit/s at 44.1 kHz, in frames of 417 bytes and 1152 samples."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    frames = frame * round(seconds * 44100 / 1152)
    return b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128) + frames if tagged else frames
