/// The times that the steps of a solve meet to the bit: those where its field has kinks, and the end.
struct StepTimes: Sendable {
  /// In the order in which the solve meets them; the last is its end.
  let stops: [Double]
  private let start: Double
  /// How many of the fixed steps end at or before each stop; empty where steps are chosen.
  private var counts: [Int] = []

  /// The stops of a solve from `start` to `end`, which may lie before it; with `steps` the kinks cut
  /// the way into pieces that share them, so that the largest step is as small as can be. Steps too
  /// few to give every piece one go over the kinks.
  init(from start: Double, to end: Double, kinks: [Double] = [], steps: Int? = nil) {
    self.start = start
    let (low, high) = (min(start, end), max(start, end))
    // A step shorter than this is lost in the rounding of the time.
    let least = 16 * max(low.ulp, high.ulp)
    var inner: [Double] = []
    for kink in kinks.sorted() where kink - (inner.last ?? low) > least && high - kink > least {
      inner.append(kink)
    }
    if end < start { inner.reverse() }
    if let steps, steps <= inner.count { inner = [] }
    stops = inner + [end]
    if let steps { counts = StepTimes.shares(steps, from: start, stops) }
  }

  /// The stops of a solve that meets the times of a grid, as far as they lie between its ends.
  init(from start: Double, to end: Double, grid: [Double]) {
    self.start = start
    let (low, high) = (min(start, end), max(start, end))
    let least = 16 * max(low.ulp, high.ulp)
    let inner = grid.filter { $0 - low > least && high - $0 > least }
    stops = (end < start ? inner.reversed() : inner) + [end]
    counts = Array(1...stops.count)
  }

  /// The number of steps; nil where they are chosen on the way.
  var steps: Int? { counts.last }

  /// The first stop after `t`, in the order of the solve; the end where there is none.
  func stop(after t: Double) -> Double {
    let end = stops[stops.count - 1]
    return stops.first { end < start ? $0 < t : $0 > t } ?? end
  }

  /// The time at which a fixed step ends; `index` counts from 1.
  func time(ofStep index: Int) -> Double {
    guard let piece = counts.firstIndex(where: { $0 >= index }) else { return stops.last! }
    if counts[piece] == index { return stops[piece] }
    let (from, first) = piece == 0 ? (start, 0) : (stops[piece - 1], counts[piece - 1])
    return from + (stops[piece] - from) * Double(index - first) / Double(counts[piece] - first)
  }

  /// One step for every piece, and each of the others where steps are longest.
  private static func shares(_ steps: Int, from start: Double, _ stops: [Double]) -> [Int] {
    let lengths = zip([start] + stops, stops).map { abs($1 - $0) }
    var counts = [Int](repeating: 1, count: stops.count)
    if stops.count == 1 {
      counts[0] = steps
    } else {
      for _ in 0..<steps - stops.count {
        let longest = counts.indices.max {
          lengths[$0] / Double(counts[$0]) < lengths[$1] / Double(counts[$1])
        }!
        counts[longest] += 1
      }
    }
    for piece in 1..<max(1, counts.count) { counts[piece] += counts[piece - 1] }
    return counts
  }
}
