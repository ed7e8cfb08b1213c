#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A finite list of words of equal length, each equally likely.
public struct WordList: TokenDistribution, Hashable {
  /// The words, in their order.
  public let words: TokenSequences
  /// Their letters.
  public let letters: Alphabet
  private let indices: [[UInt16]: Int]

  /// Most words of a list.
  public static let mostWords = 65_536
  /// Most letters of a word.
  public static let longest = 64

  /// The list of a text, a word a line; the alphabet is that of its letters, sorted, unless given.
  ///
  /// A letter is a character of Unicode that can be seen, whatever its bytes. A carriage return at the
  /// end of a line, a byte order mark and empty lines at the end are passed over; all else is refused by
  /// its line.
  public init(text: String) throws(WordListFailure) {
    let lines = WordList.lines(of: text)
    var letters = Set<Character>()
    var seen: [String: Int] = [:]
    let first = lines.first?.count ?? 0
    for (index, line) in lines.enumerated() {
      let number = index + 1
      if line.isEmpty { throw .empty(line: number) }
      if index == WordList.mostWords { throw .tooMany }
      if line.count > WordList.longest { throw .tooLong(line: number, length: line.count) }
      for (column, letter) in line.enumerated() {
        if letter == Alphabet.open { throw .reserved(line: number, column: column + 1) }
        if !WordList.isLetter(letter) {
          throw .notALetter(line: number, column: column + 1, codes: WordList.codes(letter))
        }
        if letters.insert(letter).inserted && letters.count > TokenSpace.mostLetters {
          throw .tooManyLetters(line: number)
        }
      }
      if line.count != first { throw .length(line: number, length: line.count, first: first) }
      let word = String(line)
      if let earlier = seen[word] {
        throw .repeated(line: number, earlier: earlier, word: word)
      }
      seen[word] = number
    }
    if lines.count < 2 { throw .tooFew(lines.count) }
    self.init(words: lines.map(String.init), alphabet: Alphabet(letters.sorted()))
  }

  /// Different words of equal length over an alphabet.
  init(words: [String], alphabet: Alphabet) {
    let sequences = words.map { word in
      guard let sequence = alphabet.sequence(word) else {
        preconditionFailure("a letter of \(word) is none of the alphabet")
      }
      return sequence
    }
    let space = TokenSpace(length: sequences[0].count, letters: alphabet.letters.count)
    self.words = TokenSequences(space: space, sequences: sequences)
    letters = alphabet
    indices = Dictionary(zip(sequences, 0...), uniquingKeysWith: { first, _ in first })
    precondition(indices.count == sequences.count, "a word is there twice")
  }

  public var space: TokenSpace { words.space }
  public var alphabet: Alphabet? { letters }

  /// The number M of words.
  public var count: Int { words.count }

  public var supportCount: Int { count }

  /// ln M.
  public var entropy: Double { log(Double(count)) }

  /// The index of a word in the list; nil for any other sequence.
  public func index(of sequence: [UInt16]) -> Int? { indices[sequence] }

  /// 1/M for a word of the list.
  public func probability(of sequence: [UInt16]) -> Double {
    indices[sequence] == nil ? 0 : 1 / Double(count)
  }

  public func sample(count: Int, using random: inout Random) -> TokenSequences {
    var x = TokenSequences(space: space, count: count)
    for j in 0..<count {
      let word = random.integer(below: words.count)
      for i in 0..<space.length { x[i, j] = words[i, word] }
    }
    return x
  }

  private static func lines(of text: String) -> [Substring] {
    let body =
      text.unicodeScalars.first == "\u{FEFF}"
      ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
    // Line by line of code points: in a String a carriage return and a line feed are one character.
    var lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      Substring(line.last == "\r" ? line.dropLast() : line)
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// Most code points of a letter: flags and families have up to eleven.
  private static let mostCodes = 16

  private static func isLetter(_ character: Character) -> Bool {
    let scalars = character.unicodeScalars
    if character.isWhitespace || scalars.count > mostCodes { return false }
    // Of a cluster the first decides; joiners and marks may follow it, unless they turn the direction.
    return scalars.enumerated().allSatisfy { index, scalar in
      let isFirst = index == 0
      if isFirst && scalar.properties.isDefaultIgnorableCodePoint { return false }
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
        return false
      case .format: return !isFirst && !scalar.properties.isBidiControl
      case .nonspacingMark, .enclosingMark, .spacingMark: return !isFirst
      default: return true
      }
    }
  }

  /// The code points of a letter, the first four.
  private static func codes(_ letter: Character) -> String {
    let codes = letter.unicodeScalars.prefix(4).map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
    return codes.joined(separator: " ") + (letter.unicodeScalars.count > 4 ? " …" : "")
  }
}
