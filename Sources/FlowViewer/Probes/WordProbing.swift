import FlowMatching

/// What the wall of words computes: what became of its words, the letters of the picked one, and how the
/// share of real words depends on the evaluations.
struct WordBoard: Sendable {
  /// The exact posterior of the data at hand.
  private(set) var exact: (any TokenPosterior)?
  private(set) var exactKey: ExactKey?
  /// One a lane.
  private(set) var pictures: [WordPicture] = []
  private(set) var letters: LetterPicture?
  private(set) var study = Study<WordStudy>()
  private(set) var course = Study<WordCourse>()

  struct ExactKey: Sendable, Hashable {
    let generation: Int
    let dataset: String
    let path: TokenPath
  }

  /// What can happen to it.
  enum Change {
    /// Other data: nothing holds that was known, save its exact posterior.
    case begin((any TokenPosterior)?, ExactKey)
    /// What became of a lane's words.
    case picture(WordPicture, lane: Int)
    /// So many lanes there are.
    case lanes(Int)
    /// The letters of the picked word.
    case letters(LetterPicture)
    /// Begins a study; for newer weights alone not again before a time.
    case study(WordStudy, until: Double)
    case course(WordCourse, until: Double)
  }

  /// Applies a change.
  mutating func update(_ change: Change) {
    switch change {
    case .begin(let exact, let key):
      self = WordBoard()
      (self.exact, exactKey) = (exact, key)
    case .picture(let picture, let lane):
      if lane < pictures.count {
        pictures[lane] = picture
      } else if lane == pictures.count {
        pictures.append(picture)
      }
    case .lanes(let count): pictures = Array(pictures.prefix(count))
    case .letters(let picture): letters = picture
    case .study(let study, let time): self.study.begin(study, nextTime: time)
    case .course(let course, let time): self.course.begin(course, nextTime: time)
    }
  }

  /// Works on the study; true when there is more to show.
  mutating func advance(budget: inout Int) -> Bool { study.advance(budget: &budget) }

  /// The same on the course over t.
  mutating func advanceCourse(budget: inout Int) -> Bool { course.advance(budget: &budget) }
}

extension AppState {
  /// The words of a lane as they were looked at last.
  func words(ofLane index: Int) -> WordPicture? {
    probes.words.pictures.indices.contains(index) ? probes.words.pictures[index] : nil
  }

  /// The word that is followed; the first that is on the wall where none is picked.
  var pickedWord: Int? {
    guard traits.tokens != nil, particleCount > 0 else { return nil }
    return min(particles.picked ?? 0, min(particleCount, WordPicture.limit) - 1)
  }

  private func pictureKey(ofLane index: Int) -> WordPicture.Key? {
    let (lane, solve) = (lanes.all[index], lanes.ensemble.lanes[index])
    guard !solve.trajectory.times.isEmpty, solve.knows(lane.t) else { return nil }
    let knot = solve.trajectory.times[solve.trajectory.interval(of: lane.t)]
    return WordPicture.Key(
      settings: lane.settings, knot: knot, isEnd: knot >= 1 - 1e-12,
      weightsStep: solve.weightsStep, generation: training.generation,
      noiseIndex: particles.noiseIndex, count: solve.count)
  }

  /// At once while the words on show are not those at t; later for a study of newer weights.
  var wordsDelay: Double? {
    guard traits.tokens != nil else { return nil }
    for index in lanes.all.indices {
      if let key = pictureKey(ofLane: index), words(ofLane: index)?.key != key { return 0 }
    }
    if wantsLetters { return 0 }
    if probes.words.study.running != nil { return 0 }
    return [wordCourseKey.flatMap { probes.words.course.delay(for: $0, now: now) }, wordStudyDelay]
      .compactMap { $0 }.min()
  }

  private var wordStudyDelay: Double? {
    guard needsWordStudy, probes.words.study.shown?.key != studyKey else { return nil }
    return max(0, probes.words.study.nextTime - now)
  }

  /// Whether the share of real words over steps is on show, or told by a chapter, which has small screens too.
  private var needsWordStudy: Bool {
    layout.rect(of: .realWords) != nil || layout.workPrecision != nil || dialogue.tour != nil
  }

  private var studyKey: WordStudy.Key {
    let settings = focusedLane.settings
    return WordStudy.Key(
      weightsStep: lanes.ensemble.weightsStep, generation: training.generation,
      letters: settings.letters ?? TokenChoice(), keptTraining: settings.training)
  }

  private var letterKey: LetterPicture.Key? {
    guard let index = pickedWord, let picture = words(ofLane: lanes.focused),
      index < picture.words.count
    else { return nil }
    return LetterPicture.Key(picture: picture.key, index: index)
  }

  private var wantsLetters: Bool {
    guard let key = letterKey else { return false }
    return probes.words.letters?.key != key
  }

  mutating func advanceWords(_ budget: inout Int) {
    guard traits.tokens != nil, let tokens = dataset.tokens else { return }
    let path = experiment.tokenPath
    let exactKey = WordBoard.ExactKey(
      generation: training.generation, dataset: dataset.name, path: path)
    if probes.words.exactKey != exactKey {
      probes.update(.words(.begin(tokens.posterior(along: path), exactKey)))
    }
    guard let exact = probes.words.exact else { return }
    for index in lanes.all.indices {
      guard let key = pictureKey(ofLane: index), words(ofLane: index)?.key != key else { continue }
      let (now, before) = lanes.ensemble.lanes[index].jumps(at: lanes.all[index].t)
      let picture = WordPicture(key, now, before, tokens, exact, path: path)
      probes.update(.words(.picture(picture, lane: index)))
      revision += 1
    }
    if probes.words.pictures.count > lanes.all.count {
      probes.update(.words(.lanes(lanes.all.count)))
    }
    let followed = lanes.ensemble.fields.flow(focusedLane.settings).posterior
    if wantsLetters, let key = letterKey, let followed,
      let picture = words(ofLane: lanes.focused)
    {
      let letters = LetterPicture(
        key, picture.words.sequence(key.index), followed, tokens as? WordList)
      probes.update(.words(.letters(letters)))
      revision += 1
    }
    // What is told of t comes first: it is the shorter.
    advanceWordCourse(tokens, exact, path, &budget)
    advanceWordStudy(tokens, exact, path, &budget)
  }

  private mutating func advanceWordStudy(
    _ tokens: any TokenDistribution, _ exact: any TokenPosterior, _ path: TokenPath,
    _ budget: inout Int
  ) {
    guard needsWordStudy else { return }
    let key = studyKey
    if probes.words.study.running == nil, probes.words.study.shown?.key != key,
      now >= probes.words.study.nextTime,
      let learned = lanes.ensemble.fields.network(focusedLane.settings).posterior
    {
      let chunk = Solve.chunkSize(for: shownNetwork.weights.shape)
      let study = WordStudy(
        key, tokens, learned: learned, exact: exact, path: path, chunk: chunk)
      probes.update(.words(.study(study, until: now + 8)))
    }
    if probes.advanceWords(budget: &budget) { revision += 1 }
  }
}
