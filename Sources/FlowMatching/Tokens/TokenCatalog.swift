/// The token data sets by name: "words", "tokens-checkerboard" and "tokens-checkerboard:8".
public enum TokenCatalog {
  /// Every name, the board with its default of 128 letters.
  public static let names = ["words", "tokens-checkerboard"]

  /// The data set of that name; throws the nearest name, or for a board that cannot be why not.
  public static func named(_ text: String) throws(TokenCatalogFailure) -> any TokenDistribution {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    switch (parts.first ?? "", parts.count) {
    case ("words", 1): return WordList.english
    case ("tokens-checkerboard", 1): return TokensCheckerboard.standard
    case ("tokens-checkerboard", 2):
      guard let letters = Int(parts[1]), let board = TokensCheckerboard(letters: letters) else {
        throw .board
      }
      return board
    default: throw .unknown(UnknownName(kind: "token data set", name: text, among: names))
    }
  }
}

/// Why there is no token data set of a name.
public enum TokenCatalogFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// There is none such.
  case unknown(UnknownName)
  /// A checkerboard of no such number of letters.
  case board

  public var description: String {
    switch self {
    case .unknown(let name): name.description
    case .board:
      "a checkerboard of tokens needs a multiple of 4 from 8 to \(TokenSpace.mostLetters) letters, "
        + "as in tokens-checkerboard:8"
    }
  }
}

extension TokensCheckerboard {
  /// The board of 128 letters.
  public static let standard = TokensCheckerboard(space: TokenSpace(length: 2, letters: 128))
  /// The board of eight letters, whose states can be listed.
  public static let eight = TokensCheckerboard(space: TokenSpace(length: 2, letters: 8))

  private init(space: TokenSpace) { self.space = space }
}
