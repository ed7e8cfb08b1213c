import FlowMatching
import Foundation

/// What `evaluate` tells where letters jump: a probability is not a distance, so that words have
/// figures of their own.
struct LetterEvaluation: Encodable {
  let dataset: String
  let seed: UInt64
  let steps: Int?
  let count, nfe: Int
  /// The share of samples that the data can yield, with its standard error, and that of the exact
  /// posterior from the same start.
  let shareOnSupport, shareOnSupportStandardError, exactShareOnSupport: Double
  /// ½Σ|c/n − q|, and what it is of as many draws of the data; nil where there are more sequences than
  /// samples.
  let totalVariation, totalVariationNoiseFloor: Double?
  /// The loss, the least one, and how far it is above.
  let loss, floor, floorStandardError, excessLoss, excessLossStandardError: Double
  let crossEntropy, crossEntropyFloor: Double
  /// Of the data, in nats.
  let entropy: Double

  /// Measures a run along a way.
  init(
    _ run: LetterRun, _ plan: TokenPlan, count: Int, seed: UInt64,
    progress: (Double, String) -> Void
  ) {
    dataset = run.dataset.name
    self.seed = seed
    steps = run.step
    self.count = count
    nfe = plan.evaluations
    let samples = run.sequences(run.learned, plan, count: count, seed: seed) {
      progress(0.4 * $0, "samples")
    }
    let exact = run.sequences(run.exact, plan, count: count, seed: seed) {
      progress(0.4 + 0.4 * $0, "exact samples")
    }
    shareOnSupport = run.tokens.supportShare(of: samples)
    shareOnSupportStandardError =
      (shareOnSupport * (1 - shareOnSupport) / Double(count)).squareRoot()
    exactShareOnSupport = run.tokens.supportShare(of: exact)
    if run.tokens.supportCount <= count {
      var random = Random(seed: seed).stream("total variation")
      totalVariation = run.tokens.totalVariation(of: samples)
      totalVariationNoiseFloor =
        run.tokens.totalVariationFloor(count: count, using: &random).mean
    } else {
      (totalVariation, totalVariationNoiseFloor) = (nil, nil)
    }
    progress(0.8, "loss")
    let end = TokenObjective.usualEnd
    let optimum = run.tokens.optimum(along: run.path, until: end)
    progress(0.9, "loss")
    let draws = TokenExcess(of: run.tokens, along: run.path, end: end, seed: seed)
    let excess = draws.excess(of: run.learned, .generalizedKL)
    (excessLoss, excessLossStandardError) = (excess.mean, excess.standardError)
    (floor, floorStandardError) = (
      optimum.generalizedKL.mean, optimum.generalizedKL.standardError
    )
    loss = floor + excessLoss
    crossEntropyFloor = optimum.crossEntropy.mean
    crossEntropy = crossEntropyFloor + draws.excess(of: run.learned, .crossEntropy).mean
    entropy = run.tokens.entropy
  }

  /// The same for people.
  var text: String {
    func percent(_ value: Double) -> String { TableFigure.text(100 * value, digits: 4) + " %" }
    var lines = [
      ("dataset", dataset), ("steps", steps.map { "\($0)" } ?? "unknown"),
      ("samples", "\(count), NFE \(nfe)"),
      (
        "on support",
        percent(shareOnSupport) + " ± " + TableFigure.short(100 * shareOnSupportStandardError)
          + "   exact posterior " + percent(exactShareOnSupport)
      ),
    ]
    if let totalVariation, let totalVariationNoiseFloor {
      lines.append(
        (
          "TV",
          TableFigure.text(totalVariation, digits: 4) + "   noise floor "
            + TableFigure.text(totalVariationNoiseFloor, digits: 4)
        ))
    }
    lines += [
      ("loss", TableFigure.text(loss, error: excessLossStandardError) + " nats a letter"),
      ("floor", TableFigure.text(floor) + "   of t up to \(TokenObjective.usualEnd)"),
      ("excess", TableFigure.text(excessLoss, error: excessLossStandardError, digits: 3)),
      (
        "cross-entropy",
        TableFigure.text(crossEntropy) + "   floor " + TableFigure.text(crossEntropyFloor)
      ),
      ("entropy", TableFigure.text(entropy) + " nats a sequence"),
    ]
    return lines.map { TableFigure.left($0.0, 16) + $0.1 + "\n" }.joined()
  }
}

extension Evaluate {
  /// Measures a run of letters.
  func evaluateLetters(_ run: LetterRun, seed: UInt64) throws {
    for (option, isGiven) in [
      ("--dataset", dataset != nil), ("--data", data != nil), ("--columns", columns.columns != nil),
    ] where isGiven {
      throw Failure.usage(
        "words are measured against what they were trained on: leave out \(option)",
        option: option)
    }
    let plan = TokenPlan(try letters.choice(along: run.path), steps: try solver.letterSteps())
    var progress = WorkProgress("evaluate", isShown: !options.quiet)
    let result = LetterEvaluation(run, plan, count: count ?? Evaluate.usualCount, seed: seed) {
      progress.update($0, $1)
    }
    progress.finish()
    try options.json ? Output.json(result) : Output.data(result.text)
  }
}
