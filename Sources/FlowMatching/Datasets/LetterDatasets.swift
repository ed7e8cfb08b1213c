extension DatasetCatalog {
  /// Every data set of letters, in the order in which they are listed.
  public static let letters: [Dataset] = [words, tokensCheckerboard, tokensCheckerboardEight]

  /// English words.
  public static let words = Dataset(
    name: "words", title: "four-letter words",
    summary:
      "\(WordList.english.count) English words of four letters, of SCOWL, each equally likely",
    tokens: WordList.english)

  /// The example of discrete flow matching.
  public static let tokensCheckerboard = board(TokensCheckerboard.standard)

  /// The same with eight letters, whose states can be counted.
  public static let tokensCheckerboardEight = board(TokensCheckerboard.eight)

  /// What the names of boards begin with, before their letters.
  static let boardPrefix = "tokens-checkerboard:"

  /// The board of so many letters, “tokens-checkerboard:16”; nil where there is none.
  static func board(named name: String) -> Dataset? {
    guard name.hasPrefix(boardPrefix), let letters = Int(name.dropFirst(boardPrefix.count)),
      name == boardPrefix + "\(letters)", let board = TokensCheckerboard(letters: letters)
    else { return nil }
    return self.board(board)
  }

  private static func board(_ board: TokensCheckerboard) -> Dataset {
    let letters = board.space.letters
    return Dataset(
      name: letters == TokensCheckerboard.standard.space.letters
        ? String(boardPrefix.dropLast()) : boardPrefix + "\(letters)",
      title: "checkerboard of \(letters) letters",
      summary: "two letters of \(letters), uniform on the dark fields of 4×4 squares", tokens: board
    )
  }
}

extension Dataset {
  /// The words of a file as a target, each equally likely.
  public init(name: String, words: WordList) {
    self.init(
      name: name, title: name,
      summary: "\(words.count) words of \(words.space.length) letters of \(name)", tokens: words)
  }

  /// Its sequences of letters; nil for points.
  public var tokens: (any TokenDistribution)? { (distribution as? TokenPoints)?.tokens }

  /// Sequences as a data set.
  public init(name: String, title: String, summary: String, tokens: any TokenDistribution) {
    self.init(
      name: name, title: title, summary: summary, distribution: TokenPoints(tokens),
      entropyFloor: tokens.entropy)
  }
}
