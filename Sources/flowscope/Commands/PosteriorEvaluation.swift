import FileFormats
import FlowMatching
import Foundation

/// What `evaluate` tells of a posterior: it has as many targets as observations, so that figures are means
/// over those.
struct PosteriorEvaluation: Encodable {
  /// How often a central interval holds the true value of a parameter.
  struct Coverage: Encodable {
    let parameter: String
    let level, share, low, high: Double
    let isWithin: Bool
  }

  /// A classifier's verdict on one observation.
  struct Compared: Encodable {
    let observation: [Double]
    let c2st, standardError: Double
  }

  let dataset: String
  let seed: UInt64
  let steps: Int?
  /// The pairs of parameters and observations, and whether training has not seen them.
  let pairs: Int
  let areHeldOut: Bool
  /// How many of the pairs training has seen.
  let learnedPairs: Int
  let nfe: Int
  let lost: Int
  /// In nats, by the units of the parameters as they were given.
  let meanLogP, meanLogPStandardError: Double?
  let exactMeanLogP, exactMeanLogPStandardError: Double?
  let logPGap, logPGapStandardError: Double?
  /// ½ where samples cannot be told from exact ones; of `c2stCount` points of both for each observation.
  let c2st, c2stStandardError: Double?
  let c2stCount: Int?
  let c2stObservations: [Compared]
  let coverage: [Coverage]
  let coverageWithinBand: Bool?
  let bandProbability: Double
  let calibrationPairs, calibrationDraws: Int
  /// How many ranks of each parameter lie in each tenth.
  let rankHistogram: [String: [Int]]

