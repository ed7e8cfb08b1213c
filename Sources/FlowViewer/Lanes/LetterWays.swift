import FlowMatching

/// The ways in which letters may jump, one after another.
extension AppState {
  /// Plain, thrown back and drawn again, and drawn anew at the end.
  static func ways(along path: TokenPath) -> [TokenChoice] {
    var (noisy, corrected, redrawn) = (TokenChoice(), TokenChoice(), TokenChoice())
    noisy.stochasticity = 1
    corrected.corrector = 1
    redrawn.redraws = 16
    let all = [TokenChoice(), corrected, noisy, redrawn]
    return all.filter { $0.complaint(along: path) == nil }
  }

  /// The next way of the focused lane's letters.
  mutating func changeWay(by offset: Int) -> [Effect] {
    let ways = AppState.ways(along: experiment.tokenPath)
    let next = ways.moved(from: focusedLane.settings.letters ?? TokenChoice(), by: offset)
    let words = next.words.isEmpty ? "each letter jumps by itself, once" : next.words
    return changeLane(saying: ("letters", words)) { $0.letters = next }
  }
}
