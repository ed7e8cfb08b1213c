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

  /// The notation in a space, by default a known one or the usual; nil in the plane, for which the
  /// options mean nothing.
  func notation(in space: (any Space)?, otherwise known: PointNotation? = nil) throws
    -> PointNotation?
  {
    let usual = space.flatMap { known ?? PointNotation.all(of: $0).first }
    if let period {
      let notation = PointNotation.angles(period: period)
      guard let space, notation.suits(space) else {
        throw Failure.usage("--period is for angles on the torus", option: "--period")
      }
      return notation
    }
    if let vectors {
      let notation = vectors ? PointNotation.vectors : .degrees
      guard let space, notation.suits(space) else {
        throw Failure.usage("--vectors is for points on the sphere", option: "--vectors")
      }
      return notation
    }
    return usual
  }

  /// That of a checkpoint's points.
  func notation(of stored: StoredRun) throws -> PointNotation? {
    try notation(in: stored.experiment?.curvedSpace, otherwise: stored.units.notation)
  }
}
