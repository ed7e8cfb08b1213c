import FlowMatching
import TerminalCanvas

/// What the views other than the particles have computed, and what they work on.
public struct Probes: Sendable {
  private(set) var fieldProbe: FieldProbe?
  private(set) var shownField: FieldPicture?
  private(set) var errorCurve = Study<FieldErrorCurve>()
  private(set) var carrier: Carrier?
  private(set) var warp: Solve?
  /// The grid through newer weights, which replaces it when it is complete.
  private(set) var nextWarp: Solve?
  private(set) var pairs: PairSample?
  private(set) var pairKey: PairSample.Key?
  /// One step of training, slowly.
  private(set) var lesson: StepLesson?
  private(set) var densityProbe: DensityProbe?
  private(set) var shownDensity: DensityPicture?
  /// Final pictures of before, the oldest first.
  private var earlierDensities: [DensityPicture] = []
  private(set) var nextDensityTime = 0.0
  private(set) var likelihood = Study<LikelihoodStudy>()
  private(set) var hutchinson = Study<HutchinsonStudy>()
  private(set) var words = WordBoard()
  /// Samples of pictures, and what is told of them.
  private(set) var pictures = PictureBoard()
  /// Where a flow map misses the flow, or its own equations.
  private(set) var residual = Study<MapProbe>()
  /// How the objective's target scatters.
  private(set) var noise = Study<NoiseProbe>()
  /// The best steps of the focused lane, or of one that asked for them.
  private(set) var grid = Study<GridStudy>()
  /// Whether lanes have one p_t, and how far each is from the exact one.
  private(set) var marginals = Study<MarginalStudy>()
  private(set) var processes = Study<ProcessStudy>()
  /// How many particles are where the data of a curved space is, over t.
  private(set) var support = SupportCurve()
  /// How likely data is there, over training.
  private(set) var spaceLikelihood = SpaceLikelihood()
  /// How far the field is from the exact one there, over t.
  private(set) var spaceError = Study<SpaceErrorCurve>()
  /// What the field and density views show of it.
  private(set) var spaceField = Study<SpaceFieldProbe>()
  private(set) var spaceDensity = Study<SpaceDensityProbe>()
  /// What guidance promises of a class and what it does, over the weight.
  private(set) var guidance = Study<GuidanceStudy>()
  /// How often a posterior holds the truth.
  private(set) var calibration = Study<CalibrationStudy>()
  /// The cells of a semidiscrete transport, and their proof.
  private(set) var transport = Study<TransportStudy>()
  /// The energies of four particles, and their weights.
  private(set) var molecules = Study<MoleculeStudy>()
  /// The place whose density is asked for.
  public private(set) var cross: (x: Double, y: Double)

  /// What can happen to them.
  enum Change {
    /// Asks for the density of a place.
    case cross(x: Double, y: Double)
    /// Begins a picture of the field.
    case field(FieldProbe)
    /// Begins a picture of the density; nil gives up the one at work.
    case density(DensityProbe?)
    /// Begins a measurement; for newer weights alone not again before a time.
    case errorCurve(FieldErrorCurve, until: Double)
    case likelihood(LikelihoodStudy, until: Double)
    case hutchinson(HutchinsonStudy, until: Double)
    case spaceError(SpaceErrorCurve, until: Double)
    case spaceField(SpaceFieldProbe, until: Double)
    case spaceDensity(SpaceDensityProbe, until: Double)
    case words(WordBoard.Change)
    case pictures(PictureBoard.Change)
    case residual(MapProbe, until: Double)
    case noise(NoiseProbe, until: Double)
    case grid(GridStudy, until: Double)
    case marginals(MarginalStudy, until: Double)
    case processes(ProcessStudy, until: Double)
    case guidance(GuidanceStudy, until: Double)
    case calibration(CalibrationStudy, until: Double)
    case molecules(MoleculeStudy, until: Double)
    case transport(TransportStudy, until: Double)
    /// Begins to carry densities along the particles; nil drops them.
    case carrier(Carrier?)
    /// Begins to carry the grid; nil drops it.
    case warp(Solve?)
    case pairs(PairSample, PairSample.Key)
    case lesson(StepLesson?)
    /// Draws pairs anew when they are next shown.
    case forgetPairs
    /// Forgets every picture of the run before; what is asked for may begin `now`.
    case forget(now: Double)
  }

