import ArgumentParser
import FileFormats

/// What becomes of a file that exists: the same options wherever something is written.
struct OverwriteOptions: ParsableArguments {
  @Flag(help: "Replace a file that exists.")
  var force = false

  @Flag(help: "Write to a numbered file, such as run-1.npy, where one of that name exists.")
  var noClobber = false

  func validate() throws {
    if force && noClobber {
      throw Failure.usage("--force replaces a file, --no-clobber keeps it: give one of them")
    }
  }

  /// The file that may be written where `path` was asked for; refuses one that exists, and one that
  /// cannot be created. `ways` are the ways out beside those of this group.
  func place(
    _ path: String, option: String = "--out", ways: [String] = []
  ) throws -> String {
    guard path != "-" else { return path }
    let place =
      POSIXFile.hasContents(path) ? try instead(of: path, option: option, ways: ways) : path
    do throws(FileFailure) { try AtomicFile.check(place) } catch {
      throw Failure.file(error, place)
    }
    return place
  }

  /// What is written where `path` would lose its contents: itself, another, or nothing.
  func instead(
    of path: String, option: String, ways: [String], forced: String = "--force replaces it"
  ) throws -> String {
    if force { return path }
    let numbered = OverwriteOptions.numbered(path)
    if noClobber { return numbered }
    let all = ways + [forced, "--no-clobber writes \(Output.visible(numbered))"]
    throw Failure(
      code: .cannotCreate,
      message: "\(Output.visible(path)) exists: " + all.joined(separator: ", "),
      option: option, file: Output.visible(path)
    ).exit()
  }

  /// The first of `run-1.npy`, `run-2.npy`, … that does not exist.
  private static func numbered(_ path: String) -> String {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let dot = path[slash...].dropFirst().lastIndex(of: ".") ?? path.endIndex
    var number = 1
    while true {
      let next = path[..<dot] + "-\(number)" + path[dot...]
      if POSIXFile.version(of: String(next)) == nil { return String(next) }
      number += 1
    }
  }
}
