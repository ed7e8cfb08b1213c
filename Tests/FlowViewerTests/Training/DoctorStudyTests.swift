import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The doctor beside a run that is followed")
struct DoctorStudyTests {
  /// A session that follows a network of which every weight is so.
  private func session(weight: Float, losses: LossHistory? = nil) throws -> TrainingSession {
    var experiment = Experiment()
    experiment.widths = [4]
    var session = TrainingSession(
      experiment, dataset: DatasetCatalog.eightGaussians, solver: LaneSettings(.midpoint),
      instructionSet: .baseline)
    let shape = experiment.shape
    let weights = MLPWeights(
      shape: shape, values: [Float](repeating: weight, count: shape.parameterCount))
    var run = ReceivedRun(
      experiment: experiment, dataset: DatasetCatalog.eightGaussians, weights: .velocity(weights),
      step: 700)
    run.reading = ForeignReading()
    session.follow(FollowedNews(run: run, losses: losses))
    return session
  }

  @Test("Every version gets its verdict, in pieces, and the pane says it")
  func verdict() throws {
    var session = try session(weight: 0)
    #expect(session.hasStudy)
    var pieces = 0
    while session.hasStudy {
      session.studyOnce()
      pieces += 1
    }
    #expect(pieces >= 2)
    let report = session.report(stepsPerSecond: 0)
    let finding = try #require(report.doctor?.finding)
    #expect(finding.step == 700 && finding.findings.diagnosis.verdict == .notTrained)
    for (columns, rows) in [(160, 48), (80, 24)] {
      var state = slowState(columns: columns, rows: rows) { $0.follows = "run.safetensors" }
      _ = state.update(.training(report))
      state.tick(30)
      let text = state.drawn().text()
      #expect(text.contains("doctor") && text.contains("not trained"), "\(columns)")
      #expect(text.contains("no motion") && text.contains("┿"), "\(columns)")
    }
  }

  @Test("A network that nobody follows has no doctor beside it")
  func absent() {
    let text = slowState().drawn().text()
    #expect(!text.contains("doctor"))
  }

  @Test("Losses that are told are the chart's")
  func losses() throws {
    var history = LossHistory()
    history.record(step: 400, raw: 1.5, average: 1.25)
    let report = try session(weight: 0, losses: history).report(stepsPerSecond: 0)
    #expect(report.history == history && report.averageLoss == 1.25)
  }
}
