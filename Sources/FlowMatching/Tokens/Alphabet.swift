/// The letters behind the numbers of a `TokenSpace`.
public struct Alphabet: Sendable, Hashable {
  /// The letters, by number.
  public let letters: [Character]
  private let numbers: [Character: UInt16]

  /// What an open position is written as.
  public static let open: Character = "·"

  /// An alphabet of 2 to 256 different letters.
  public init(_ letters: [Character]) {
    self.letters = letters
    numbers = Dictionary(
      zip(letters, 0...).map { ($0, UInt16($1)) }, uniquingKeysWith: { first, _ in first })
    precondition(numbers.count == letters.count, "every letter is there once")
    precondition(
      (2...TokenSpace.mostLetters).contains(letters.count), "an alphabet has 2 to 256 letters")
  }

  /// a to z.
  public static let english = Alphabet(Array("abcdefghijklmnopqrstuvwxyz"))

  /// The number of a letter; nil where the alphabet has none such.
  public func number(of letter: Character) -> UInt16? { numbers[letter] }

  /// The letter of a number; `open` for the mask.
  public func letter(_ number: UInt16) -> Character {
    Int(number) < letters.count ? letters[Int(number)] : Alphabet.open
  }

  /// A sequence as text, its open positions as `open`.
  public func text(_ sequence: [UInt16]) -> String { String(sequence.map(letter)) }

  /// Text as a sequence; nil where one of its characters is neither a letter nor `open`.
  public func sequence(_ text: String) -> [UInt16]? {
    var sequence: [UInt16] = []
    for character in text {
      if let number = numbers[character] {
        sequence.append(number)
      } else if character == Alphabet.open {
        sequence.append(UInt16(letters.count))
      } else {
        return nil
      }
    }
    return sequence
  }
}
