import ArgumentParser
import FileFormats
import FlowMatching

/// Points from a file: `--columns` chooses among those of a CSV file.
struct ColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The columns of a file that are a point's numbers, by name or number from 1; all takes every one.",
      valueName: "A,B,…"))
  var columns: String?

  /// What chooses every column.
  static let all = "all"

  /// Whether so many columns may be named: of those of a file one alone is rather a slip than a line.
  private static func allows(_ count: Int, _ columns: PointColumns) -> Bool {
    columns.chosenCounts.map { $0.contains(count) && count > 1 } ?? columns.counts.contains(count)
  }

  /// The names or numbers of columns, "A,B", as many as a point may have numbers.
  private static func chosen(
    _ columns: String?, among place: PointColumns, option: String
  ) throws -> [String]? {
    guard let columns else { return nil }
    let parts = columns.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard allows(parts.count, place), parts.allSatisfy({ !$0.isEmpty }) else {
      let wanted =
        switch place.counts {
        case _ where place.chosenCounts != nil:
          "two names or numbers, such as x,y or 1,2, or up to \(PointColumns.most) of them, or all"
        case [2]: "two names or numbers, such as x,y or 1,2"
        case [2, 3]: "two or three names or numbers"
        default:
          place.counts.map { "\($0) names or numbers" }.joined(separator: " or ")
            + ", one for each coordinate"
        }
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
    limit: CoordinateLimit, takesPictures: Bool = false, quiet: Bool,
    opening: Input.Opening = Input.source
  ) throws -> FilePoints {
    var wanted = place.columns(nil)
    if columns == all, place.space == nil {
      wanted.takesAll = true
      wanted.chosenCounts = wanted.chosenCounts ?? wanted.counts[0]...wanted.counts[0]
    } else {
      wanted = place.columns(try chosen(columns, among: wanted, option: option))
      if columns == nil, takesPictures { wanted.mostPixels = Pictures.mostPixels }
    }
    do throws(FileFailure) {
      let reader = try Input.points(path, columns: wanted, limit: limit, opening: opening)
      let points = FilePoints(reader, in: place)
      if let note = points.note, !quiet { Output.message("\(Output.visible(path)): \(note)") }
      return points
    } catch { throw Failure.file(error, path, isInput: true) }
  }
}
