import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// The user's own points as the target or the source: the same options wherever something trains.
struct TargetOptions: ParsableArguments {
  /// The most points that are learned from.
  static let limit = 1 << 22

  @Option(
    help: ArgumentHelp("Learn the points of this npy or CSV file; - reads CSV.", valueName: "file"))
  var data: String?

  @OptionGroup var columns: ColumnOptions

  @Option(
    help: ArgumentHelp("Two columns of a CSV file of --source.", valueName: "A,B"))
  var sourceColumns: String?

  @Flag(help: "Move and scale the points of files to mean 0 and deviation 1, each coordinate.")
  var standardise = false

  /// The target of an experiment, named as its file is, with the points of `source` where that is a
  /// file.
  func dataset(
    of experiment: Experiment, source: String?, quiet: Bool = false
  ) throws -> Dataset {
    if source == "-" && data == "-" {
      throw Failure.usage("--source and --data cannot both read standard input")
    }
    let target = try given(quiet) ?? DatasetCatalog.named(experiment.dataset)
    guard let source else {
      if sourceColumns != nil { throw Failure.usage("--source-columns needs --source FILE") }
      if standardise && data == nil {
        throw Failure.usage("--standardise is for points of --data FILE or --source FILE")
      }
      return target
    }
    return target.with(source: try starts(of: source, quiet))
  }

  /// The points of `--data` as a data set; nil where none was given.
  private func given(_ quiet: Bool) throws -> Dataset? {
    guard let data else {
      if columns.columns != nil { throw Failure.usage("--columns needs --data FILE") }
      return nil
    }
    let reader = try columns.reader(of: data)
    do throws(FileFailure) {
      let (name, points) = try TargetOptions.points(of: data, reader)
      return Dataset(name: name, points: try standardised(points, data, quiet))
    } catch { throw Failure.file(error, data, isInput: true) }
  }

  /// The points of `--source`.
  private func starts(of path: String, _ quiet: Bool) throws -> Batch {
    let reader = try ColumnOptions.reader(of: path, columns: sourceColumns)
    do throws(FileFailure) {
      return try standardised(TargetOptions.points(of: path, reader).points, path, quiet)
    } catch { throw Failure.file(error, path, isInput: true) }
  }

  /// The points of a file, standardised where that was asked for, which is said unless `quiet`.
  private func standardised(
    _ points: Batch, _ path: String, _ quiet: Bool
  ) throws(FileFailure) -> Batch {
    guard standardise else { return points }
    guard let standard = Standardisation(of: points) else {
      throw .malformed("all its points lie on a line, which cannot be standardised")
    }
    if !quiet { Output.message("\(Output.visible(path)): \(standard)") }
    return standard.applied(to: points)
  }

  /// The points of a file, named as the file is.
  static func points(
    of path: String, _ reader: any PointReader
  ) throws(FileFailure) -> (name: String, points: Batch) {
    var reader = reader
    let values = try reader.readAll(limit: TargetOptions.limit)
    guard !values.isEmpty else { throw .malformed("it holds no points") }
    let name = path == "-" ? "standard input" : path.split(separator: "/").last.map(String.init)
    return (Output.visible(name ?? path), Batch(interleaved: values))
  }
}

/// x ↦ (x − mean)/deviation, each coordinate by itself.
struct Standardisation: CustomStringConvertible {
  /// The mean of every coordinate.
  let means: [Double]
  /// The standard deviation of every coordinate, 1/n.
  let deviations: [Double]

  /// That of given points; nil where a coordinate does not vary.
  init?(of points: Batch) {
    let n = Double(points.count)
    means = (0..<points.dimension).map { i in
      (0..<points.count).reduce(0) { $0 + points[i, $1] / n }
    }
    let means = means
    deviations = (0..<points.dimension).map { i in
      (0..<points.count).reduce(0) {
        $0 + (points[i, $1] - means[i]) * (points[i, $1] - means[i]) / n
      }
      .squareRoot()
    }
    // What is left of equal numbers after rounding is no deviation.
    let varies = zip(means, deviations).allSatisfy { $1.isFinite && $1 > 1e-12 * abs($0) }
    guard varies else { return nil }
  }

  /// The standardised points.
  func applied(to points: Batch) -> Batch {
    var result = points
    for i in 0..<points.dimension {
      for j in 0..<points.count { result[i, j] = (points[i, j] - means[i]) / deviations[i] }
    }
    return result
  }

  /// "standardised: mean 1.5, -2; deviation 0.3, 4".
  var description: String {
    func list(_ values: [Double]) -> String {
      values.map { String(format: "%.6g", $0) }.joined(separator: ", ")
    }
    return "standardised, mean \(list(means)), deviation \(list(deviations))"
  }
}