  init(
    _ measured: PosteriorMeasures, of stored: StoredRun, dataset: String, names: [String],
    pairs: Int, learned: Int, seed: UInt64
  ) {
    self.dataset = dataset
    self.seed = seed
    steps = stored.step
    self.pairs = pairs
    areHeldOut = learned == 0
    learnedPairs = learned
    nfe = measured.evaluations
    lost = measured.lost
    // dz = dx/deviation: the density of x is that of z times the determinant.
    let change = stored.units.data?.deviations.reduce(0) { $0 + log($1) } ?? 0
    meanLogP = measured.logP.map { $0.mean - change }
    meanLogPStandardError = measured.logP?.standardError
    exactMeanLogP = measured.exactLogP.map { $0.mean - change }
    exactMeanLogPStandardError = measured.exactLogP?.standardError
    logPGap = measured.gap?.mean
    logPGapStandardError = measured.gap?.standardError
    c2st = measured.c2st?.mean
    c2stStandardError = measured.c2st?.standardError
    c2stCount = measured.c2st == nil ? nil : PosteriorMeasures.drawCount(pairs: pairs)
    c2stObservations = measured.compared.map {
      Compared(
        observation: $0.observation, c2st: $0.accuracy.mean,
        standardError: $0.accuracy.standardError)
    }
    let calibration = measured.calibration
    let found = calibration.count == 0 ? [] : calibration.coverage
    coverage = found.map {
      Coverage(
        parameter: names[$0.parameter], level: $0.level, share: $0.share, low: $0.band.lowerBound,
        high: $0.band.upperBound, isWithin: $0.isWithin)
    }
    coverageWithinBand = found.isEmpty ? nil : calibration.isWithinBands
    bandProbability = Calibration.bandProbability
    (calibrationPairs, calibrationDraws) = (calibration.count, calibration.draws)
    rankHistogram = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { ($1, calibration.histogram(of: $0)) })
  }

  enum CodingKeys: CodingKey {
    case dataset, seed, steps, pairs, areHeldOut, learnedPairs, nfe, lost
    case meanLogP, meanLogPStandardError, exactMeanLogP, exactMeanLogPStandardError
    case logPGap, logPGapStandardError, c2st, c2stStandardError, c2stCount, c2stObservations
    case coverage, coverageWithinBand, bandProbability, calibrationPairs, calibrationDraws
    case rankHistogram
  }

  // By hand: an unknown number is null, not a key that is missing.
  func encode(to encoder: any Encoder) throws {
    var all = encoder.container(keyedBy: CodingKeys.self)
    try all.encode(dataset, forKey: .dataset)
    try all.encode(seed, forKey: .seed)
    try all.encode(steps, forKey: .steps)
    try all.encode(pairs, forKey: .pairs)
    try all.encode(areHeldOut, forKey: .areHeldOut)
    try all.encode(learnedPairs, forKey: .learnedPairs)
    try all.encode(nfe, forKey: .nfe)
    try all.encode(lost, forKey: .lost)
    try all.encode(meanLogP, forKey: .meanLogP)
    try all.encode(meanLogPStandardError, forKey: .meanLogPStandardError)
    try all.encode(exactMeanLogP, forKey: .exactMeanLogP)
    try all.encode(exactMeanLogPStandardError, forKey: .exactMeanLogPStandardError)
    try all.encode(logPGap, forKey: .logPGap)
    try all.encode(logPGapStandardError, forKey: .logPGapStandardError)
    try all.encode(c2st, forKey: .c2st)
    try all.encode(c2stStandardError, forKey: .c2stStandardError)
    try all.encode(c2stCount, forKey: .c2stCount)
    try all.encode(c2stObservations, forKey: .c2stObservations)
    try all.encode(coverage, forKey: .coverage)
    try all.encode(coverageWithinBand, forKey: .coverageWithinBand)
    try all.encode(bandProbability, forKey: .bandProbability)
    try all.encode(calibrationPairs, forKey: .calibrationPairs)
    try all.encode(calibrationDraws, forKey: .calibrationDraws)
    try all.encode(rankHistogram, forKey: .rankHistogram)
  }

  /// The same for people.
  var text: String {
    func number(_ value: Double?, _ error: Double?) -> String {
      value.map { TableFigure.text($0, error: error) } ?? "unknown"
    }
    func percent(_ value: Double) -> String { TableFigure.text(100 * value, digits: 3) + " %" }
    var lines = [
      ("dataset", Output.visible(dataset)), ("steps", steps.map { "\($0)" } ?? "unknown"),
      (
        "pairs",
        "\(pairs)"
          + (areHeldOut
            ? ", not seen in training"
            : learnedPairs == pairs
              ? ", those that it learned" : ", \(learnedPairs) of them learned")
          + (lost > 0 ? ", \(lost) of them lost" : "")
      ),
      (
        "mean log p",
        number(meanLogP, meanLogPStandardError) + " nats"
          + (exactMeanLogP == nil
            ? "" : "   exact " + number(exactMeanLogP, exactMeanLogPStandardError))
      ),
    ]
    if let logPGap {
      lines.append(("below exact", number(logPGap, logPGapStandardError) + " nats"))
    }
    if let c2stCount {
      lines.append(
        (
          "C2ST",
          number(c2st, c2stStandardError)
            + "   0.5 cannot be told from exact; \(c2stObservations.count) observations, "
            + "\(c2stCount) draws each, NFE \(nfe)"
        ))
    }
    for row in coverage {
      lines.append(
        (
          "covers " + percent(row.level),
          Output.visible(row.parameter) + "  " + percent(row.share) + "   by chance "
            + percent(row.low) + " to " + percent(row.high) + (row.isWithin ? "" : "  outside")
        ))
    }
    if !coverage.isEmpty {
      lines.append(
        (
          "",
          "of \(calibrationPairs) pairs, ranked among \(calibrationDraws) draws; the band holds "
            + percent(bandProbability)
        ))
    }
    return lines.map { TableFigure.left($0.0, 16) + $0.1 + "\n" }.joined()
  }
}

