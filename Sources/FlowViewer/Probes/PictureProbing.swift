import FlowMatching

/// What the wall of pictures computes.
struct PictureBoard: Sendable {
  /// The wall on show, and the one of newer weights or another question, which replaces it when it is
  /// complete.
  private(set) var shown, next: PictureWall?
  private(set) var study = Study<PictureStudy>()
  /// How latents are seen, of a generation.
  private(set) var plane: (generation: Int, plane: LatentPlane)?

  /// What can happen to it.
  enum Change {
    case wall(PictureWall)
    case study(PictureStudy, until: Double)
    case plane(LatentPlane, generation: Int)
    /// Other data: nothing holds that was known.
    case forget
  }

  /// Applies a change.
  mutating func update(_ change: Change) {
    switch change {
    case .wall(let wall): next = wall
    case .study(let study, let time): self.study.begin(study, nextTime: time)
    case .plane(let plane, let generation): self.plane = (generation, plane)
    case .forget: self = PictureBoard()
    }
  }

  /// Works on the wall; true when there is another to show.
  mutating func advanceWall(budget: inout Int) -> Bool {
    guard next != nil, budget > 0 else { return false }
    next?.advance(budget: &budget)
    guard let done = next, done.isOver else { return false }
    (shown, next) = (done, nil)
    return true
  }

  /// Works on the study; true when there is more to show.
  mutating func advanceStudy(budget: inout Int) -> Bool {
    let before = study.running?.progress
    return study.advance(budget: &budget) || study.running?.progress != before
  }
}

extension AppState {
  /// Whether points are latents of pictures that can be shown.
  var showsPictures: Bool { traits.isLatent && dataset.autoencoder != nil && !isComparing }

  /// The wall on show, where it is of this run; the one at work where it is the first.
  var pictureWall: PictureWall? {
    [probes.pictures.shown, probes.pictures.next].compactMap { $0 }
      .first { $0.key.generation == training.generation }
  }

  /// The classes of the wall's groups: all, or the one that is asked for again and again.
  var pictureLabels: [Int?] {
    let names = traits.classes
    guard !names.isEmpty else { return [Int?](repeating: nil, count: 10) }
    let count = min(PictureWall.mostGroups, names.count)
    if let label = focusedLane.settings.guidance?.label {
      return [Int?](repeating: label, count: count)
    }
    return (0..<count).map { $0 }
  }

  private var pictureKey: PictureWall.Key? {
    guard showsPictures else { return nil }
    return PictureWall.Key(
      settings: focusedLane.settings, weightsStep: lanes.ensemble.weightsStep,
      generation: training.generation, noiseIndex: particles.noiseIndex, labels: pictureLabels)
  }

  private var pictureStudyKey: PictureStudy.Key? {
    guard showsPictures, dataset.classes != nil, !traits.classes.isEmpty else { return nil }
    return PictureStudy.Key(
      dataset: dataset.name, generation: training.generation,
      weightsStep: lanes.ensemble.weightsStep, training: focusedLane.settings.training)
  }

  /// The study on show, one of older weights too; the one at work where none was completed.
  var pictureStudy: PictureStudy? {
    [probes.pictures.study.shown, probes.pictures.study.running].compactMap { $0 }
      .first { $0.key.generation == training.generation }
  }

  /// At once while there is something to find out; newer weights wait for their time.
  var pictureDelay: Double? {
    guard let key = pictureKey else { return nil }
    if probes.pictures.next != nil || probes.pictures.shown?.key != key { return 0 }
    return pictureStudyKey.flatMap { probes.pictures.study.delay(for: $0, now: now) }
  }

  mutating func advancePictures(_ budget: inout Int) {
    guard let key = pictureKey else { return }
    if probes.pictures.plane?.generation != training.generation,
      let plane = LatentPlane(dataset)
    {
      probes.update(.pictures(.plane(plane, generation: training.generation)))
    }
    if (probes.pictures.next ?? probes.pictures.shown)?.key != key {
      let wall = PictureWall(key, lanes.ensemble.fields, from: particles.noise)
      probes.update(.pictures(.wall(wall)))
    }
    let isFirst = probes.pictures.shown == nil
    if probes.advancePictureWall(budget: &budget) || isFirst { revision += 1 }
    if let study = pictureStudyKey, probes.pictures.study.wants(study, now: now),
      let work = PictureStudy(study, dataset, lanes.ensemble.fields, from: particles.noise)
    {
      probes.update(.pictures(.study(work, until: now + 6)))
    }
    if probes.advancePictureStudy(budget: &budget) { revision += 1 }
  }
}
