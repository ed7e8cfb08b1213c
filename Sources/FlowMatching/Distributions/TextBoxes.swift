extension Boxes {
  /// The longest word that is drawn.
  static let longestText = 12
  /// How wide and how high a word may become.
  private static let textWidth = 8.0
  private static let textHeight = 5.0

  /// A word of at most 12 letters A to Z, digits and spaces as a uniform distribution, centred at the
  /// origin, 8 wide or 5 high.
  ///
  /// Throws `UnknownName` for a character without a shape and for a word of another length.
  public static func text(_ text: String) throws(UnknownName) -> Boxes {
    let letters = Array(text.uppercased())
    guard (1...longestText).contains(letters.count), letters.contains(where: { $0 != " " }) else {
      throw UnknownName(
        kind: "word of 1 to \(longestText) letters", name: text, among: ["FLOW"])
    }
    var lows: [[Double]] = []
    var highs: [[Double]] = []
    let columns = Double(6 * letters.count - 1)
    let cell = min(textWidth / columns, textHeight / 7)
    for (place, letter) in letters.enumerated() where letter != " " {
      guard let rows = Letters.rows[letter] else {
        throw UnknownName(
          kind: "letter", name: String(letter), among: Letters.rows.keys.sorted().map { "\($0)" })
      }
      for run in Letters.runs(rows) {
        let left = Double(6 * place + run.columns.lowerBound)
        let right = Double(6 * place + run.columns.upperBound)
        lows.append([cell * (left - 0.5 * columns), cell * (3.5 - Double(run.rows.upperBound))])
        highs.append([cell * (right - 0.5 * columns), cell * (3.5 - Double(run.rows.lowerBound))])
      }
    }
    return Boxes(lows: lows, highs: highs)
  }
}

/// Letters and digits of 5×7 cells.
enum Letters {
  /// Seven rows from the top; the bit of 16 is the leftmost cell.
  static let rows: [Character: [Int]] = [
    "A": [14, 17, 17, 31, 17, 17, 17], "B": [30, 17, 17, 30, 17, 17, 30],
    "C": [14, 17, 16, 16, 16, 17, 14], "D": [30, 17, 17, 17, 17, 17, 30],
    "E": [31, 16, 16, 30, 16, 16, 31], "F": [31, 16, 16, 30, 16, 16, 16],
    "G": [14, 17, 16, 23, 17, 17, 14], "H": [17, 17, 17, 31, 17, 17, 17],
    "I": [14, 4, 4, 4, 4, 4, 14], "J": [7, 2, 2, 2, 2, 18, 12],
    "K": [17, 18, 20, 24, 20, 18, 17], "L": [16, 16, 16, 16, 16, 16, 31],
    "M": [17, 27, 21, 21, 17, 17, 17], "N": [17, 17, 25, 21, 19, 17, 17],
    "O": [14, 17, 17, 17, 17, 17, 14], "P": [30, 17, 17, 30, 16, 16, 16],
    "Q": [14, 17, 17, 17, 21, 18, 13], "R": [30, 17, 17, 30, 20, 18, 17],
    "S": [15, 16, 16, 14, 1, 1, 30], "T": [31, 4, 4, 4, 4, 4, 4],
    "U": [17, 17, 17, 17, 17, 17, 14], "V": [17, 17, 17, 17, 17, 10, 4],
    "W": [17, 17, 17, 21, 21, 27, 17], "X": [17, 17, 10, 4, 10, 17, 17],
    "Y": [17, 17, 10, 4, 4, 4, 4], "Z": [31, 1, 2, 4, 8, 16, 31],
    "0": [14, 17, 19, 21, 25, 17, 14], "1": [4, 12, 4, 4, 4, 4, 14],
    "2": [14, 17, 1, 2, 4, 8, 31], "3": [31, 2, 4, 2, 1, 17, 14],
    "4": [2, 6, 10, 18, 31, 2, 2], "5": [31, 16, 30, 1, 1, 17, 14],
    "6": [6, 8, 16, 30, 17, 17, 14], "7": [31, 1, 2, 4, 8, 8, 8],
    "8": [14, 17, 17, 14, 17, 17, 14], "9": [14, 17, 17, 15, 1, 2, 12],
  ]

  /// The cells of a letter as rectangles: runs of cells in a row, joined with the same run above.
  static func runs(_ rows: [Int]) -> [(columns: Range<Int>, rows: Range<Int>)] {
    var runs: [(columns: Range<Int>, rows: Range<Int>)] = []
    for (row, bits) in rows.enumerated() {
      var start: Int?
      for column in 0...5 {
        let isSet = column < 5 && bits & (16 >> column) != 0
        if isSet, start == nil { start = column }
        guard !isSet, let from = start else { continue }
        start = nil
        if let above = runs.firstIndex(where: {
          $0.columns == from..<column && $0.rows.upperBound == row
        }) {
          runs[above].rows = runs[above].rows.lowerBound..<(row + 1)
        } else {
          runs.append((from..<column, row..<(row + 1)))
        }
      }
    }
    return runs
  }
}
