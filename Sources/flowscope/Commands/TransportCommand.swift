import ArgumentParser
import FlowMatching
import Foundation

/// The semidiscrete transport to a finite target, with the proof that it is one.
struct TransportCommand: TakesSettings {
  static let configuration = CommandConfiguration(
    commandName: "transport",
    abstract: "Learn the optimal transport from N(0, I) to finitely many points, and prove it.",
    discussion: """
      Every place of the source belongs to the point with the greatest ⟨x₀, xᵢ⟩ − ½|xᵢ|² + gᵢ. The \
      potentials g are learned until on fresh draws the cells have the weights of the points, up to \
      noise. Then the dual value is what no plan can undercut and the primal what one plan costs: the \
      least cost lies between. Batches that are matched at least cost pay more, the less the larger they \
      are. The exit code is 1 where the cells do not pass.

        flowscope transport --dataset moons
        flowscope transport --dataset 8gaussians --coupling semidiscrete:256 --json
        flowscope transport --data points.csv --columns x,y

      train --coupling semidiscrete:256 learns a flow by these pairs.
      """)

  @OptionGroup var presetOption: PresetOption
  @OptionGroup var options: ExperimentOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var report: ReportOptions

  mutating func take(_ settings: Settings) throws {
    try presetOption.fill(&options, from: settings, beside: target)
  }

  func run() throws {
    var experiment = try presetOption.experiment(options, beside: target)
    let dataset = try target.dataset(
      of: experiment, source: options.sourceFile, labels: options.labels, quiet: report.quiet)
    try options.note(dataset, ofFile: target.data != nil, in: &experiment)
    guard dataset.tokens == nil, dataset.space == nil else {
      throw Failure.usage(
        "a transport leads to points of flat coordinates, which \(Output.visible(dataset.name)) is not of",
        option: "--dataset")
    }
    if case .semidiscrete = experiment.coupling {
    } else if options.given["coupling"] != nil {
      throw Failure.usage(
        "only the coupling semidiscrete is a transport to finitely many points",
        option: "--coupling")
    } else {
      experiment.coupling = .semidiscrete(points: 1024)
    }
    try ExperimentOptions.validate(experiment, to: dataset)
    let prepared = try PictureEncoding.prepared(dataset, for: experiment, quiet: report.quiet)
    let plan = TransportLearning.plan(to: prepared, for: experiment, quiet: report.quiet)
    guard let plan else { return }
    let ladder = TransportLearning.ladder(plan, quiet: report.quiet)
    let kept = TransportLearning.kept(plan, of: prepared)
    if report.json {
      try Output.json(TransportReport(plan, ladder, dataset: dataset.name, kept: kept))
    } else {
      try Output.data(text(plan, ladder, kept))
    }
    guard plan.certificate.holds else {
      throw Failure(
        code: .checkFailed,
        message: "the masses of the cells are not the weights of the points within their noise"
      ).exit()
    }
  }

  private func text(
    _ plan: SemidiscretePlan, _ ladder: BatchTransportLadder, _ kept: String
  ) -> TerminalText {
    let proof = plan.certificate
    func row(_ name: String, _ value: String) -> TerminalText {
      TerminalText(TableFigure.left(name, 16) + value + "\n")
    }
    func number(_ estimate: Estimate) -> String {
      TableFigure.text(estimate.mean, error: estimate.standardError)
    }
    var text = report.emphasised("semidiscrete transport to \(kept)", .heading) + "\n\n"
    text = text + row("learned from", "\(plan.draws) draws in \(plan.rounds) rounds")
    text =
      text
      + row(
        "masses",
        String(
          format: "%.2f %% off the weights, by chance %.2f %%", 100 * proof.variation,
          100 * proof.variationNoise))
    text =
      text
      + TerminalText(TableFigure.left("", 16))
      + (proof.holds
        ? report.emphasised("pass", .good) : report.emphasised("FAIL", .bad))
      + String(
        format: "  chi-square %.2f standard deviations above its mean, of %.2f allowed\n",
        proof.chiScore, TransportCertificate.limit)
    text = text + row("dual value", number(proof.dual) + "  no plan costs less")
    text = text + row("primal cost", number(proof.primal) + "  of a plan with these very weights")
    text =
      text
      + row(
        "gap",
        TableFigure.text(proof.gap, digits: 3) + "  on the same \(proof.draws) draws, never below 0"
      )
    text = text + "\n"
    for rung in ladder.rungs {
      text = text + row("batches of \(rung.count)", number(rung.cost))
    }
    return text
  }
}

/// What `transport --json` prints.
struct TransportReport: Encodable {
  /// A size of batch and what matching such batches costs.
  struct Rung: Encodable {
    let count: Int
    let cost, standardError: Double
  }
  /// A point with its cell.
  struct Cell: Encodable {
    let point: [Double]
    let weight, mass, potential: Double
  }

  let dataset: String
  let kept: String
  let seed: UInt64
  let points, draws, rounds, certificateDraws: Int
  let holds: Bool
  let variation, variationNoise, chiScore: Double
  let dual, dualStandardError, primal, primalStandardError, gap: Double
  let batches: [Rung]
  let cells: [Cell]

  init(
    _ plan: SemidiscretePlan, _ ladder: BatchTransportLadder, dataset: String, kept: String
  ) {
    let (proof, target) = (plan.certificate, plan.cells.target)
    (self.dataset, self.kept, seed) = (dataset, kept, plan.seed)
    (points, draws, rounds) = (target.count, plan.draws, plan.rounds)
    certificateDraws = proof.draws
    holds = proof.holds
    (variation, variationNoise) = (proof.variation, proof.variationNoise)
    chiScore = proof.chiScore
    (dual, dualStandardError) = (proof.dual.mean, proof.dual.standardError)
    (primal, primalStandardError) = (proof.primal.mean, proof.primal.standardError)
    gap = proof.gap
    batches = ladder.rungs.map {
      Rung(count: $0.count, cost: $0.cost.mean, standardError: $0.cost.standardError)
    }
    let potentials = plan.cells.potentials
    cells = (0..<target.count).map {
      Cell(
        point: target.points.point($0), weight: target.weights[$0], mass: proof.masses[$0],
        potential: potentials[$0])
    }
  }
}
