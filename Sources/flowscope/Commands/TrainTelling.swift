import FileFormats
import FlowMatching

extension Train {
  /// Says what would be done; writes nothing.
  func plan() throws {
    var file: CheckpointFile?
    let path = out ?? resume
    let goesOn = resume != nil && (out == nil || AtomicFile.isSame(out ?? "", resume ?? ""))
    let place = try path.map {
      goesOn ? $0 : try overwrite.place($0, ways: ["--resume goes on with it"])
    }
    let run = try preparedRun(&file)
    let plan = TrainingPlan(run, out: place, metrics: metrics, tensorboard: tensorboard)
    try output.json ? Output.json(plan) : Output.data(plan.text)
  }

  /// Tells what was reached.
  func report(_ run: TrainingRun, stepsPerSecond: Double) throws {
    let report = TrainReport(run, stepsPerSecond: stepsPerSecond)
    if output.json { return try Output.json(report) }
    let text = report.text(isLikelihood: run.trainer.experiment.objective == .likelihood)
    // Where the checkpoint goes to standard output, figures are messages.
    if out == "-" { return output.message(String(text.dropLast())) }
    try Output.data(text)
  }
}
