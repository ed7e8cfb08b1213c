import FlowMatching

/// The program's name as a density: every lit place of its letters is a small Gaussian.
///
/// One unit is the standard deviation of the noise that the letters come out of; the name is centred
/// on the origin and 5.6 wide.
enum NameInDots {
  /// The mixture that the letters are.
  static let mixture = GaussianMixture(
    weights: [Double](repeating: 1, count: places.count), means: places,
    standardDeviation: 0.34 * pixel)

  /// The extent of one place of the letters.
  static let pixel = 5.6 / Double(width)

  /// Columns between two letters.
  private static let gap = 2

  /// The rows above the small letters, and how far below its line the name is centred.
  private static let ascent = 4
  private static let middle = 8.5

  private static let width =
    letters.reduce(0) { $0 + ($1.rows.first?.count ?? 0) } + gap * (letters.count - 1)

  private static let places: [[Double]] = {
    var places: [[Double]] = []
    var left = 0
    for letter in letters {
      for (row, line) in letter.rows.enumerated() {
        for (column, mark) in line.enumerated() where mark == "#" {
          places.append([
            (Double(left + column) + 0.5 - Double(width) / 2) * pixel,
            (middle - Double(letter.top + row) - 0.5) * pixel,
          ])
        }
      }
      left += (letter.rows.first?.count ?? 0) + gap
    }
    return places
  }()

  /// A letter, its rows from the top, the first of which is the name's row `top`.
  private struct Letter {
    let top: Int
    let rows: [String]

    init(rising: Bool = false, _ rows: String...) {
      top = rising ? 0 : NameInDots.ascent
      self.rows = rows
    }
  }

  private static let letters: [Letter] = [
    Letter(
      rising: true, "..####", ".#####", ".##...", ".##...", "######", "######", ".##...", ".##...",
      ".##...", ".##...", ".##...", ".##...", ".##..."),
    Letter(
      rising: true, "##", "##", "##", "##", "##", "##", "##", "##", "##", "##", "##", "##", "##"),
    round,
    Letter(
      "##..##..##", "##..##..##", "##..##..##", "##..##..##", "##..##..##", "##..##..##",
      "##.####.##", ".###..###.", "..##..##.."),
    Letter(
      ".######", "#######", "##.....", "###....", ".#####.", "....###", ".....##", "#######",
      "######."),
    Letter(
      "..#####", ".######", "##.....", "##.....", "##.....", "##.....", "##.....", ".######",
      "..#####"),
    round,
    Letter(
      "##.###..", "#######.", "##...###", "##....##", "##....##", "##....##", "##...###",
      "#######.", "##.###..", "##......", "##......", "##......", "##......"),
    Letter(
      "..####..", ".######.", "##....##", "##....##", "########", "########", "##......",
      ".#######", "..#####."),
  ]

  private static let round = Letter(
    "..####..", ".######.", "##....##", "##....##", "##....##", "##....##", "##....##", ".######.",
    "..####..")
}
