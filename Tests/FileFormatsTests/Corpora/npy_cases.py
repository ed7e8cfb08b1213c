"""npy files, good and malformed, with the verdicts of NumPy and of ours."""

import io
import struct

import numpy as np


def npy(text, data=b"", version=(1, 0), length=None):
    head = text if isinstance(text, bytes) else text.encode()
    size = "<H" if version[0] == 1 else "<I"
    return (
        b"\x93NUMPY" + bytes(version) + struct.pack(size, len(head) if length is None else length)
        + head + data
    )  # fmt: skip


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def literal(descr="'<f8'", order="False", shape="(1, 2)"):
    return "{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n" % (descr, order, shape)


def npy_verdict(data):
    """The sum of an n×2 array of plain finite numbers."""
    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
        assert isinstance(array, np.ndarray) and array.ndim == 2 and array.shape[1] == 2
        assert array.dtype.kind in "fiu" and np.isfinite(array).all()
        return f"ok {float(array.astype(float).sum()).hex()} {array.shape[0]}"
    except Exception:  # noqa: BLE001
        return "bad"


NPY_STRICTER = {
    "bytes left over", "type f2", "type |f8", "extent 0x1", "extent 1_0 of 10", "extent True",
    "comment", "tab", "joined strings", "type of 16 bytes", "sum of extents", "type by name",
    "shape as a list", "extent +1", "extent 1L", "duplicate key", "escape in a string",
}


def npy_cases():
    points = np.array([[1.5, -2.0], [0.25, 3.0], [7.0, -0.5]])
    two = points[:1].tobytes()
    yield "saved by numpy", saved(points)
    yield "Fortran order", saved(np.asfortranarray(points))
    yield "transposed", saved(np.arange(6.0).reshape(2, 3).T)
    for code in ("<f2", ">f2", "<f4", "<f8", ">f4", ">f8", "i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4",
                 "<u4", ">u4", "<i8", ">i8", "<u8", ">u8"):  # fmt: skip
        yield f"type {code}", saved((points * 4).clip(0 if "u" in code else -99).astype(code))
        yield f"type {code} Fortran", saved(np.asfortranarray((points * 4).clip(0).astype(code)))
    yield "halves of all kinds", saved(
        np.array([[0.1, -65504], [6e-8, 6.1e-5], [-0.0, 1]], "<f2"))
    yield "half, infinite", saved(np.array([[np.inf, 0]], "<f2"))
    yield "no points", saved(np.zeros((0, 2)))
    yield "version 2", npy(literal(), two, (2, 0))
    yield "version 3", npy(literal(), two, (3, 0))
    yield "other order of keys", npy("{'shape': (1, 2), 'descr': '<f8', 'fortran_order': False}", two)
    yield "double quotes", npy(literal('"<f8"'), two)
    yield "native order", npy(literal("'=f8'"), two)
    yield "no order", npy(literal("'f8'"), two)
    yield "no blanks", npy("{'descr':'<f8','fortran_order':False,'shape':(1,2)}", two)

    yield "empty", b""
    yield "magic only", b"\x93NUMPY"
    yield "wrong magic", b"\x92NUMPY\1\0" + b"\0" * 100
    yield "version 0", npy(literal(), two, (0, 0))
    yield "version 4", npy(literal(), two, (4, 0))
    yield "version 1.1", npy(literal(), two, (1, 1))
    yield "header longer than the file", npy(literal(), b"", length=2000)
    yield "header of 10 001 bytes", npy(literal() + " " * (10_001 - len(literal())), two)
    yield "header of 4 GB", npy(literal(), two, (2, 0), length=(1 << 32) - 1)
    yield "zip file", b"PK\3\4" + b"\0" * 100
    yield "pickle", b"\x80\x04\x95" + b"\0" * 100
    yield "no dictionary", npy("('<f8', False, (1, 2))", two)
    yield "empty dictionary", npy("{}", two)
    yield "not closed", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)", two)
    yield "text after it", npy(literal() + "x", two)
    yield "expression", npy(literal() + " or 1", two)
    yield "call", npy(literal("__import__('os').getcwd()"), two)
    yield "comment", npy(literal().rstrip() + "# hello\n", two)
    yield "tab", npy(literal().replace(" ", "\t"), two)
    yield "no descr", npy("{'fortran_order': False, 'shape': (1, 2), }", two)
    yield "no shape", npy("{'descr': '<f8', 'fortran_order': False, }", two)
    yield "no order of indices", npy("{'descr': '<f8', 'shape': (1, 2), }", two)
    yield "unknown key", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), 'x': 1}", two)
    yield "duplicate key", npy(
        "{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", two)
    yield "key is no string", npy("{1: '<f8', 'fortran_order': False, 'shape': (1, 2), }", two)
    for name, descr in (
        ("object", "'|O'"), ("bool", "'|b1'"), ("complex", "'<c8'"), ("text", "'<U2'"),
        ("bytes", "'|S8'"), ("void", "'|V8'"), ("date", "'<M8[ns]'"), ("f2", "'<f2'"),
        ("|f8", "'|f8'"), ("f3", "'<f3'"), ("f88", "'<f88'"), ("of 16 bytes", "'<f16'"),
        ("structured", "[('x', '<f8'), ('y', '<f8')]"), ("empty", "''"), ("number", "8"),
        ("none", "None"), ("subarray", "('<f8', (2,))"), ("by name", "'float64'")):  # fmt: skip
        yield f"type {name}", npy(literal(descr), two)
    yield "joined strings", npy(literal("'<' 'f8'"), two)
    yield "escape in a string", npy(literal(r"'\x3cf8'"), two)
    for order in ("true", "1", "None", "'False'", "0"):
        yield f"order {order}", npy(literal(order=order), two)
    for extent in ("-1", "+1", "1.0", "0x1", "01", "True", "None", "'1'", "1L",
                   "99999999999999999999", "1 2"):  # fmt: skip
        yield f"extent {extent}", npy(literal(shape=f"({extent}, 2)"), two)
    yield "extent 1_0 of 10", npy(literal(shape="(1_0, 2)"), two * 10)
    yield "sum of extents", npy(literal(shape="(1+0, 2)"), two)
    yield "shape as a list", npy(literal(shape="[1, 2]"), two)
    yield "shape as a number", npy(literal(shape="2"), two)
    yield "shape in brackets", npy(literal(shape="(2)"), two)
    yield "scalar", saved(np.array(1.0))
    yield "one dimension", saved(np.arange(4.0))
    yield "three columns", saved(np.zeros((2, 3)))
    yield "three dimensions", saved(np.zeros((2, 2, 2)))
    yield "overflow", npy(literal(shape="(9223372036854775807, 2)"), two)
    yield "overflow before a 0", npy(literal(shape="(9223372036854775807, 2, 0)"), b"")
    yield "bytes overflow", npy(literal(shape="(1152921504606846976, 2)"), two)
    yield "a terabyte", npy(literal(shape="(68719476736, 2)"), two)
    yield "bytes missing", npy(literal(), two[:-1])
    yield "bytes left over", npy(literal(), two + b"x")
    yield "NaN", saved(np.array([[np.nan, 0.0]]))
    yield "infinite", saved(np.array([[0.0, np.inf]]))


def npy_rows():
    for label, data in npy_cases():
        theirs = npy_verdict(data)
        yield label, "bad" if label in NPY_STRICTER else theirs, theirs, data
