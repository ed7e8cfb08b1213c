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
    of path: String, option: String, ways: [String], forced: String = usualForce
  ) throws -> String {
    if force { return path }
    if noClobber { return OverwriteOptions.numbered(path) }
    throw OverwriteOptions.exists(path, option: option, ways: ways, forced: forced).exit()
  }

  /// What `place` does, for a plan: where it would write, and why it would be refused.
  func plan(
    _ path: String, exists: Bool, option: String, ways: [String], forced: String = usualForce
  ) -> (place: String, refusal: Failure?) {
    guard exists else { return (path, nil) }
    if noClobber { return (OverwriteOptions.numbered(path), nil) }
    let refusal = OverwriteOptions.exists(path, option: option, ways: ways, forced: forced)
    return (path, force ? nil : refusal)
  }

  static let usualForce = "--force replaces it"

  private static func exists(
    _ path: String, option: String, ways: [String], forced: String
  ) -> Failure {
    let all = ways + [forced, "--no-clobber writes \(Output.visible(numbered(path)))"]
    return Failure(
      code: .cannotCreate,
      message: "\(Output.visible(path)) exists: " + all.joined(separator: ", "),
      option: option, file: Output.visible(path))
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
