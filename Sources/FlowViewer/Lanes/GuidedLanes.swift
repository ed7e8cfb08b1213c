import FlowMatching
import TerminalCanvas

/// Lanes that ask for a class, more and less strongly.
extension AppState {
  /// The weights that a lane may have.
  static let possibleWeights = -20.0...20.0

  /// The classes that the focused lane can be asked for.
  var guidedClasses: [String] {
    guard traits.tokens == nil, turning == nil else { return [] }
    let own = followedExperiment.traits.classes
    return focusedLane.settings.velocity == .exact && own.isEmpty ? dataset.classNames : own
  }

  /// Why the focused lane cannot be guided away from its earlier self; nil where it can.
  var guideComplaint: String? {
    let settings = focusedLane.settings
    if settings.guidance?.label == nil { return "needs a class first" }
    if settings.velocity == .exact {
      return "is of learned weights: this lane follows the exact field"
    }
    return lanes.ensemble.fields.earlier == nil
      ? "no weights of an eighth of its steps were kept" : nil
  }

  /// The class that all lanes ask for; nil where they ask for none, or for several.
  var guidedLabel: Int? {
    guard isComparing else { return nil }
    let labels = lanes.all.map { $0.settings.guidance?.label }
    guard let first = labels.first.flatMap({ $0 }), labels.allSatisfy({ $0 == first }),
      dataset.classNames.indices.contains(first)
    else { return nil }
    return first
  }

  /// Whether lanes are compared by what guidance does to a class, whose density is known.
  var comparesGuidance: Bool {
    guard let label = guidedLabel, let classes = dataset.classes,
      !lanes.all.contains(where: { $0.settings.leaps || $0.settings.method.isMap })
    else { return false }
    return classes.parts[label] is any DensityDistribution
      && dataset.distribution is any DensityDistribution && dataset.dimension == 2
  }

  /// What is known of a guided lane's end, once its solve is there.
  func guidedFigure(ofLane index: Int) -> GuidedFigure? {
    guard let target = guidanceStudy?.target else { return nil }
    let solve = lanes.ensemble.lanes[index]
    guard solve.isOver, solve.failure == nil, let guidance = solve.settings.guidance else {
      return nil
    }
    return GuidedFigure(solve.end, target, tilt: guidanceStudy?.tilts[guidance.weight])
  }

  /// The study on show of the class that is asked for, one of older weights too; the one at work where
  /// none was completed of these lanes.
  var guidanceStudy: GuidanceStudy? {
    guard let label = guidedLabel else { return nil }
    let known = [probes.guidance.shown, probes.guidance.running].compactMap { $0 }
      .filter { $0.target.isOf(dataset, label) && $0.key.generation == training.generation }
    return known.first { $0.key.isAlike(guidanceKey) } ?? known.last
  }

  /// At once while there is something to find out; newer weights wait for their time.
  var guidanceDelay: Double? {
    guard comparesGuidance else { return nil }
    return guidanceKey.flatMap { probes.guidance.delay(for: $0, now: now) }
  }

  /// What the study is to be of; nil where nothing is compared.
  private var guidanceKey: GuidanceStudy.Key? {
    guard let label = guidedLabel else { return nil }
    return GuidanceStudy.Key(
      dataset: dataset.name, label: label, generation: training.generation,
      weightsStep: lanes.all.contains { $0.settings.velocity != .exact }
        ? lanes.ensemble.weightsStep : 0,
      lanes: lanes.all.map(\.settings))
  }

  /// Works on the study.
  mutating func advanceGuidance(_ budget: inout Int) {
    guard comparesGuidance, let key = guidanceKey, let classes = dataset.classes else { return }
    if probes.guidance.wants(key, now: now),
      let study = GuidanceStudy(
        key, dataset, classes, lanes.ensemble.fields, from: particles.noise, keeping: guidanceStudy)
    {
      probes.update(.guidance(study, until: now + 3))
    }
    let before = probes.guidance.running?.progress
    if probes.advanceGuidance(budget: &budget) || probes.guidance.running?.progress != before {
      revision += 1
    }
  }
}
