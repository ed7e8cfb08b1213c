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
    var reader = try columns.reader(of: data)
    do throws(FileFailure) {
      let values = try reader.readAll(limit: TargetOptions.limit)
      guard !values.isEmpty else { throw .malformed("it holds no points") }
      let name = data == "-" ? "standard input" : data.split(separator: "/").last.map(String.init)
      return Dataset(name: Output.visible(name ?? data), points: Batch(interleaved: values))
    } catch { throw Failure.file(error, data, isInput: true) }
  }
}
