import FlowMatching
import TerminalCanvas

/// What the views other than the particles have computed, and what they work on.
public struct Probes: Sendable {
  var fieldProbe: FieldProbe?
  var shownField: FieldPicture?
  var errorCurve = Study<FieldErrorCurve>()
  var carrier: AppState.Carrier?
  var warp: Solve?
  /// The grid through newer weights, which replaces it when it is complete.
  var nextWarp: Solve?
  var pairs: PairSample?
  var pairKey: AppState.PairKey?
  var densityProbe: DensityProbe?
  var shownDensity: DensityPicture?
  var nextDensityTime = 0.0
  var words = WordBoard()
  var likelihood = Study<LikelihoodStudy>()
  var hutchinson = Study<HutchinsonStudy>()
  /// How many particles are where the data of a curved space is, over t.
  var support = SupportCurve()
  /// How likely data is there, over training.
  var spaceLikelihood = SpaceLikelihood()
  /// How far the field is from the exact one there, over t.
  var spaceError = Study<SpaceErrorCurve>()
  /// What the field and density views show of it.
  var spaceField = Study<SpaceFieldProbe>()
  var spaceDensity = Study<SpaceDensityProbe>()
  /// The place whose density is asked for.
  public internal(set) var cross: (x: Double, y: Double)

  /// Nothing computed, the cross at a place.
  init(cross: (x: Double, y: Double)) { self.cross = cross }
}
