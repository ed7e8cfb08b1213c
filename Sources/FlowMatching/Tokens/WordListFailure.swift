/// Why a text is no list of words of equal length; lines count from 1.
public enum WordListFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// Fewer than two words.
  case tooFew(Int)
  /// More than `WordList.mostWords`.
  case tooMany
  /// An empty line before the last word.
  case empty(line: Int)
  /// A word longer than `WordList.longest`.
  case tooLong(line: Int, length: Int)
  /// A word of another length than the first.
  case length(line: Int, length: Int, first: Int)
  /// A word that was there before.
  case repeated(line: Int, earlier: Int, word: String)
  /// A character that is white space, invisible, a control character or of too many code points.
  case notALetter(line: Int, column: Int, codes: String)
  /// The character that open letters are written as.
  case reserved(line: Int, column: Int)
  /// The 257th letter.
  case tooManyLetters(line: Int)

  public var description: String {
    switch self {
    case .tooFew(let count):
      "a list needs at least two different words, one a line; it has \(count)"
    case .tooMany: "the list has more than \(WordList.mostWords) words"
    case .empty(let line): "line \(line) is empty; write one word a line"
    case .tooLong(let line, let length):
      "line \(line) has \(length) letters; a word has at most \(WordList.longest)"
    case .length(let line, let length, let first):
      "line \(line) has \(length) letters and line 1 has \(first); all words need the same length"
    case .repeated(let line, let earlier, let word):
      "line \(line) repeats “\(word)” of line \(earlier); every word is equally likely, so write it once"
    case .notALetter(let line, let column, let codes):
      "line \(line), letter \(column) is \(codes), which is no letter that can be shown; remove it"
    case .reserved(let line, let column):
      "line \(line), letter \(column) is “\(Alphabet.open)”, which stands for an open letter; use another"
    case .tooManyLetters(let line):
      "line \(line) has the 257th letter of the list; an alphabet has at most 256"
    }
  }

  /// The line that it is about, and the letter in it; nil where it is about all of them.
  public var place: (line: Int?, column: Int?) {
    switch self {
    case .tooFew, .tooMany: (nil, nil)
    case .empty(let line), .tooLong(let line, _), .length(let line, _, _),
      .repeated(let line, _, _), .tooManyLetters(let line):
      (line, nil)
    case .notALetter(let line, let column, _), .reserved(let line, let column): (line, column)
    }
  }

  /// What is wrong there, to stand behind the place.
  public var reason: String {
    guard let line = place.line else { return description }
    let start = place.column.map { "line \(line), letter \($0) " } ?? "line \(line) "
    return String(description.dropFirst(start.count))
  }
}
