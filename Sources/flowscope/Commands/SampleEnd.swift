import FlowMatching

extension Sample {
  /// The time of the flow at which points stop.
  func end(_ stored: StoredRun) throws -> Double {
    guard let until else { return 1 }
    let times = stored.experiment?.snapshots ?? []
    let (first, last) = (times.first ?? 0, times.last ?? 1)
    guard until > first, until <= last else {
      throw Failure.usage(
        "--until must be above \(TableFigure.short(first, 6)) and at most \(TableFigure.short(last, 6))",
        option: "--until")
    }
    let t = times.isEmpty ? until : (until - first) / (last - first)
    let traits = stored.experiment?.traits
    if t < 1, traits?.needsSolver == false || traits?.isMap == true {
      throw Failure.usage("--until needs a flow that a solver follows", option: "--until")
    }
    return t
  }
}
