import TerminalCanvas

/// Quitting: at once where nothing is lost by it, else after one question.
extension AppState {
  /// Whether weights are being learned that no file keeps.
  var wouldLoseTraining: Bool {
    (training.report.status == .training || training.report.status == .paused)
      && training.report.step > 0
      && training.report.step != training.keptStep && options.follows == nil
  }

  /// Quits, or asks first; asked twice it quits.
  mutating func leave() -> [Effect] {
    guard wouldLoseTraining, dialogue.overlay != .leave else { return [.quit] }
    dialogue.overlay = .leave
    revision += 1
    return []
  }

  mutating func answerLeaving(_ key: Key) -> [Effect] {
    switch key {
    case .character("q"), .character("y"), .enter: return [.quit]
    case .character("w"):
      dialogue.overlay = nil
      return perform(.app(.save))
    case .control("l"): return perform(.app(.repaint))
    default:
      dialogue.overlay = nil
      revision += 1
      return []
    }
  }
}
