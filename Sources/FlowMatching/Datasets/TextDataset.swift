#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Dataset {
  /// What the name of a word's data set begins with.
  public static let textPrefix = "text:"

  /// A word as a target, uniform on its letters: at most 12 letters A to Z, digits and spaces.
  ///
  /// Throws `UnknownName` where a letter has no shape or the word is empty or too long.
  public static func text(_ text: String) throws(UnknownName) -> Dataset {
    Dataset(text: text, boxes: try Boxes.text(text))
  }

  init(text: String, boxes: Boxes) {
    let area = zip(boxes.lows, boxes.highs).reduce(0) { sum, box in
      sum + zip(box.0, box.1).reduce(1) { $0 * ($1.1 - $1.0) }
    }
    self.init(
      name: Dataset.textPrefix + text.uppercased(), title: "“\(text.uppercased())”",
      summary: "uniform on the letters of a word; text: and any word of up to 12 letters",
      distribution: boxes, entropyFloor: log(area))
  }
}
