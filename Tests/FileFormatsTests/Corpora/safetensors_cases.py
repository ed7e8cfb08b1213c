"""Safetensors files, good and malformed, with the verdicts of the library and of ours."""

import json
import os
import struct
import tempfile

import numpy as np
import safetensors.numpy
from safetensors import safe_open


def raw(header, data=b"", length=None):
    if isinstance(header, (dict, list)):
        header = json.dumps(header).encode()
    elif isinstance(header, str):
        header = header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def entry(dtype="F32", shape=(2,), offsets=(0, 8), **more):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets), **more}


def safetensors_verdict(data):
    """The number of tensors that the library finds."""
    path = os.path.join(tempfile.gettempdir(), f"corpus-{os.getpid()}.safetensors")
    with open(path, "wb") as file:
        file.write(data)
    try:
        with safe_open(path, "numpy") as file:
            names = list(file.keys())
            file.metadata()
        return f"ok {len(names)}"
    except Exception:  # noqa: BLE001: whatever it says, it refused
        return "bad"
    finally:
        os.remove(path)


EIGHT = bytes(range(8))
GOOD_HEADER = {"a": entry()}
STRICTER = {
    "duplicate tensor": "a name that occurs twice hides one of the two",
    "duplicate metadata key": "likewise",
    "tensor as an array": "an accident of the decoder",
    "65 dimensions": "no library makes them",
}


