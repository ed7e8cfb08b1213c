/// Small grey pictures, with classes or without, of which a fifth is held out from all learning.
public struct Pictures: Sendable, Hashable {
  /// The rows and the columns of each.
  public let height, width: Int
  /// All of them, `hw×n`: a row for each pixel, row by row, from 0 (dark) to 1.
  public let pixels: Batch
  /// The class of each by its number; nil where they have none.
  public let labels: [Int]?
  /// The names of the classes; none where they have none.
  public let names: [String]
  /// The places of those that are learned, and of those that are held out; the same for every run.
  public let learned, heldOut: [Int]
  /// What a pixel of 0 and one of 1 are in their file.
  public let darkest, lightest: Double

  /// The most pixels of a picture.
  public static let mostPixels = 256
  /// The fewest pictures of which a fifth says anything.
  public static let fewest = 20

  /// Pictures of pixels in the file's numbers, which are brought to [0, 1] by the least and the greatest of
  /// all; nil where there are fewer than `fewest`, where a size is none, or where all pixels are the same.
  /// `range` is what 0 and 1 are instead, `written` what they are in the file if not that.
  public init?(
    _ values: Batch, height: Int, width: Int, labels: [Int]? = nil, names: [String] = [],
    range: ClosedRange<Double>? = nil, written: ClosedRange<Double>? = nil
  ) {
    guard height > 0, width > 0, height * width == values.dimension,
      values.dimension <= Pictures.mostPixels, values.count >= Pictures.fewest,
      labels.map({ $0.count == values.count }) ?? true
    else { return nil }
    let low = range?.lowerBound ?? values.values.min() ?? 0
    let high = range?.upperBound ?? values.values.max() ?? 0
    guard low.isFinite, high.isFinite, high > low, (high - low).isFinite else { return nil }
    (self.height, self.width) = (height, width)
    pixels = Batch(
      dimension: values.dimension, values: values.values.map { ($0 - low) / (high - low) })
    (darkest, lightest) = (written?.lowerBound ?? low, written?.upperBound ?? high)
    self.labels = labels
    self.names = names
    // Of a seed of its own: what one run has never seen, no run has.
    var random = Random(seed: 0).stream("held out")
    var places = Array(0..<values.count)
    places.shuffle(using: &random)
    heldOut = places.prefix(values.count / 5).sorted()
    learned = places.dropFirst(values.count / 5).sorted()
  }

  /// The number of pictures.
  public var count: Int { pixels.count }

  /// Pixels of [0, 1] in the numbers of the file.
  public func restored(_ points: Batch) -> Batch {
    Batch(
      dimension: points.dimension,
      values: points.values.map { darkest + (lightest - darkest) * $0 })
  }

  /// Pixels of the pictures that are learned, and of those that are held out.
  public var learnedPixels: Batch { pixels.choosing(learned) }
  public var heldOutPixels: Batch { pixels.choosing(heldOut) }

  /// Their classes; nil where they have none.
  public var learnedLabels: [Int]? { labels.map { labels in learned.map { labels[$0] } } }
  public var heldOutLabels: [Int]? { labels.map { labels in heldOut.map { labels[$0] } } }
}
