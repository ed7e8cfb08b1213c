import ArgumentParser
import FlowMatching
import Foundation

/// Measures this program on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure speed on this machine.",
    discussion: """
      Each figure has a warm-up and several repeats; the table shows the median and the spread, and \
      for what the network computes the share of the multiply-add peak that is measured in between.

        flowscope bench
        flowscope bench --quick --only train-small,frame
        flowscope bench --json > figures.json

      Figures:
      \(Benchmark.all.map { "  " + padded($0.name) + $0.summary }.joined(separator: "\n"))
      """)

  @Option(help: ArgumentHelp("Only these figures.", valueName: "name,…"))
  var only: String?

  @Option(help: "Repeats of each measurement, 1 to 1000.")
  var repeats: Int?

  @Flag(help: "Fewer and shorter repeats: a rough answer in half a minute.")
  var quick = false

  @OptionGroup var options: ReportOptions

  @Option(help: .private)
  var stage: Stage?

  func run() throws {
    let settings = BenchSettings(repeats: repeats ?? (quick ? 3 : 9), isQuick: quick)
    guard (1...1000) ~= settings.repeats else {
      throw ValidationError("--repeats must be 1 to 1000")
    }
    if let stage { return try stage.perform(settings) }
    let load = Stopwatch.loadAverage
    let chosen = try benchmarks()
    var peak = PeakMeter()
    peak.measure()
    var figures: [Figure] = []
    for (index, benchmark) in chosen.enumerated() {
      options.progress("\(index + 1)/\(chosen.count)  \(benchmark.name)")
      figures += try benchmark.run(settings)
      peak.measure()
    }
    peak.measureMemory()
    options.progress("")
    let report = BenchReport(figures, peak, loadAverage: load)
    try options.json
      ? Output.json(report)
      : Output.data(BenchTable(report: report).text { options.emphasised($0, .heading) })
  }

  private func benchmarks() throws -> [Benchmark] {
    guard let only else { return Benchmark.all }
    return try Failure.named("--only") {
      try Benchmark.named(only.split(separator: ",").map(String.init))
    }
  }

  private static func padded(_ name: String) -> String {
    name.padding(toLength: 22, withPad: " ", startingAt: 0)
  }
}
