import FileFormats
import FlowMatching

/// The points of a population at all times, one after another, as the tensor `data.snapshots`, N×d, and how
/// many there are at each, `data.snapshot_sizes`. The times stand in the experiment.
enum SnapshotTensors {
  private static let (name, sizeName) = ("data.snapshots", "data.snapshot_sizes")

  /// The tensors of a file's snapshots; none for those of the catalogue.
  static func encode(_ dataset: Dataset) -> [Safetensors.Tensor] {
    guard let snapshots = dataset.snapshots, dataset.distribution is PointCloud else { return [] }
    let total = snapshots.points.reduce(0) { $0 + $1.count }
    return [
      Safetensors.Tensor(
        name, shape: [total, dataset.dimension],
        doubles: snapshots.points.flatMap(\.interleaved)),
      Safetensors.Tensor(
        sizeName, shape: [snapshots.points.count],
        integers: snapshots.points.map { UInt64($0.count) }),
    ]
  }

  /// The snapshots of a run on points of its own; nil where it learned none.
  static func decode(
    _ file: Safetensors, of experiment: Experiment?, _ points: Batch?
  ) throws(FileFailure) -> Snapshots? {
    guard let experiment, experiment.learnsSnapshots, points != nil else { return nil }
    guard let entry = file.header[name], file.header[sizeName] != nil else {
      throw .malformed("it learned snapshots, but \(name) or \(sizeName) is missing")
    }
    let sizes = try file.integers(sizeName).compactMap { Int(exactly: $0) }
    guard entry.shape.count == 2, entry.shape[1] == experiment.dimension,
      sizes.count == experiment.snapshots.count,
      sizes.allSatisfy({ $0 > 0 && $0 <= entry.shape[0] }),
      sizes.reduce(0, +) == entry.shape[0]
    else { throw .malformed("its \(name) are not those of its times") }
    let rows = try file.doubles(name)
    if let complaint = rows.lazy.compactMap(CoordinateLimit.single.complaint).first {
      throw .malformed("a number of \(name) \(complaint)")
    }
    let all = Batch(interleaved: rows, dimension: experiment.dimension)
    var first = 0
    let parts = sizes.map { size in
      defer { first += size }
      return all.points(first..<first + size)
    }
    return Snapshots(times: experiment.snapshots, points: parts)
  }
}
