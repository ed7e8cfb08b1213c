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
    pairs: Int, areHeldOut: Bool, seed: UInt64
  ) {
    self.dataset = dataset
    self.seed = seed
    steps = stored.step
    self.pairs = pairs
    self.areHeldOut = areHeldOut
    nfe = measured.evaluations
    lost = measured.lost
    // dz = dx/deviation: the density of x is that of z times the determinant.
    let change = stored.units.data?.deviations.reduce(0) { $0 + log($1) } ?? 0
    meanLogP = measured.logP.map { $0.mean - change }
    meanLogPStandardError = measured.logP?.standardError
    exactMeanLogP = measured.exactLogP?.mean
    exactMeanLogPStandardError = measured.exactLogP?.standardError
    logPGap = measured.gap?.mean
    logPGapStandardError = measured.gap?.standardError
    c2st = measured.c2st?.mean
    c2stStandardError = measured.c2st?.standardError
    c2stCount = measured.c2st == nil ? nil : PosteriorMeasures.drawCount
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
    coverageWithinBand = found.isEmpty ? nil : found.allSatisfy(\.isWithin)
    bandProbability = Calibration.bandProbability
    (calibrationPairs, calibrationDraws) = (calibration.count, calibration.draws)
    rankHistogram = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { ($1, calibration.histogram(of: $0)) })
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
        "\(pairs)" + (areHeldOut ? ", not seen in training" : ", those that it learned")
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
    let jumps = try solver.jumps(of: flow.traits)
    guard jumps == nil, solver.grid != .best else {
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
      pairs: pairs.parameters.count, areHeldOut: pairs.areHeldOut, seed: seed)
    try options.json ? Output.json(result) : Output.data(result.text)
  }

  private struct Pairs {
    let name: String
    let parameters, observations: Batch
    let exact: (any Simulations)?
    let areHeldOut: Bool
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
      let names = experiment.observations.map(\.name).joined(separator: ",")
      let read = try ObservationReading(
        text: observations ?? names,
        chosen: columns.columns ?? stored.units.columns?.joined(separator: ",")
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
      return Pairs(
        name: Input.name(of: data),
        parameters: (units?.applied(to: read.parameters) ?? read.parameters).choosing(chosen),
        observations: read.observations.choosing(chosen), exact: nil, areHeldOut: true)
    }
    guard let known, let simulations = known.simulations else {
      throw Failure.usage("the file does not hold its simulations: add --data FILE")
    }
    let isTable = simulations is SimulationTable
    if isTable {
      options.message(
        "measured on the simulations that it learned: --data FILE takes others, of which it knows nothing"
      )
    }
    let drawn = simulations.sample(count: most, using: &random)
    return Pairs(
      name: known.name, parameters: drawn.parameters, observations: drawn.observations,
      exact: isTable ? nil : simulations, areHeldOut: !isTable)
  }
}
