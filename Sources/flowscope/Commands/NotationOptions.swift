import ArgumentParser
import FlowMatching

/// By which numbers points of a curved space are read and written, where a checkpoint or the number of
/// columns does not tell.
struct NotationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The period of angles on the torus: 360 for degrees (default: the checkpoint's, or radians).",
      valueName: "number"))
  var period: Double?

  @Flag(
    inversion: .prefixedNo,
    help: "Unit vectors on the sphere, not longitude and latitude (default: the checkpoint's).")
  var vectors: Bool?

  func validate() throws {
    if let period, !(period > 0 && period.isFinite) {
      throw Failure.usage("--period must be a positive number, not \(period)", option: "--period")
    }
  }

  /// Where points lie in a space, or in the plane, for which the options mean nothing. Without them it is
  /// the known notation of angles; by which of the others a file of the sphere says its points, the
  /// number of its columns tells.
  func place(in space: (any Space)?, otherwise known: PointNotation? = nil) throws -> PointPlace {
    let given = [
      ("--period", period.map { PointNotation.angles(period: $0) }, "angles on the torus"),
      ("--vectors", vectors.map { $0 ? PointNotation.vectors : .degrees }, "points on the sphere"),
    ]
    var place = PointPlace(space, near: known)
    for case (let option, let notation?, let whose) in given {
      guard let space, notation.suits(space) else {
        throw Failure.usage("\(option) is for \(whose)", option: option)
      }
      place.notation = notation
    }
    return place
  }

  /// Where the points of files for a checkpoint lie.
  func place(of stored: StoredRun) throws -> PointPlace {
    var place = try place(in: stored.experiment?.curvedSpace, otherwise: stored.units.notation)
    place.dimension = stored.dimension
    return place
  }

  /// By which numbers points of a checkpoint's space are written; nil in the plane.
  func notation(of stored: StoredRun) throws -> PointNotation? {
    let space = stored.experiment?.curvedSpace
    return try place(in: space, otherwise: stored.units.notation).notation ?? stored.units.notation
  }
}
