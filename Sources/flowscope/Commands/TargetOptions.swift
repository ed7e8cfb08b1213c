import ArgumentParser
import FileFormats
import FlowMatching

/// The user's own points as the target: the same options wherever something trains.
struct TargetOptions: ParsableArguments {
  /// The most points that are learned from.
  static let limit = 1 << 22

  @Option(
    help: ArgumentHelp("Learn the points of this npy or CSV file; - reads CSV.", valueName: "file"))
  var data: String?

  @OptionGroup var columns: ColumnOptions

  /// The points as a data set, named as the file is; nil where none was given.
  func dataset() throws -> Dataset? {
    guard let data else {
      if columns.columns != nil { throw Failure.usage("--columns needs --data FILE") }
      return nil
    }
    let reader = try columns.reader(of: data)
    do throws(FileFailure) {
      let (name, points) = try TargetOptions.points(of: data, reader)
      return Dataset(name: name, points: points)
    } catch { throw Failure.file(error, data, isInput: true) }
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