extension Evaluate {
  /// Measures a learned posterior over all observations.
  func evaluatePosterior(_ stored: StoredRun, _ experiment: Experiment, seed: UInt64) throws {
    if dataset != nil {
      throw Failure.usage(
        "a posterior is measured against its own simulator, or pairs of --data: leave out --dataset",
        option: "--dataset")
    }
    let (tableau, control) = try solver.method(steps: 50)
    let flow = experiment.velocityField(of: stored.weights)
    // Refuses what is of maps.
    _ = try solver.jumps(of: flow.traits)
    guard solver.grid != .best else {
      throw Failure.usage(
        "the best grid is another for every observation: leave out --time-grid",
        option: "--time-grid")
    }
    let pairs = try pairs(of: stored, experiment, seed: seed)
    let weights = stored.weights
    let source = try model.knownSource(of: stored)
    let problem = PosteriorMeasures.Problem(
      flow: { experiment.velocityField(of: weights, Guidance(given: $0)) }, source: source,
      parameters: pairs.parameters, observations: pairs.observations, exact: pairs.exact)
    var progress = WorkProgress("evaluate", isShown: !options.quiet)
    let measured = PosteriorMeasures(
      problem, TransportPlan(tableau, control: control), likelihood: try likelihood.method(),
      seed: seed
    ) { progress.update($0, $1) }
    progress.finish()
    let result = PosteriorEvaluation(
      measured, of: stored, dataset: pairs.name,
      names: stored.units.columns ?? (1...experiment.dimension).map { "theta\($0)" },
      pairs: pairs.parameters.count, learned: pairs.learned, seed: seed)
    try options.json ? Output.json(result) : Output.data(result.text)
  }

  private struct Pairs {
    let name: String
    let parameters, observations: Batch
    let exact: (any Simulations)?
    /// How many of them training has seen.
    let learned: Int
  }

  /// The pairs on which log p and ranks are measured, in the network's units.
  private func pairs(
    of stored: StoredRun, _ experiment: Experiment, seed: UInt64
  ) throws -> Pairs {
    let known: Dataset?
    do throws(FileFailure) { known = try stored.dataset() } catch {
      throw Failure.file(error, model.checkpoint, isInput: true)
    }
    var random = Random(seed: seed).stream("evaluation").stream("pairs")
    let most = count ?? Evaluate.usualPairs
    if let data {
      let read = try ObservationReading(
        experiment, named: observations, parameters: stored.units.columns,
        chosen: columns.columns
      ).pairs(of: data, quiet: options.quiet)
      guard read.parameters.dimension == experiment.dimension,
        read.observations.dimension == experiment.observations.count
      else {
        throw Failure.usage(
          "\(Output.visible(data)) has \(read.parameters.dimension) parameters and "
            + "\(read.observations.dimension) observed columns, \(Output.visible(model.checkpoint)) learned "
            + "\(experiment.dimension) and \(experiment.observations.count): choose them with --columns and "
            + "--observations", option: "--columns")
      }
      var places = Array(0..<read.parameters.count)
      places.shuffle(using: &random)
      let chosen = places.prefix(most).sorted()
      let units = stored.units.data
      let observed = read.observations.choosing(chosen)
      let table = known?.simulations as? SimulationTable
      let learned = Set((table?.observations).map { all in (0..<all.count).map(all.point) } ?? [])
      return Pairs(
        name: Input.name(of: data),
        parameters: (units?.applied(to: read.parameters) ?? read.parameters).choosing(chosen),
        observations: observed, exact: nil,
        learned: (0..<observed.count).count { learned.contains(observed.point($0)) })
    }
    if let option = observations != nil
      ? "--observations" : columns.columns.map({ _ in "--columns" })
    {
      throw Failure.usage("\(option) needs --data FILE", option: option)
    }
    guard let known, let simulations = known.simulations else {
      throw Failure.usage("the file does not hold its simulations: add --data FILE")
    }
    if let table = simulations as? SimulationTable {
      return learned(known.name, table, most, &random)
    }
    let drawn = simulations.sample(count: most, using: &random)
    return Pairs(
      name: known.name, parameters: drawn.parameters, observations: drawn.observations,
      exact: simulations, learned: 0)
  }

  /// Some of the simulations that it learned, each at most once: draws with replacement would count the same
  /// ones again.
  private func learned(
    _ name: String, _ table: SimulationTable, _ most: Int, _ random: inout Random
  ) -> Pairs {
    options.message(
      "measured on the simulations that it learned: --data FILE takes others, of which it knows nothing"
    )
    var places = Array(0..<table.parameters.count)
    places.shuffle(using: &random)
    let chosen = places.prefix(most).sorted()
    return Pairs(
      name: name, parameters: table.parameters.choosing(chosen),
      observations: table.observations.choosing(chosen), exact: nil, learned: chosen.count)
  }
}
