#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A population at several times, of whose members nobody knows which is which from one time to the next.
public struct Snapshots: Sendable, Hashable {
  /// When it was looked at, rising, in the data's own unit; two times at least.
  public let times: [Double]
  /// The points then, `d×n` each.
  public let points: [Batch]

  /// Points at rising times, of one dimension, some at each.
  public init(times: [Double], points: [Batch]) {
    precondition(times.count == points.count && times.count > 1, "two snapshots at least")
    precondition(Snapshots.complaint(about: times) == nil, "times rise")
    precondition(
      points.allSatisfy { $0.count > 0 && $0.dimension == points[0].dimension },
      "points of one dimension at each time")
    self.times = times
    self.points = points
  }

  /// The most times that are kept.
  public static let limit = 1000

  /// Why times are none of snapshots; nil where they are.
  public static func complaint(about times: [Double]) -> String? {
    guard (2...limit).contains(times.count) else {
      return "snapshots have 2 to \(limit) times, not \(times.count)"
    }
    guard times.allSatisfy(\.isFinite), zip(times, times.dropFirst()).allSatisfy(<),
      zip(flowTimes(times), flowTimes(times).dropFirst()).allSatisfy(<)
    else { return "the times of snapshots must rise" }
    return nil
  }

  /// Times as those of the flow: the first is 0, the last 1.
  public static func flowTimes(_ times: [Double]) -> [Double] {
    let (first, last) = (times[0], times[times.count - 1])
    // Halves, since the whole span may be too large a number.
    return times.map { min(1, max(0, ($0 / 2 - first / 2) / (last / 2 - first / 2))) }
  }

  /// The times of the flow, from 0 to 1.
  public var flowTimes: [Double] { Snapshots.flowTimes(times) }

  /// Whether there are as many points at every time, so that rows may belong together.
  public var areRowsPaired: Bool { points.allSatisfy { $0.count == points[0].count } }

  /// Random points of one time, `d×n`; the same rows where `rows` are given.
  func draw(_ index: Int, rows: [Int]) -> Batch { points[index].choosing(rows) }

  /// Rows of a time, drawn with replacement.
  func rows(_ index: Int, count: Int, using random: inout Random) -> [Int] {
    let total = points[index].count
    return (0..<count).map { _ in random.integer(below: total) }
  }
}

extension Dataset {
  /// A target that is the last of snapshots, with flows that start from the first.
  public init(
    name: String, title: String, summary: String, snapshots: Snapshots,
    ending distribution: (any Distribution)? = nil
  ) {
    self.init(
      name: name, title: title, summary: summary,
      distribution: distribution ?? PointCloud(snapshots.points[snapshots.points.count - 1]),
      entropyFloor: nil)
    self = through(snapshots)
  }

  /// The same target as the last of snapshots, with flows that start from the first.
  public func through(_ snapshots: Snapshots) -> Dataset {
    precondition(snapshots.points[0].dimension == dimension, "snapshots have another dimension")
    var dataset = with(source: snapshots.points[0])
    dataset.snapshots = snapshots
    return dataset
  }
}

extension DatasetCatalog {
  /// Every data set of a population that is seen now and then.
  public static let seenAtTimes: [Dataset] = [turningRing]

  /// A ring that turns once, of which every snapshot looks the same.
  public static let turningRing: Dataset = {
    let ring = Circles(radii: [2], noise: 0.15)
    var random = Random(seed: 0).stream("turning ring")
    let start = ring.sample(count: 1000, using: &random)
    let steps = 24
    let points = (0...steps).map { step in
      let angle = 2 * Double.pi * Double(step) / Double(steps)
      var turned = start
      for j in 0..<start.count {
        turned[0, j] = cos(angle) * start[0, j] - sin(angle) * start[1, j]
        turned[1, j] = sin(angle) * start[0, j] + cos(angle) * start[1, j]
      }
      return turned
    }
    return Dataset(
      name: "turning-ring", title: "turning ring",
      summary: "25 snapshots of a ring that turns once, each of which looks like the others",
      snapshots: Snapshots(
        times: (0...steps).map { Double($0) / Double(steps) }, points: points), ending: ring)
  }()
}
