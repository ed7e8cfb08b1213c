#!/usr/bin/env python3
"""Writes the corpora of good and malformed files with the verdicts of the reference libraries."""

import base64
import os

from csv_cases import CSV
from npy_cases import npy_rows
from safetensors_cases import safetensors_rows

HERE = os.path.dirname(os.path.abspath(__file__))


def table(name, rows):
    with open(os.path.join(HERE, name + ".tsv"), "w", encoding="ascii") as file:
        for label, ours, theirs, data in rows:
            file.write("\t".join((label, ours, theirs, base64.b64encode(data).decode())) + "\n")


if __name__ == "__main__":
    table("safetensors", safetensors_rows())
    table("npy", npy_rows())
    table("csv", ((label, verdict, "-", data) for label, data, verdict in CSV))