  /// Nothing computed, the cross at a place.
  init(cross: (x: Double, y: Double)) { self.cross = cross }

  /// Applies a change.
  mutating func update(_ change: Change) {
    switch change {
    case .cross(let x, let y): cross = (x, y)
    case .field(let probe): fieldProbe = probe
    case .density(let probe): densityProbe = probe
    case .errorCurve(let curve, let time): errorCurve.begin(curve, nextTime: time)
    case .likelihood(let study, let time): likelihood.begin(study, nextTime: time)
    case .hutchinson(let study, let time): hutchinson.begin(study, nextTime: time)
    case .spaceError(let curve, let time): spaceError.begin(curve, nextTime: time)
    case .spaceField(let probe, let time): spaceField.begin(probe, nextTime: time)
    case .spaceDensity(let probe, let time): spaceDensity.begin(probe, nextTime: time)
    case .words(let change): words.update(change)
    case .pictures(let change): pictures.update(change)
    case .residual(let probe, let time): residual.begin(probe, nextTime: time)
    case .noise(let probe, let time): noise.begin(probe, nextTime: time)
    case .grid(let study, let time): grid.begin(study, nextTime: time)
    case .marginals(let study, let time): marginals.begin(study, nextTime: time)
    case .processes(let study, let time): processes.begin(study, nextTime: time)
    case .guidance(let study, let time): guidance.begin(study, nextTime: time)
    case .calibration(let study, let time): calibration.begin(study, nextTime: time)
    case .molecules(let study, let time): molecules.begin(study, nextTime: time)
    case .transport(let study, let time): transport.begin(study, nextTime: time)
    case .carrier(let carrier): self.carrier = carrier
    case .warp(let solve): replaceWarp(solve)
    case .pairs(let sample, let key): (pairs, pairKey) = (sample, key)
    case .lesson(let lesson): self.lesson = lesson
    case .forgetPairs: pairKey = nil
    case .forget(let now): forget(now)
    }
  }

  /// A picture of older weights stays until the new one is complete.
  private mutating func replaceWarp(_ solve: Solve?) {
    if let solve, let warp, warp.isOver, warp.settings == solve.settings {
      nextWarp = solve
    } else {
      (warp, nextWarp) = (solve, nil)
    }
  }

  private mutating func forget(_ now: Double) {
    fieldProbe = nil
    shownField = nil
    errorCurve.forget(now: now)
    residual.forget(now: now)
    noise.forget(now: now)
    grid.forget(now: now)
    lesson = nil
    carrier = nil
    (warp, nextWarp) = (nil, nil)
    densityProbe = nil
    shownDensity = nil
    earlierDensities = []
    nextDensityTime = now
    marginals.forget(now: now)
    processes.forget(now: now)
    likelihood.forget(now: now)
    hutchinson.forget(now: now)
    support = SupportCurve()
    spaceLikelihood.forget(now: now)
    spaceError.forget(now: now)
    spaceField.forget(now: now)
    spaceDensity.forget(now: now)
    guidance.forget(now: now)
    pictures.update(.forget)
    molecules.forget(now: now)
  }
}

/// The computations, in slices of a budget; each says whether there is something new to show.
extension Probes {
  /// A probe that a newer request has overtaken is finished all the same: else, while t moves, a slow
  /// machine would never see one.
  mutating func advanceField(budget: inout Int) -> Bool {
    guard var probe = fieldProbe.take() else { return false }
    probe.advance(budget: &budget)
    if probe.isOver { shownField = probe.picture } else { fieldProbe = probe }
    return probe.isOver
  }

  mutating func advanceDensity(now: Double, budget: inout Int) -> Bool {
    guard var probe = densityProbe.take() else { return false }
    probe.advance(budget: &budget)
    guard probe.isOver else {
      densityProbe = probe
      return false
    }
    shownDensity = probe.picture
    if probe.isFinal {
      nextDensityTime = now + 2
      earlierDensities = earlierDensities.suffix(11) + [probe.picture]
    }
    return true
  }

  /// Shows a final picture that was computed before; false where there is none.
  mutating func recallDensity(_ request: DensityPicture.Request) -> Bool {
    guard let known = earlierDensities.last(where: { $0.request == request }) else { return false }
    shownDensity = known
    return true
  }

  mutating func advanceErrorCurve(budget: inout Int) -> Bool { errorCurve.advance(budget: &budget) }

