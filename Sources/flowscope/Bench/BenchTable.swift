import Foundation
import TerminalCanvas

/// The figures as text for people.
struct BenchTable {
  let report: BenchReport

  /// All of it; `heading` says how the first line stands out.
  func text(heading: (String) -> TerminalText) -> TerminalText {
    let head = heading(row("figure", "median", "low", "high", "", "GFLOP/s", "of bound"))
    var lines: [String] = []
    for figure in report.figures {
      lines.append(
        row(
          figure.name, number(figure.value), number(figure.low), number(figure.high),
          figure.unit + (figure.clock == .cpu ? " *" : ""),
          figure.gflops.map { String(format: "%.1f", $0) } ?? "",
          share(of: figure)))
    }
    lines.append("")
    lines.append(
      "* by the seconds that its one thread worked. Multiply-add peak of one core, "
        + String(format: "%@: %.0f GFLOP/s;", report.instructionSetTitle, report.peakGflops))
    lines.append(
      String(
        format: "m of memory, %.0f GB/s read and written; the second-level cache: %.0f GB/s.",
        report.memoryGigabytes, report.cacheGigabytes))
    if report.loadAverage > 0.5 {
      lines.append(
        String(
          format: "The machine was not quiet: load average %.1f before the first measurement.",
          report.loadAverage))
    }
    return ([head] + lines.map { TerminalText($0) }).lines
  }

  private func share(of figure: Figure) -> String {
    func percent(_ share: Double) -> String {
      String(format: share < 0.0995 ? "%.1f %%" : "%.0f %%", share * 100)
    }
    if let share = figure.shareOfMemory { return "m " + percent(share) }
    return figure.shareOfPeak.map(percent) ?? ""
  }

  private func row(
    _ name: String, _ value: String, _ low: String, _ high: String, _ unit: String,
    _ gflops: String, _ share: String
  ) -> String {
    var line = name.padding(toLength: 26, withPad: " ", startingAt: 0)
    for (text, width) in [(value, 11), (low, 11), (high, 11)] { line += right(text, width) }
    line += "  " + unit.padding(toLength: 16, withPad: " ", startingAt: 0)
    line += right(gflops, 8) + right(share, 9)
    while line.last == " " { line.removeLast() }
    return line
  }

  private func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  private func number(_ value: Double) -> String {
    abs(value) < 1000
      ? NumberFormat.fixed(value, value == value.rounded() ? 0 : abs(value) < 10 ? 2 : 1)
      : NumberFormat.grouped(Int(saturating: value.rounded()))
  }
}

/// What was measured, where.
struct BenchReport: Encodable {
  let peakGflops: Double
  let memoryGigabytes: Double
  let cacheGigabytes: Double
  let instructionSet: String
  let loadAverage: Double
  let figures: [Figure]
  let instructionSetTitle: String

  enum CodingKeys: CodingKey {
    case peakGflops, memoryGigabytes, cacheGigabytes, instructionSet, loadAverage, figures
  }

  /// Judges every figure against its bound.
  init(_ figures: [Figure], _ peak: PeakMeter, loadAverage: Double) {
    peakGflops = peak.gflops
    memoryGigabytes = peak.memory
    cacheGigabytes = peak.cache
    instructionSet = peak.instructionSet.rawValue
    instructionSetTitle = peak.instructionSet.title
    self.loadAverage = loadAverage
    self.figures = figures.map { figure in
      var figure = figure
      figure.shareOfPeak = figure.gflops.map { $0 / peak.gflops }
      figure.shareOfMemory = figure.gigabytes.map { $0 / peak.memory }
      return figure
    }
  }
}
