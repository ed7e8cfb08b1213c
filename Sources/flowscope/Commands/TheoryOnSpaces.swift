import FlowMatching

/// The identities of geodesic paths, and the mass of a flow that was trained on them.
extension Theory {
  /// Tries them, and says that those of flat paths are not theirs.
  func runCurved(
    _ data: Dataset, _ trained: (LearnedField, Experiment, Dataset?)?
  ) throws {
    let source = try trained.flatMap { trained in
      try Failure.named("--checkpoint") { try trained.1.sourceDistribution(to: data) }
        as? any DensityDistribution
    }
    let learned = trained.flatMap { trained in source.map { (flow: trained.0, source: $0) } }
    guard let setting = SpaceTheorySetting(dataset: data, seed: seed, learned: learned) else {
      throw Failure.usage("the identities on \(data.space?.name ?? data.name) are not known")
    }
    if scheduler != nil {
      throw Failure.usage(
        "paths on the \(setting.space.name) are geodesics at constant speed: leave out --scheduler",
        option: "--scheduler")
    }
    let first = SpaceCheck.all.map(\.number).min() ?? 0
    report.message(
      "flowscope: identities 1 to \(first - 1) are of paths in the plane; on the "
        + "\(setting.space.name) there are \(first) and more"
        + (learned == nil
          ? "" : ", tried on the exact field of the data, and the checkpoint's mass"))
    let checks = (learned == nil ? [] : SpaceCheck.learned) + SpaceCheck.all
    let verdicts = checks.map { $0.verdict(in: setting) }
    let subject =
      "\(setting.dataset.name), \(checkpoint.map(Output.visible) ?? setting.space.title)"
    if report.json {
      try Output.json(
        TheoryReport(
          dataset: setting.dataset.name, scheduler: "geodesic", seed: seed, checkpoint, verdicts))
    } else {
      try Output.data(table(subject, checks.map(\.equation), verdicts))
    }
    try judge(verdicts, subject)
  }
}
