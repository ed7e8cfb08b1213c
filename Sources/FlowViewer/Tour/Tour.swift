import FlowMatching
import TerminalCanvas

/// Where a person is in the guided tour.
public struct Tour: Sendable, Equatable {
  /// The chapter and its scene, counted from 0.
  public internal(set) var chapter: Int
  public internal(set) var scene = 0
  /// What was predicted, counted from 1; 0 where a person went on without.
  var answer: Int?
  /// Whether the moment has come that the scene waits for.
  var isMet = false
  /// The revision of the state that was looked at last, and when the next may be.
  fileprivate var lookedAt = 0
  fileprivate var nextLook = 0.0

  init(chapter: Int, scene: Int = 0) {
    self.chapter = chapter
    self.scene = scene
  }
}

extension Chapter {
  /// Where it stands among all, counted from 0.
  var place: Int { Chapter.all.firstIndex { $0.name == name } ?? 0 }
}

/// The tour is one more thing that keys and time do to the state: Enter goes on, Backspace back.
extension AppState {
  /// How often it is looked whether a moment has come, in seconds.
  private static let lookInterval = 0.1

  /// The chapter that is told; nil without a tour.
  public var chapter: Chapter? { dialogue.tour.map { Chapter.all[$0.chapter] } }

  /// The scene that is told.
  var told: Chapter.Scene? { dialogue.tour.flatMap { chapter?.scenes[$0.scene] } }

  /// Whether the tour waits for its moment.
  public var awaitsMoment: Bool {
    told?.until.isEmpty == false && dialogue.tour?.isMet == false
  }

  /// The right answer of a question that is open; nil where none is.
  public var openAnswer: Int? { dialogue.tour?.answer == nil ? told?.guess?.right : nil }

  /// Whether the tour has nothing more to say in this chapter.
  public var isChapterOver: Bool {
    guard let tour = dialogue.tour, let chapter else { return true }
    return tour.scene == chapter.scenes.count - 1 && !awaitsMoment && openAnswer == nil
  }

  /// Whether all that the scene claims is so.
  var holdsWhatIsTold: Bool { told?.shows.allSatisfy { $0.holds(in: self) } ?? true }

  /// Whether the scene has come to what it says in the end.
  var tellsEnd: Bool { !awaitsMoment && openAnswer == nil && told?.then.isEmpty == false }

  /// What the caption of the tour says now.
  var tourText: String? {
    told.map { StateFigure.filled(tellsEnd ? $0.then : $0.words, self) }
  }

  /// The room that it takes: the same for every scene, so that nothing jumps.
  var tourCaption: Caption? {
    tourText.map { Caption(title: chapter?.title ?? "", text: $0, rows: 2) }
  }

  /// Begins a chapter; where that throws away what a person trains, asks first.
  mutating func beginTour(_ chapter: Chapter) -> [Effect] {
    let index = chapter.place
    if chapter.preset.experiment == experiment || dialogue.tour != nil { return open(index) }
    dialogue.overlay = .question(
      Question(chapter.preset.experiment, "tour → \(chapter.title)", chapter: index))
    return []
  }

  /// Opens a chapter; trains anew where it is of something else than what is trained.
  mutating func open(_ index: Int) -> [Effect] {
    let chapter = Chapter.all[index]
    guard chapter.preset.experiment == experiment else {
      return restartTraining(
        Question(chapter.preset.experiment, "tour → \(chapter.title)", chapter: index))
    }
    return tell(Tour(chapter: index))
  }

  /// Tells a scene and sets the screen as it wants it; `anew` even where it goes on from the one before.
  mutating func tell(_ tour: Tour, anew: Bool = false) -> [Effect] {
    dialogue.tour = tour
    dialogue.caption = nil
    revision += 1
    let chapter = Chapter.all[tour.chapter]
    guard anew || tour.scene == 0 || chapter.scenes[tour.scene].stage != nil else { return [] }
    return set(chapter.stage(at: tour.scene), chapter.preset)
  }

  private mutating func set(_ stage: Chapter.Stage, _ preset: Preset) -> [Effect] {
    var arranged = preset
    if let lanes = stage.lanes { arranged.lanes = lanes }
    if let matching = stage.matching { arranged.matching = matching }
    stage.scenery(&arranged.scenery)
    arranged.mode = stage.plays ?? .once
    let effects = arrange(arranged)
    dialogue.caption = nil
    dialogue.flash = nil
    playback.openingEnd = nil
    playback.pendingSteps = 0
    if stage.plays != nil {
      beginPass()
    } else {
      playback.clock.isPlaying = false
    }
    playback.clock.direction = 1
    playback.clock.seek(stage.plays != nil && stage.t == 1 ? 0 : stage.t)
    particles.update(.follow(stage.follows))
    return effects
  }

  /// A key that the tour answers; nil where it is any other.
  mutating func guide(_ key: Key) -> [Effect]? {
    guard var tour = dialogue.tour, dialogue.caption == nil else { return nil }
    switch key {
    case .enter:
      guard openAnswer != nil else { return goOn(tour) }
      tour.answer = 0
    case .backspace: return goBack(tour)
    case .character(let letter):
      guard openAnswer != nil, let answer = letter.wholeNumberValue,
        told?.guess?.answers.indices.contains(answer - 1) == true
      else { return nil }
      tour.answer = answer
    default: return nil
    }
    dialogue.tour = tour
    revision += 1
    return []
  }

  private mutating func goOn(_ tour: Tour) -> [Effect] {
    if tour.scene + 1 < Chapter.all[tour.chapter].scenes.count {
      return tell(Tour(chapter: tour.chapter, scene: tour.scene + 1))
    }
    guard tour.chapter + 1 < Chapter.all.count else {
      endTour()
      return []
    }
    return open(tour.chapter + 1)
  }

  private mutating func goBack(_ tour: Tour) -> [Effect] {
    if tour.scene > 0 {
      return tell(Tour(chapter: tour.chapter, scene: tour.scene - 1), anew: true)
    }
    return tour.chapter > 0 ? open(tour.chapter - 1) : []
  }

  /// Ends it; everything stays as it is.
  mutating func endTour() {
    dialogue.tour = nil
    say("tour", "ended, : tour goes on")
  }

  /// Looks whether the moment has come.
  mutating func watchTour() {
    guard awaitsMoment, revision != dialogue.tour?.lookedAt, now >= dialogue.tour?.nextLook ?? 0,
      let until = told?.until
    else { return }
    if until.allSatisfy({ $0.holds(in: self) }) {
      dialogue.tour?.isMet = true
      revision += 1
    }
    dialogue.tour?.lookedAt = revision
    dialogue.tour?.nextLook = now + AppState.lookInterval
  }

  /// When the next look is due: only where something has changed since the last.
  var tourDelay: Double? {
    guard awaitsMoment, let tour = dialogue.tour, tour.lookedAt != revision else { return nil }
    return max(0, tour.nextLook - now)
  }
}
