import Testing

@testable import FlowMatching
@testable import FlowViewer

@Suite("The verdict on training")
struct TrainingVerdictTests {
  /// What is said of a run with these excesses at these steps, whose last W₂ is so large.
  private static func verdict(
    _ excess: [(step: Int, value: Double)], w2: Double? = nil, near: Double? = 0.02,
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
    return TrainingVerdict(report, near: near, of: steps)
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
    #expect(try Self.verdict([(100, 0.3), (400, 0.37)])?.level == .levelled)
    #expect(try Self.verdict([(100, 0.3), (400, 0.38)])?.words == "getting worse")
    #expect(try Self.verdict([(100, 0.3), (400, 0.38)], .finished)?.words == "was better before")
    #expect(try Self.verdict([(100, 0.3), (400, 0.38)], .failed("it")) == nil)
  }

  @Test("What is near its floor is so, falling or not; without a floor nothing is near it")
  func near() throws {
    let run = [(100, 0.5), (200, 0.4), (400, 0.02)]
    #expect(try Self.verdict(run)?.words == "near its floor")
    #expect(try Self.verdict(run, near: 0.019)?.level == .falling)
    #expect(try Self.verdict(run, near: nil)?.level == .falling)
  }

  @Test(
    "Near is a hundredth of a floor of velocities, a fiftieth of a nat, and nothing in other units")
  func units() throws {
    func level(_ change: (inout Experiment) -> Void) throws -> TrainingVerdict.Level? {
      var state = try smallReplay().state
      change(&state.experiment)
      state.training.shownReport.lossFloor = 2
      state.training.shownReport.measurements = [(200, 0.4), (400, 0.0195)].map {
        TrainingRun.Measurement(step: $0.0, excess: $0.1, w2: nil)
      }
      return state.trainingVerdict?.level
    }
    #expect(try level { _ in } == .atFloor)
    #expect(try level { $0.objective = .likelihood } == .atFloor)
    #expect(try level { $0.prediction = .target } == .falling)
    #expect(try level { $0.loss = .absolute } == .falling)
  }

  @Test("After a reflow only what was measured since counts")
  func reflow() throws {
    var report = try smallReplay().state.training.shownReport
    report.measurements = [(100, 0.5), (200, 0.4), (400, 0.1)].map {
      TrainingRun.Measurement(step: $0.0, excess: $0.1, w2: 0.3)
    }
    report.noiseFloor = NoiseFloor([0.2, 0.22, 0.18, 0.2])
    #expect(TrainingVerdict(report, near: nil, of: 400)?.level == .falling)
    report.reflowStep = 300
    #expect(TrainingVerdict(report, near: nil, of: 400) == nil)
    report.reflowStep = 400
    #expect(TrainingVerdict(report, near: 1, of: 400) == nil)
  }

  @Test("W₂ is noise within two deviations of what two samples of the data differ by")
  func distance() throws {
    let run = [(200, 0.4), (400, 0.02)]
    // Their mean is .2, their deviation .0163.
    #expect(try Self.verdict(run, w2: 0.23)?.distanceWords == "W₂ within noise")
    #expect(try Self.verdict(run, w2: 0.24)?.distanceWords == "W₂ 0.040 above noise")
    #expect(try Self.verdict(run)?.distanceWords == nil)
    #expect(try Self.verdict(run, w2: .nan)?.distanceWords == nil)
  }
}