  mutating func advanceLikelihood(budget: inout Int) -> Bool { likelihood.advance(budget: &budget) }

  mutating func advanceHutchinson(budget: inout Int) -> Bool { hutchinson.advance(budget: &budget) }

  mutating func advanceResidual(budget: inout Int) -> Bool { residual.advance(budget: &budget) }

  mutating func advanceTransport(budget: inout Int) -> Bool { transport.advance(budget: &budget) }

  mutating func advanceNoise(budget: inout Int) -> Bool { noise.advance(budget: &budget) }

  mutating func advanceGrid(budget: inout Int) -> Bool { grid.advance(budget: &budget) }

  mutating func advancePictureWall(budget: inout Int) -> Bool {
    pictures.advanceWall(budget: &budget)
  }

  mutating func advancePictureStudy(budget: inout Int) -> Bool {
    pictures.advanceStudy(budget: &budget)
  }

  mutating func advanceWords(budget: inout Int) -> Bool { words.advance(budget: &budget) }

  mutating func advanceWordCourse(budget: inout Int) -> Bool {
    words.advanceCourse(budget: &budget)
  }

  mutating func advanceMarginals(budget: inout Int) -> Bool { marginals.advance(budget: &budget) }

  mutating func advanceProcesses(budget: inout Int) -> Bool { processes.advance(budget: &budget) }

  mutating func advanceGuidance(budget: inout Int) -> Bool { guidance.advance(budget: &budget) }

  mutating func advanceCalibration(budget: inout Int) -> Bool {
    calibration.advance(budget: &budget)
  }

  mutating func advanceMolecules(budget: inout Int) -> Bool { molecules.advance(budget: &budget) }

  mutating func readSupport(
    _ solve: Solve, _ surface: (space: any PicturedSpace, target: SurfaceTarget),
    _ key: SupportCurve.Key
  ) -> Bool {
    !support.isComplete(key) && support.read(solve, surface, key)
  }

  mutating func advanceSpaceLikelihood(
    _ network: LearnedField, step: Int, _ scene: TargetScene, at now: Double, budget: inout Int
  ) -> Bool {
    spaceLikelihood.advance(network, step: step, scene, at: now, budget: &budget)
  }

  mutating func advanceSpaceError(budget: inout Int) -> Bool { spaceError.advance(budget: &budget) }

  mutating func advanceSpaceField(budget: inout Int) -> Bool { spaceField.advance(budget: &budget) }

  mutating func advanceSpaceDensity(budget: inout Int) -> Bool {
    spaceDensity.advance(budget: &budget)
  }

  mutating func advanceCarrier(budget: inout Int) -> Bool {
    guard carrier?.solve.isOver == false, budget > 0 else { return false }
    let cost = BackwardDensity.costOfDivergence
    var share = max(1, budget / cost)
    let before = share
    carrier?.solve.advance(to: 1, budget: &share)
    budget -= cost * (before - share)
    return true
  }

  /// `cost` evaluations of the budget are one of the grid's.
  mutating func advanceWarp(cost: Int, budget: inout Int) -> Bool {
    guard (nextWarp ?? warp)?.isOver == false, budget > 0 else { return false }
    var share = max(1, budget / cost)
    let before = share
    if nextWarp == nil {
      warp?.advance(to: 1, budget: &share)
    } else {
      nextWarp?.advance(to: 1, budget: &share)
      if nextWarp?.isOver == true { (warp, nextWarp) = (nextWarp, nil) }
    }
    budget -= cost * (before - share)
    return true
  }

  /// The picture of the density to begin, coarse while t moves and fine when it rests; nil where the one
  /// on show is the last for what is asked.
  func nextDensity(
    coarse: DensityPicture.Request, fine: DensityPicture.Request, isPlaying: Bool, now: Double
  ) -> (request: DensityPicture.Request, isFinal: Bool)? {
    guard let shown = shownDensity?.request, shown.shows(coarse) else {
      // Only the weights have moved on: the fine picture stays until the next one is as fine.
      if let shown = shownDensity?.request, !isPlaying, shown.looksLike(coarse) {
        return now >= nextDensityTime ? (fine, true) : nil
      }
      return (coarse, false)
    }
    return shownDensity?.contours != nil || isPlaying ? nil : (fine, true)
  }
}
