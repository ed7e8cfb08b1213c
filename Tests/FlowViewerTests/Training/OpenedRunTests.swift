import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// A checkpoint is shown from the first frame, and its file keeps it.
struct OpenedRunTests {
  @Test func itsWeightsAreOnShowBeforeTheTrainerHasSaidAnything() {
    var experiment = Experiment()
    experiment.widths = [8, 8]
    var other = experiment
    other.seed = 7
    let weights = Trainer.initialWeights(other)
    var options = AppState.Options()
    options.particles = 64
    options.origin = "run.safetensors"
    options.opened = (weights, 1234)
    var state = AppState(
      experiment: experiment, dataset: DatasetCatalog.eightGaussians,
      size: Size(columns: 120, rows: 36), options: options)
    #expect(state.shownWeights == weights && state.shownWeightsStep == 1234)
    #expect(!state.wouldLoseTraining && state.training.report.status == .paused)
    // So that the first q quits.
    let effects = state.update(.event(.key(.character("q"))))
    #expect(effects.contains { if case .quit = $0 { true } else { false } })
  }
}
