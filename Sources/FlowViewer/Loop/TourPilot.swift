import TerminalCanvas

/// Goes through a chapter as a reader would: reads, predicts what is right, waits for the moment, goes on.
///
/// Recordings and tests of the tour are made with it; it knows nothing but the state.
public struct TourPilot {
  /// Seconds of virtual time that a moment is waited for before it goes on without.
  public static let patience = 60.0

  /// How many times as fast as a person it reads; infinite where it need not.
  private let haste: Double
  private var waited = 0.0
  private var read = ""

  /// A pilot that reads so many times as fast as a person.
  public init(haste: Double = 1) { self.haste = haste }

  /// What is to be done next; nil at the end of the chapter.
  public mutating func next(_ state: AppState) -> ReplayCommand? {
    guard let text = state.tourText, let tour = state.dialogue.tour else { return nil }
    let part = "\(tour.chapter) \(tour.scene) \(state.tellsEnd)"
    if read != part {
      // What is new has to be read; figures that change in it need not.
      read = part
      waited = 0
      if haste.isFinite { return .wait((1.2 + Double(text.count) / 16) / haste) }
    }
    if let answer = state.openAnswer { return .key(.character(Character("\(answer)"))) }
    if state.awaitsMoment, waited < TourPilot.patience {
      waited += 1 / Replay.framesPerSecond
      return .wait(1 / Replay.framesPerSecond)
    }
    return state.isChapterOver || isLast(state) ? nil : .key(.enter)
  }

  private func isLast(_ state: AppState) -> Bool {
    state.dialogue.tour.map { $0.scene + 1 == state.chapter?.scenes.count } ?? true
  }
}
