import TerminalCanvas

/// A run that another program trains: whether there is one yet, and how long it has been silent.
extension AppState {
  /// Seconds without a new file after which the silence is named.
  static let silence = 10.0

  /// “waiting for run.safetensors”, “unchanged for 2 min”; nil while the file is rewritten.
  var followWords: String? {
    guard let name = options.follows else { return nil }
    guard training.report.readings > 0 else { return "waiting for " + name }
    let seconds = now - training.lastReading
    guard seconds >= AppState.silence else { return nil }
    return "unchanged for " + AppState.elapsed(seconds)
  }

  /// 25 s, 4 min, 2 h 5 min.
  static func elapsed(_ seconds: Double) -> String {
    let whole = Int(saturating: min(seconds, 1e9))
    if whole < 60 { return "\(whole) s" }
    let minutes = whole / 60
    return minutes < 60 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// Seconds until these words change; nil where they do not by themselves.
  var followDelay: Double? {
    guard options.follows != nil, training.report.readings > 0 else { return nil }
    let seconds = now - training.lastReading
    if seconds < AppState.silence { return AppState.silence - seconds }
    let unit = seconds < 60 ? 1.0 : 60.0
    return unit - seconds.truncatingRemainder(dividingBy: unit)
  }

  /// Notices a file that was read, and draws when the words are others.
  mutating func noteReading(_ newer: TrainingReport) {
    if newer.readings != training.report.readings { training.lastReading = now }
  }

  mutating func refreshFollowing() {
    guard followWords != training.shownFollowWords else { return }
    training.shownFollowWords = followWords
    revision += 1
  }
}
