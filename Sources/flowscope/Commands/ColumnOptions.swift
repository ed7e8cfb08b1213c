import ArgumentParser
import FileFormats

/// Points from a file: `--columns` chooses among those of a CSV file.
struct ColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The columns of a CSV file that are a point's numbers, by name or number from 1.",
      valueName: "A,B"))
  var columns: String?

  /// The names or numbers of columns, "A,B", as many as a point may have numbers.
  private static func chosen(
    _ columns: String?, counts: [Int], option: String
  ) throws -> [String]? {
    guard let columns else { return nil }
    let parts = columns.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard counts.contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
      let wanted =
        counts == [2] ? "two names or numbers, such as x,y or 1,2" : "two or three names or numbers"
      throw Failure.usage("\(option) needs \(wanted)", option: option)
    }
    guard Set(parts).count == parts.count else {
      let twice = parts.first { part in parts.count { $0 == part } > 1 } ?? ""
      throw Failure.usage(
        "\(option) names one column twice: “\(Output.visible(twice))”", option: option)
    }
    return parts
  }

  /// The points of a file of numbers up to `limit`, in some place.
  func points(
    of path: String, in place: PointPlace = PointPlace(), limit: CoordinateLimit,
    quiet: Bool = false, opening: Input.Opening = Input.source
  ) throws -> FilePoints {
    try ColumnOptions.points(
      of: path, columns: columns, in: place, limit: limit, quiet: quiet, opening: opening)
  }

  /// The points in columns of a file, "A,B" where it has more; how a file was read that is no plain CSV
  /// is said unless `quiet`.
  static func points(
    of path: String, columns: String?, option: String = "--columns", in place: PointPlace,
    limit: CoordinateLimit, quiet: Bool, opening: Input.Opening = Input.source
  ) throws -> FilePoints {
    let counts = place.columns(nil).counts
    let wanted = place.columns(try chosen(columns, counts: counts, option: option))
    do throws(FileFailure) {
      let reader = try Input.points(path, columns: wanted, limit: limit, opening: opening)
      let points = FilePoints(reader, in: place)
      if let note = points.note, !quiet { Output.message("\(Output.visible(path)): \(note)") }
      return points
    } catch { throw Failure.file(error, path, isInput: true) }
  }
}
