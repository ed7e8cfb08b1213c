import FlowMatching
import Foundation

/// How letters may jump, as `compare --solvers` names it: “plain”, “eta:2”, “corrector:1”,
/// “temperature:0.8”, “redraw” (half of the evaluations draw letters anew).
struct LetterMethod {
  let name: String
  private let number: Double

  static let names = ["plain", "eta:1", "corrector:1", "temperature:0.8", "redraw"]

  /// The method of that name; throws the nearest.
  init(_ text: String) throws(UnknownName) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    let unknown = UnknownName(kind: "way of letters", name: text, among: LetterMethod.names)
    let takesNumber = ["eta", "corrector", "temperature"].contains(name)
    guard takesNumber || ["plain", "redraw"].contains(name), parts.count == (takesNumber ? 2 : 1)
    else { throw unknown }
    guard !takesNumber || Double(parts[1]).map({ $0 > 0 && $0.isFinite }) == true else {
      throw unknown
    }
    self.name = text
    number = takesNumber ? Double(parts[1]) ?? 0 : 0
  }

  /// The way in so many evaluations; nil where there are too few.
  func plan(evaluations: Int) -> TokenPlan? {
    var choice = TokenChoice()
    var steps = evaluations
    if name.hasPrefix("eta") { choice.stochasticity = number }
    if name.hasPrefix("corrector") { choice.corrector = number }
    if name.hasPrefix("temperature") { choice.temperature = number }
    if name == "redraw" {
      choice.redraws = evaluations / 2
      steps -= choice.redraws
      if choice.redraws == 0 { return nil }
    }
    return TokenPlan(choice, steps: steps)
  }
}

extension Compare {
  /// One way of letters with one number of evaluations.
  struct LetterLane: Encodable {
    let solver: String
    let nfe: Int
    /// The share of samples that the data cannot yield, its standard error, and that of the exact
    /// posterior from the same start.
    let offSupport, offSupportStandardError, exactOffSupport: Double
    let totalVariation: Double?
    let milliseconds: Double
  }

  private struct LetterReport: Encodable {
    let lanes: [LetterLane]
    let samples: Int
    let totalVariationNoiseFloor: Double?
    let seed: UInt64
  }

  /// Ways of letters side by side from the same start.
  func compareLetters(_ run: LetterRun, seed: UInt64) throws {
    if dataset != nil {
      throw Failure.usage(
        "words are compared on what they were trained on: leave out --dataset",
        option: "--dataset")
    }
    if timeGrid != nil {
      throw Failure.usage(
        "letters jump in equal steps: leave out --time-grid", option: "--time-grid")
    }
    if out != nil {
      throw Failure.usage("of words there is no picture: leave out --out", option: "--out")
    }
    let count = Compare.letterCount
    let isCounted = run.tokens.supportCount <= count
    var lanes: [LetterLane] = []
    for (method, plan) in try letterJobs(run.path) {
      let clock = ContinuousClock()
      let start = clock.now
      let words = run.sequences(run.learned, plan, count: count, seed: seed)
      let elapsed = (clock.now - start) / .milliseconds(1)
      let exact = run.sequences(run.exact, plan, count: count, seed: seed)
      let off = 1 - run.tokens.supportShare(of: words)
      lanes.append(
        LetterLane(
          solver: method.name, nfe: plan.evaluations, offSupport: off,
          offSupportStandardError: (off * (1 - off) / Double(count)).squareRoot(),
          exactOffSupport: 1 - run.tokens.supportShare(of: exact),
          totalVariation: isCounted ? run.tokens.totalVariation(of: words) : nil,
          milliseconds: elapsed))
    }
    var random = Random(seed: seed).stream("total variation")
    let report = LetterReport(
      lanes: lanes, samples: count,
      totalVariationNoiseFloor: isCounted
        ? run.tokens.totalVariationFloor(count: count, using: &random).mean : nil, seed: seed)
    try options.json ? Output.json(report) : Output.data(letterTable(report))
  }

  /// The sequences that are compared.
  static let letterCount = 4000

  private func letterJobs(_ path: TokenPath) throws -> [(LetterMethod, TokenPlan)] {
    let asked = solvers ?? Compare.usualSolvers
    let names =
      asked == Compare.usualSolvers
      ? (path.source == .mask ? "plain,corrector:1,redraw" : "plain,corrector:1") : asked
    let budgets = try numbers(nfe, "--nfe", in: 1...100_000).map { Int($0) }
    var jobs: [(LetterMethod, TokenPlan)] = []
    for name in names.split(separator: ",", omittingEmptySubsequences: false) {
      let method = try Failure.named("--solvers") { try LetterMethod(String(name)) }
      for plan in budgets.compactMap(method.plan) {
        if let complaint = plan.complaint(along: path) {
          throw Failure.usage("--solvers: \(method.name): \(complaint)", option: "--solvers")
        }
        jobs.append((method, plan))
      }
    }
    if jobs.isEmpty { throw Failure.usage("--nfe leaves no way a step: give more evaluations") }
    return jobs
  }

  private func letterTable(_ report: LetterReport) -> TerminalText {
    let left = TableFigure.left
    let right = TableFigure.right
    var heading =
      left("letters jump", 18) + right("NFE", 6) + right("off support", 13) + right("±", 9)
      + right("exact", 10)
    if report.totalVariationNoiseFloor != nil { heading += right("TV", 9) }
    heading += right("ms", 9)
    var lines = [options.emphasised(heading, .heading)]
    for lane in report.lanes {
      func percent(_ value: Double) -> String { String(format: "%.2f %%", 100 * value) }
      var line =
        left(lane.solver, 18) + right("\(lane.nfe)", 6) + right(percent(lane.offSupport), 13)
        + right(percent(lane.offSupportStandardError), 9)
        + right(percent(lane.exactOffSupport), 10)
      if let variation = lane.totalVariation {
        line += right(String(format: "%.4f", variation), 9)
      }
      lines.append(TerminalText(line + right(String(format: "%.0f", lane.milliseconds), 9)))
    }
    let note =
      report.totalVariationNoiseFloor.map {
        String(
          format: "%d sequences each; TV of as many draws of the data %.4f\n", report.samples, $0)
      } ?? "\(report.samples) sequences each\n"
    return lines.lines + note
  }
}
