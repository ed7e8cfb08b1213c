import Testing

@testable import FlowMatching
@testable import FlowViewer

@Suite("The verdict on training")
struct TrainingVerdictTests {
  /// What is said of a run with these excesses at these steps, whose last W₂ is so large.
  private static func verdict(
    _ excess: [(step: Int, value: Double)], w2: Double? = nil, floor: Double? = 2,
    _ status: TrainingReport.Status = .training, of steps: Int = 4000
  ) throws -> TrainingVerdict? {
    var report = try smallReplay().state.training.shownReport
    report.status = status
    report.noiseFloor = NoiseFloor([0.2, 0.22, 0.18, 0.2])
    report.measurements = excess.map {
      TrainingRun.Measurement(
        step: $0.step, excess: $0.value,
        w2: $0.step == excess[excess.count - 1].step ? w2 : nil)
    }
    return TrainingVerdict(report, floor: floor, of: steps)
  }

  @Test("Nothing is said before there are half of the steps to look back to")
  func early() throws {
    #expect(try Self.verdict([]) == nil)
    #expect(try Self.verdict([(300, 0.5), (400, 0.4)]) == nil)
  }

  @Test("A level that most begin on is none: before a tenth of the steps nothing has levelled off")
  func plateau() throws {
    let run = [(50, 1.0), (112, 0.95)]
    #expect(try Self.verdict(run, of: 4000) == nil)
    #expect(try Self.verdict(run, of: 1120)?.level == .levelled)
    #expect(try Self.verdict([(50, 1.0), (112, 0.7)], of: 4000)?.level == .falling)
  }

  @Test("It falls while it is less than nineteen twentieths of what it was at half of the steps")
  func falling() throws {
    let run = [(100, 0.5), (200, 0.4), (400, 0.37)]
    #expect(try Self.verdict(run)?.words == "still falling")
    #expect(try Self.verdict(run, .finished)?.words == "stopped too soon")
    let flat = [(100, 0.5), (200, 0.4), (400, 0.39)]
    #expect(try Self.verdict(flat)?.words == "levelled off")
    #expect(try Self.verdict(flat, .finished)?.words == "as good as it got")
    // What no longer falls may rise: that is no fall.
    #expect(try Self.verdict([(100, 0.3), (400, 0.5)])?.level == .levelled)
  }

  @Test("Near the floor is a hundredth of it, falling or not; without a floor nothing is near it")
  func near() throws {
    let run = [(100, 0.5), (200, 0.4), (400, 0.02)]
    #expect(try Self.verdict(run)?.words == "near its floor")
    #expect(try Self.verdict(run, floor: 1.9)?.level == .falling)
    #expect(try Self.verdict(run, floor: nil)?.level == .falling)
    #expect(try Self.verdict(run, floor: 0)?.level == .falling)
  }

  @Test("W₂ is noise within two deviations of what two samples of the data differ by")
  func distance() throws {
    let run = [(200, 0.4), (400, 0.02)]
    // Their mean is .2, their deviation .0163.
    #expect(try Self.verdict(run, w2: 0.23)?.distanceWords == "W₂ within noise")
    #expect(try Self.verdict(run, w2: 0.24)?.distanceWords == "W₂ 0.040 above noise")
    #expect(try Self.verdict(run)?.distanceWords == nil)
    #expect(
      try Self.verdict(run, w2: 0.23)?.sentence
        == "near its floor: excess 0.020; W₂ within what two samples differ by")
  }
}