def safetensors_cases():
    f32 = np.array([1.5, -2.25], "<f4").tobytes()
    yield "one tensor", raw(GOOD_HEADER, f32)
    yield "saved by the library", safetensors.numpy.save(
        {"w": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(3)}, {"note": "ü"})
    yield "scalar", raw({"a": entry("F64", (), (0, 8))}, EIGHT)
    yield "zero dimension", raw({"a": entry("F32", (0, 5), (0, 0))})
    yield "zero dimension among others", raw(
        {"z": entry("F32", (0,), (8, 8)), "a": entry(), "b": entry("U8", (1,), (8, 9))}, EIGHT + b"x")
    yield "no tensors", raw("{}")
    yield "metadata only", raw('{"__metadata__":{"a":"b"}}')
    yield "metadata null", raw({"__metadata__": None, "a": entry()}, EIGHT)
    yield "unknown field", raw({"a": entry(extra={"deep": [1, 2.5e-3, None, True]})}, EIGHT)
    yield "leading white space", raw("  \n" + json.dumps(GOOD_HEADER), EIGHT)
    yield "trailing white space", raw(json.dumps(GOOD_HEADER) + "  \t\r\n  ", EIGHT)
    yield "NaN payload", raw(GOOD_HEADER, b"\x01\x00\xc0\x7f" + b"\xff" * 4)
    yield "escaped name", raw('{"\\u0061\\ud83d\\ude00\\n":' + json.dumps(entry()) + "}", EIGHT)
    yield "composed and decomposed names", raw(
        '{"\u00e9":%s,"e\u0301":%s}' % (json.dumps(entry("U8", (4,), (0, 4))), json.dumps(entry("U8", (4,), (4, 8)))),
        EIGHT)
    yield "empty name", raw({"": entry()}, EIGHT)
    for dtype, size in (
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E5M2", 1), ("F8_E4M3", 1), ("F8_E8M0", 1),
        ("I16", 2), ("U16", 2), ("F16", 2), ("BF16", 2), ("I32", 4), ("U32", 4), ("F32", 4),
        ("C64", 8), ("F64", 8), ("I64", 8), ("U64", 8)):  # fmt: skip
        yield f"type {dtype}", raw({"a": entry(dtype, (8 // size,), (0, 8))}, EIGHT)
    yield "type F4", raw({"a": entry("F4", (16,), (0, 8))}, EIGHT)
    yield "type F4 within a byte", raw({"a": entry("F4", (15,), (0, 8))}, EIGHT)
    yield "type F6_E2M3", raw({"a": entry("F6_E2M3", (4,), (0, 3))}, EIGHT[:3])
    yield "type F6_E3M2 within a byte", raw({"a": entry("F6_E3M2", (3,), (0, 3))}, EIGHT[:3])

    yield "empty file", b""
    yield "7 bytes", b"\2\0\0\0\0\0\0"
    yield "no header", struct.pack("<Q", 2)
    yield "header length 0", struct.pack("<Q", 0)
    yield "header longer than the file", raw("{}", length=3)
    yield "header of 100 000 001 bytes", raw("{}", length=100_000_001)
    yield "header length 2^63", raw("{}", length=1 << 63)
    yield "header length 2^64-1", raw("{}", length=(1 << 64) - 1)
    yield "no JSON", raw("hello", EIGHT)
    yield "JSON array", raw("[]")
    yield "JSON null", raw("null")
    yield "not UTF-8", raw(b'{"\xff":' + json.dumps(entry()).encode() + b"}", EIGHT)
    yield "UTF-16", raw(json.dumps(GOOD_HEADER).encode("utf-16"), EIGHT)
    yield "byte-order mark", raw(b"\xef\xbb\xbf" + json.dumps(GOOD_HEADER).encode(), EIGHT)
    yield "trailing comma", raw('{"a":{"dtype":"F32","shape":[2,],"data_offsets":[0,8]}}', EIGHT)
    yield "trailing comma in the object", raw(json.dumps(GOOD_HEADER)[:-1] + ",}", EIGHT)
    yield "comment", raw("/* */" + json.dumps(GOOD_HEADER), EIGHT)
    yield "single quotes", raw(json.dumps(GOOD_HEADER).replace('"', "'"), EIGHT)
    yield "not closed", raw(json.dumps(GOOD_HEADER)[:-1], EIGHT)
    yield "text after it", raw(json.dumps(GOOD_HEADER) + "x", EIGHT)
    yield "NUL after it", raw(json.dumps(GOOD_HEADER) + "\0", EIGHT)
    yield "control in a string", raw('{"a\n":' + json.dumps(entry()) + "}", EIGHT)
    yield "lone surrogate", raw('{"\\ud800":' + json.dumps(entry()) + "}", EIGHT)
    yield "unknown escape", raw('{"\\x":' + json.dumps(entry()) + "}", EIGHT)
    for text in ("2.0", "2e0", "-2", "+2", "02", "0x2", "2.", ".2", "1e1", '"2"', "null", "NaN",
                 "18446744073709551616", "9223372036854775808", "-0"):  # fmt: skip
        yield f"extent {text}", raw(
            '{"a":{"dtype":"F32","shape":[%s],"data_offsets":[0,8]}}' % text, EIGHT)
    yield "duplicate tensor", raw(
        '{"a":%s,"a":%s}' % (json.dumps(entry()), json.dumps(entry())), EIGHT)
    yield "duplicate field", raw(
        '{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', EIGHT)
    yield "duplicate metadata", raw(
        '{"__metadata__":{},"__metadata__":{},"a":%s}' % json.dumps(entry()), EIGHT)
    yield "duplicate metadata key", raw(
        '{"__metadata__":{"k":"1","k":"2"},"a":%s}' % json.dumps(entry()), EIGHT)
    yield "metadata number", raw({"__metadata__": {"k": 1}, "a": entry()}, EIGHT)
    yield "metadata array", raw({"__metadata__": [], "a": entry()}, EIGHT)
    yield "metadata nested", raw({"__metadata__": {"k": {}}, "a": entry()}, EIGHT)
    yield "unknown type", raw({"a": entry("F31")}, EIGHT)
    yield "type in lower case", raw({"a": entry("f32")}, EIGHT)
    yield "no dtype", raw({"a": {"shape": [2], "data_offsets": [0, 8]}}, EIGHT)
    yield "no shape", raw({"a": {"dtype": "F32", "data_offsets": [0, 8]}}, EIGHT)
    yield "no offsets", raw({"a": {"dtype": "F32", "shape": [2]}}, EIGHT)
    yield "three offsets", raw({"a": entry(offsets=(0, 8, 8))}, EIGHT)
    yield "one offset", raw({"a": entry(offsets=(0,))}, EIGHT)
    yield "offsets reversed", raw({"a": entry(offsets=(8, 0))}, EIGHT)
    yield "tensor as an array", raw({"a": ["F32", [2], [0, 8]]}, EIGHT)
    yield "tensor as a number", raw({"a": 1}, EIGHT)
    yield "hole at the start", raw({"a": entry(offsets=(4, 12))}, EIGHT + b"abcd")
    yield "hole between", raw({"a": entry(), "b": entry(offsets=(12, 20))}, EIGHT * 3)
    yield "overlap", raw({"a": entry(), "b": entry(offsets=(4, 12))}, EIGHT + b"abcd")
    yield "same bytes twice", raw({"a": entry(), "b": entry()}, EIGHT)
    yield "bytes left over", raw(GOOD_HEADER, EIGHT + b"x")
    yield "bytes missing", raw(GOOD_HEADER, EIGHT[:7])
    yield "data without tensors", raw("{}", b"x")
    yield "size too small", raw({"a": entry(shape=(3,))}, EIGHT)
    yield "size too large", raw({"a": entry(shape=(1,))}, EIGHT)
    yield "extents overflow", raw({"a": entry(shape=(1 << 33, 1 << 33))}, EIGHT)
    yield "extents overflow before a 0", raw(
        {"a": entry(shape=(1 << 33, 1 << 33, 0), offsets=(0, 0))})
    yield "bytes overflow", raw({"a": entry(shape=(1 << 62,), offsets=(0, 0))})
    yield "nested 200 deep", raw(
        '{"a":{"x":%s%s,"dtype":"F32","shape":[2],"data_offsets":[0,8]}}' % ("[" * 200, "]" * 200),
        EIGHT)
    yield "65 dimensions", raw({"a": entry(shape=[2] + [1] * 64)}, EIGHT)


def safetensors_rows():
    for label, data in safetensors_cases():
        theirs = safetensors_verdict(data)
        ours = "bad" if label in STRICTER else theirs
        yield label, ours, theirs, data
