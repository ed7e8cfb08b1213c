import FlowMatching
import Foundation
import Testing

@testable import flowscope

@Suite("Figures in tables")
struct TableFigureTests {
  @Test("Five digits tell a number at any scale, and an error decides how many more it needs")
  func digits() throws {
    for scale in [1e-12, 1e-3, 1, 1e6, 1e12] {
      let text = TableFigure.text(2.220_731_9 * scale)
      let value = try #require(Double(text))
      #expect(abs(value / (2.220_731_9 * scale) - 1) < 3e-5 && text.count <= 10, "\(text)")
    }
    #expect(TableFigure.text(2.220_731_9, error: 0.0123) == "2.2207 ± 0.01")
    #expect(TableFigure.text(-1234.567_89, error: 0.002) == "-1234.568 ± 0.002")
    #expect(TableFigure.text(0.5, error: 30) == "0.50000 ± 3e+01")
    #expect(TableFigure.text(-0.000_000_1, error: 0) == "-1.0000e-7 ± 0")
    #expect(TableFigure.text(0) == "0.0000" && TableFigure.text(-0.0) == "0.0000")
  }

  private func lane(
    _ solver: String, nfe: Int, error: Double, w2: Double, npe: Double, tolerance: Double? = nil
  ) -> Compare.Lane {
    Compare.Lane(
      solver: solver,
      control: tolerance.map { .adaptive(relative: $0, absolute: $0) } ?? .fixed(steps: nfe),
      nfe: nfe, error: error, reference: 1e-9, toleranceReached: nil, w2: w2,
      npe: Estimate(mean: npe, standardError: 0.1 * npe), milliseconds: 123_456.78)
  }

  @Test("No column of compare's table touches the next", arguments: [1e-9, 1e-3, 1, 1e6, 1e12])
  func columns(scale: Double) throws {
    let lanes = [
      lane("midpoint", nfe: 100_000, error: 0.2 * scale, w2: 1813.8 * scale, npe: 0.169),
      lane("euler", nfe: 4, error: 5e-10, w2: 0.000_081_38 * scale, npe: 12_345 * scale),
      lane("dopri5", nfe: 20, error: 3e-5 * scale, w2: scale, npe: scale, tolerance: 1e-4),
    ]
    let report = Compare.Report(
      reference: .init(solver: "dop853", tolerance: 1e-10, nfe: 300, error: 1e-9, isExact: false),
      lanes: lanes,
      seed: 0, units: "file")
    let rows = report.text { TerminalText($0) }.text.split(separator: "\n").map {
      $0.replacing("tol ", with: "tol").replacing("≤ ", with: "≤").split(separator: " ")
    }
    #expect(
      rows[0].map(String.init) == ["solver", "steps", "NFE", "error", "order", "W2", "NPE", "ms"])
    for (row, lane) in zip(rows.dropFirst(), lanes) {
      #expect(row.count == 8, "\(row)")
      for (cell, value) in [(row[5], lane.w2), (row[6], lane.npe)] {
        let (shown, value) = (try #require(Double(cell)), try #require(value))
        #expect(abs(shown / value - 1) < 1e-3, "\(row)")
      }
    }
  }

  @Test("evaluate and train tell numbers of data of any scale", arguments: [1e-3, 1, 1e6])
  func scales(scale: Double) throws {
    var random = Random(seed: 3)
    var points = StandardNormal(dimension: 2).sample(count: 200, using: &random)
    for k in points.values.indices { points.values[k] *= scale }
    let dataset = Dataset(name: "mine", points: points)
    var experiment = Experiment()
    (experiment.dataset, experiment.widths, experiment.batch) = ("mine", [8], 16)
    var run = TrainingRun(experiment, dataset: dataset, instructionSet: .baseline)
    run.step()
    run.measureNow()
    func number(_ name: String, in text: String) throws -> Double {
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + "  ") })
      let word = line.dropFirst(name.count).split(separator: " ")[0]
      return try #require(Double(word), "\(line)")
    }
    let trained = TrainReport(run, stepsPerSecond: 12)
    for (name, value) in [("loss", trained.loss), ("floor", trained.floor), ("W2", trained.w2)] {
      let shown = try number(name, in: trained.text(loss: "loss"))
      #expect(abs(shown / (try #require(value)) - 1) < 1e-3, "\(name) \(shown)")
    }
    let evaluation = Evaluation(
      of: experiment.velocityField(of: run.trainer.averagedWeights),
      try experiment.evaluationProblem(to: dataset), .euler, control: .fixed(steps: 2), count: 100,
      likelihood: .solved(.rk4, .fixed(steps: 4)))
    let report = EvaluationReport(
      dataset: "mine", seed: 0, steps: 1, floor: Estimate(mean: 0.4 * scale, standardError: 0),
      floorTimes: 0.001...1, excess: nil, isStandardised: false, evaluation)
    for (name, value) in [
      ("loss floor", 0.4 * scale), ("W2", evaluation.w2), ("sliced W2", evaluation.slicedW2),
      ("straightness", evaluation.straightness?.mean), ("field error", evaluation.fieldError?.mean),
    ] {
      let (shown, value) = (try number(name, in: report.text), try #require(value))
      #expect(abs(shown - value) <= 1e-4 * abs(value), "\(name) \(shown), \(value)")
    }
    #expect(report.text.contains("of t from 0.001 to 1.0: over all of [0, 1] it is infinite"))
    let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
    #expect(
      json.contains("\"floor_standard_error\":0") && json.contains("\"floor_times\":[0.001,1"))
  }

  @Test(
    "In the picture of error against work a smaller error lies lower, and more work further right")
  func picture() throws {
    let lanes = [
      lane("rk4", nfe: 4, error: 0.1, w2: 1, npe: 1),
      lane("rk4", nfe: 8, error: 0.005, w2: 1, npe: 1),
      lane("rk4", nfe: 64, error: 2e-6, w2: 1, npe: 1),
    ]
    func places(_ name: String) throws -> [Double] {
      WorkPrecisionPlot(lanes).text.split(separator: "\n").filter { $0.hasPrefix("<circle") }
        .compactMap { line in
          line.split(separator: "\"").enumerated().first { $0.element.hasSuffix(" \(name)=") }
            .flatMap { Double(line.split(separator: "\"")[$0.offset + 1]) }
        }
    }
    let (x, y) = (try places("cx"), try places("cy"))
    #expect(x.count == 3 && y.count == 3)
    // A picture's y grows downwards, and its axes are logarithmic.
    #expect(y[0] < y[1] && y[1] < y[2] && x[0] < x[1] && x[1] < x[2])
    let decade = (y[2] - y[0]) / log10(0.1 / 2e-6)
    #expect(abs(y[1] - y[0] - decade * log10(20)) < 0.02)
    #expect(abs((x[2] - x[1]) - 3 * (x[1] - x[0])) < 0.02)
    // The scale's labels go the same way.
    let labels = WorkPrecisionPlot(lanes).text.split(separator: "\n").filter { $0.contains(">1e") }
    #expect(labels.count >= 5)
  }
}
