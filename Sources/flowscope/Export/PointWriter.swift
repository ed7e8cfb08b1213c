import FileFormats
import FlowMatching

/// Rows of numbers to a file as they come: npy or CSV by the file's ending, CSV to standard output
/// for `-`.
///
/// A file is replaced as a whole when everything is there; until then the old one stays.
final class PointWriter {
  private let path: String
  private let columns: [String]
  private let file: AtomicFile?
  private let isNpy: Bool
  /// The rows and columns of a picture, where a row of numbers is one.
  private let picture: (height: Int, width: Int)?
  private var rows = 0
  /// Whether the heading is still to be written: on standard output it comes with the first rows, so
  /// that what is refused before leaves nothing there.
  private var lacksHeading = true

  /// Begins a file with named columns; one column makes an npy array of one dimension.
  ///
  /// Rows that are pictures make one of three, n×h×w.
  init(
    _ path: String, columns: [String], picture: (height: Int, width: Int)? = nil
  ) throws {
    self.picture = picture
    self.path = path
    self.columns = columns
    isNpy = path.hasSuffix(".npy")
    guard path == "-" || isNpy || path.hasSuffix(".csv") || POSIXFile.isSpecial(path) else {
      throw Failure.usage(
        "--out: \(Output.visible(path)) must end in .npy or .csv, or be -", option: "--out")
    }
    do throws(FileFailure) { file = path == "-" ? nil : try AtomicFile(replacing: path) } catch {
      throw Failure.file(error, path)
    }
    if path != "-" { try begin() }
  }

  private func begin() throws {
    guard lacksHeading else { return }
    lacksHeading = false
    try write(
      isNpy ? header : Array((columns.map(PointWriter.field).joined(separator: ",") + "\n").utf8))
  }

  /// A name as a field of CSV (RFC 4180): in quotes where it could be read as more than one.
  private static func field(_ name: String) -> String {
    guard name.contains(where: { ",;\"\t \n".contains($0) }) else { return name }
    return "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  /// Appends rows, one number for every column.
  func append(_ values: [Double]) throws {
    let width = columns.count
    precondition(values.count % width == 0, "a row needs a number for every column")
    rows += values.count / width
    try begin()
    if isNpy { return try write(NpyHeader.data(values)) }
    var text = ""
    for row in stride(from: 0, to: values.count, by: width) {
      text += values[row..<row + width].map { "\($0)" }.joined(separator: ",") + "\n"
    }
    try write(Array(text.utf8))
  }

  /// Completes the file and puts it in its place.
  func finish() throws {
    try begin()
    guard let file else { return }
    do throws(FileFailure) {
      if isNpy { try file.overwrite(header, at: 0) }
      try file.commit()
    } catch { throw Failure.file(error, path) }
  }

  private var header: [UInt8] {
    if let picture {
      return NpyHeader.encode(rows: rows, height: picture.height, width: picture.width)
    }
    return NpyHeader.encode(rows: rows, columns: columns.count == 1 ? nil : columns.count)
  }

  private func write(_ bytes: [UInt8]) throws {
    do throws(FileFailure) {
      if let file { try file.write(bytes) } else { try POSIXFile.standardOutput.write(bytes) }
    } catch { throw Failure.file(error, path) }
  }
}
