import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("A flow that is trained by likelihood, in the viewer")
struct ObjectiveTests {
  private static func likelihood() -> Experiment {
    var experiment = Experiment()
    experiment.dataset = "moons"
    experiment.objective = .likelihood
    experiment.widths = [16, 16]
    experiment.batch = 64
    experiment.steps = 60
    return experiment
  }

  private static func state(_ experiment: Experiment) -> AppState {
    AppState(
      experiment: experiment, dataset: DatasetCatalog.moons, size: Size(columns: 160, rows: 48))
  }

  private static func session(_ experiment: Experiment) -> TrainingSession {
    TrainingSession(
      experiment, dataset: DatasetCatalog.moons, solver: LaneSettings(.midpoint),
      instructionSet: .baseline)
  }

  @Test("The report has the entropy as its floor and the relative entropy as its excess")
  func report() throws {
    var session = Self.session(Self.likelihood())
    while session.isRunning { session.step() }
    let report = session.report(stepsPerSecond: 1)
    #expect(report.lossFloor == DatasetCatalog.moons.entropyFloor)
    #expect(try #require(report.averageLoss) > 2.39)
    #expect(try #require(report.measurements.last?.excess) > 0)
  }

  @Test("A checkpoint of the other objective opens as what it is")
  func opens() throws {
    var trainer = Trainer(Self.likelihood(), dataset: DatasetCatalog.moons)
    for _ in 0..<5 { trainer.step() }
    var other = Self.likelihood()
    other.objective = .flowMatching
    var session = Self.session(other)
    session.open(
      ReceivedRun(
        experiment: Self.likelihood(), dataset: DatasetCatalog.moons, state: trainer.state))
    #expect(session.run.trainer.stepsDone == 5)
    #expect(session.run.trainer.experiment.objective == .likelihood)
  }

  @Test("The screen says NLL and KL, and no field is called the exact one")
  func words() {
    var state = Self.state(Self.likelihood())
    var session = Self.session(Self.likelihood())
    while session.isRunning { session.step() }
    _ = state.update(.training(session.report(stepsPerSecond: 1)))
    #expect(state.scene.exact == nil)
    var screen = Screen(size: Size(columns: 160, rows: 48))
    var painter = FramePainter(theme: Theme(depth: .direct, background: .dark))
    painter.draw(state, into: &screen)
    let text = screen.text()
    #expect(text.contains("NLL") && text.contains("KL(q‖p₁)"))
    #expect(text.contains("maximum likelihood") && !text.contains("E|v−u*|²"))
  }

  @Test("Activations with a kink are passed over and refused, a schedule is not asked for")
  func parameters() {
    var experiment = Self.likelihood()
    let state = Self.state(experiment)
    #expect(throws: ParameterMistake.self) { try state.change(.activation, to: "selu") }
    #expect(state.neighbour(of: .activation, by: -1) == "softplus")
    #expect(!state.parameters.contains(.scheduler))
    experiment.objective = .flowMatching
    experiment.activation = .selu
    let other = Self.state(experiment)
    #expect(other.parameters.contains(.scheduler))
    #expect(throws: ParameterMistake.self) { try other.change(.objective, to: "likelihood") }
  }
}
