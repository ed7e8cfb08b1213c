import FlowMatching

/// A data set at a glance, for a list of them: some of its points, words, pictures or molecules.
enum Thumbnail {
  /// Where some of its points are seen, `2×n`; the first two coordinates of many.
  case points(Batch)
  case words([String])
  case pictures(Pictures)
  case molecules(Batch)

  /// The points that it takes: enough for a shape, drawn before a frame is over.
  static let count = 500

  init(_ dataset: Dataset) {
    var random = Random(seed: 0).stream("thumbnail")
    if let pictures = dataset.pictures {
      self = .pictures(pictures)
    } else if dataset.distribution is DoubleWells {
      self = .molecules(dataset.distribution.sample(count: 2, using: &random))
    } else if let alphabet = dataset.tokens?.alphabet {
      let words = dataset.distribution.sample(count: 5, using: &random)
      self = .words(
        (0..<words.count).map { j in
          alphabet.text((0..<words.dimension).map { UInt16(words[$0, j]) })
        })
    } else {
      let points = dataset.distribution.sample(count: Thumbnail.count, using: &random)
      let space = Experiment(to: dataset).picturedSpace
      let projection: any Projection =
        space.map { $0.projection($0.turning) } ?? PlaneProjection()
      self = .points(projection.picture(points))
    }
  }

  /// The square that most of the points lie in: a few far ones would make all others a dot.
  static func window(_ points: Batch) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    func range(_ row: Int) -> (middle: Double, reach: Double) {
      let values = (0..<points.count).map { points[row, $0] }.filter(\.isFinite).sorted()
      guard let first = values.first, let last = values.last else { return (0, 1) }
      let cut = values.count / 100
      let (low, high) =
        values.count > 100 ? (values[cut], values[values.count - 1 - cut]) : (first, last)
      return ((low + high) / 2, max(1e-9, (high - low) / 2))
    }
    let (x, y) = (range(0), range(1))
    let reach = 1.12 * max(x.reach, y.reach)
    return (x.middle - reach...x.middle + reach, y.middle - reach...y.middle + reach)
  }
}
