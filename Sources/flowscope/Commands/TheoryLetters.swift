import FlowMatching

/// The identities of processes that jump.
extension Theory {
  /// Those of a flow in the plane: jumps along its p_t where the data are a catalogue's, and those of
  /// letters where nothing else was asked for.
  func checks(_ isNamed: Bool) -> [TheoryCheck] {
    let isUsual = isNamed && dataset == nil && checkpoint == nil
    return TheoryCheck.all + (isNamed ? TheoryCheck.jumps : [])
      + (isUsual ? TheoryCheck.tokens : []) + (isNamed ? TheoryCheck.interpolants : [])
      + (isUsual ? TheoryCheck.guidance + TheoryCheck.maps + TheoryCheck.particles : [])
  }

  /// Tries the identities of four particles, and says that those of the plane are not theirs.
  func runParticles(_ dataset: Dataset) throws {
    if scheduler != nil {
      throw Failure.usage(
        "the identities of particles have no schedule: leave out --scheduler", option: "--scheduler"
      )
    }
    if checkpoint != nil {
      throw Failure.usage(
        "the identities of particles are tried on networks of their own: leave out --checkpoint",
        option: "--checkpoint")
    }
    report.message("flowscope: identities below 45 are of points in the plane, of letters and maps")
    guard
      let setting = TheorySetting(
        dataset: DatasetCatalog.eightGaussians, scheduler: .conditionalOT, seed: seed)
    else { preconditionFailure("eight Gaussians have an exact field") }
    let verdicts = TheoryCheck.particles.map { $0.verdict(in: setting) }
    if report.json {
      try Output.json(
        TheoryReport(dataset: dataset.name, scheduler: "none", seed: seed, checkpoint, verdicts))
    } else {
      try Output.data(table(dataset.title, TheoryCheck.particles.map(\.equation), verdicts))
    }
    try judge(verdicts, dataset.title)
  }

  /// Tries the identities of letters, and says that those of points are not theirs.
  func runLetters(_ dataset: Dataset) throws {
    if scheduler != nil {
      throw Failure.usage(
        "the identities of letters are tried under every schedule: leave out --scheduler",
        option: "--scheduler")
    }
    report.message(
      "flowscope: identities below 30 are of points that move; those of letters are tried on the "
        + "checkerboard of eight, whose states can be counted, from masks and from noise")
    // They are no statements about a data set of the plane, whichever stands here.
    guard
      let setting = TheorySetting(
        dataset: DatasetCatalog.eightGaussians, scheduler: .conditionalOT, seed: seed)
    else { preconditionFailure("eight Gaussians have an exact field") }
    let verdicts = TheoryCheck.tokens.map { $0.verdict(in: setting) }
    let subject = "letters of \(DatasetCatalog.tokensCheckerboardEight.name)"
    if report.json {
      try Output.json(
        TheoryReport(
          dataset: dataset.name, scheduler: "every one", seed: seed, checkpoint, verdicts))
    } else {
      try Output.data(table(subject, TheoryCheck.tokens.map(\.equation), verdicts))
    }
    try judge(verdicts, subject)
  }
}
