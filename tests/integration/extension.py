# SPDX-License-Identifier: Apache-2.0
"""A host of native extensions in a few lines: reads the C interface's tables out of a shared object."""

import ctypes


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class Sink(ctypes.Structure):
    pass


Write = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.POINTER(Sink), Text)
Sink._fields_ = [("host_data", ctypes.c_void_p), ("write", Write)]
GetExtension = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_char_p)
Convert = ctypes.CFUNCTYPE(
    ctypes.c_int32, ctypes.c_char_p, ctypes.c_char_p, Text, ctypes.POINTER(Sink), ctypes.POINTER(Sink)
)


class Entry(ctypes.Structure):
    _fields_ = [("abi_major", ctypes.c_uint32), ("abi_minor", ctypes.c_uint32), ("id", ctypes.c_char_p),
                ("version", ctypes.c_char_p), ("get_extension", GetExtension)]  # fmt: skip


class Pair(ctypes.Structure):
    _fields_ = [("source", ctypes.c_char_p), ("target", ctypes.c_char_p)]


class ConvertTable(ctypes.Structure):
    _fields_ = [("conversions", ctypes.POINTER(Pair)), ("count", ctypes.c_uint32), ("convert", Convert)]


class Extension:
    """A loaded object. `pairs` are the conversions that it offers."""

    def __init__(self, path):
        entry = Entry.in_dll(ctypes.CDLL(str(path)), "atlink_plugin_entry")
        self.id = entry.id.decode()
        self.unknown = entry.get_extension(b"acme.unknown/1")
        self.table = ctypes.cast(entry.get_extension(b"atlink.convert/1"), ctypes.POINTER(ConvertTable)).contents
        pairs = [self.table.conversions[i] for i in range(self.table.count)]
        self.pairs = [(pair.source.decode(), pair.target.decode()) for pair in pairs]

    def convert(self, source, target, text, pieces=None):
        """(status, output, message); the sink takes only so many `pieces`."""
        output, message = [], []
        data = text.encode()
        buffer = ctypes.create_string_buffer(data, len(data))
        sinks = [self.sink(output, pieces), self.sink(message, None)]
        status = self.table.convert(
            source.encode(), target.encode(), Text(ctypes.addressof(buffer), len(data)), *map(ctypes.byref, sinks)
        )
        return status, b"".join(output).decode(), b"".join(message).decode()

    @staticmethod
    def sink(kept, pieces):
        def write(_, piece):
            kept.append(ctypes.string_at(piece.data, piece.size))
            return pieces is None or len(kept) < pieces

        return Sink(None, Write(write))
