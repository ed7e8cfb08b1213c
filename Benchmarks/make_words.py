"""Writes Sources/FlowMatching/Tokens/EnglishWords.swift from a list of words, one a line.

    python3 Benchmarks/make_words.py words.txt

The list is the 4-letter words of SCOWL 2020.12 (wordlist.aspell.net) in lower case without
apostrophes, sorted; without an argument the words are read back from the Swift file itself, so that
its layout can be made again from the repository alone.
"""

import pathlib
import re
import sys

TARGET = pathlib.Path(__file__).parent.parent / "Sources/FlowMatching/Tokens/EnglishWords.swift"
NOTICE = """\
// Made by Benchmarks/make_words.py; do not edit.
//
// The words are the output of SCOWL (Spell Checker Oriented Word Lists) 2020.12, under this notice:
//
// The collective work is Copyright 2000-2018 by Kevin Atkinson as well as any of the copyrights
// mentioned below:
//
//   Copyright 2000-2018 by Kevin Atkinson
//
//   Permission to use, copy, modify, distribute and sell these word lists, the associated scripts,
//   the output created from the scripts, and its documentation for any purpose is hereby granted
//   without fee, provided that the above copyright notice appears in all copies and that both that
//   copyright notice and this permission notice appear in supporting documentation. Kevin Atkinson
//   makes no representations about the suitability of this array for any purpose. It is provided
//   "as is" without express or implied warranty.

extension WordList {
  /// English words of four letters, of SCOWL (K. Atkinson).
  public static let english = WordList(
    words: englishText.split(whereSeparator: \\.isWhitespace).map(String.init), alphabet: .english)

  private static let englishText = \"\"\"
"""


def read(arguments):
    if arguments:
        return pathlib.Path(arguments[0]).read_text(encoding="utf-8").split()
    return re.findall(r"\b[a-z]{4}\b", TARGET.read_text(encoding="utf-8").split('"""')[1])


def main():
    words = read(sys.argv[1:])
    if len(set(words)) < len(words) or not all(re.fullmatch("[a-z]{4}", word) for word in words):
        sys.exit("the list needs different words of four letters a to z")
    rows = ["    " + " ".join(words[k : k + 19]) for k in range(0, len(words), 19)]
    text = NOTICE + "\n".join(rows) + '\n    """\n}\n'
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
