import TerminalCanvas

/// Quitting: at once where nothing is lost by it, else after one question.
extension AppState {
  /// Whether weights are being learned that no file keeps.
  var wouldLoseTraining: Bool {
    (report.status == .training || report.status == .paused) && report.step > 0
      && report.step != keptStep && options.follows == nil
  }

  /// Quits, or asks first; asked twice it quits.
  mutating func leave() -> [Effect] {
    guard wouldLoseTraining, overlay != .leave else { return [.quit] }
    overlay = .leave
    revision += 1
    return []
  }

  mutating func answerLeaving(_ key: Key) -> [Effect] {
    switch key {
    case .character("q"), .character("y"), .enter: return [.quit]
    case .character("w"):
      overlay = nil
      return perform(.save)
    case .control("l"): return perform(.repaint)
    default:
      overlay = nil
      revision += 1
      return []
    }
  }
}
