import FileFormats
import FlowMatching

extension Train {
  /// Says what would be done, and what would be refused; writes nothing that stays.
  func plan() throws {
    let files = PlannedFiles(
      out: out ?? resume, metrics: metrics, tensorboard: tensorboard, overwrite,
      resumes: resume != nil,
      goesOn: resume != nil && (out == nil || AtomicFile.isSame(out ?? "", resume ?? "")))
    var file: CheckpointFile?
    let plan = TrainingPlan(try preparedRun(&file), files)
    try output.json ? Output.json(plan) : Output.data(plan.text)
  }

  /// Tells what was reached.
  func report(_ run: TrainingRun, stepsPerSecond: Double) throws {
    let report = TrainReport(run, stepsPerSecond: stepsPerSecond)
    if output.json { return try Output.json(report) }
    let text = report.text(loss: run.trainer.experiment.kind.words.name)
    // Where the checkpoint or the course goes to standard output, figures are messages.
    if out == "-" || metrics == "-" { return output.message(String(text.dropLast())) }
    try Output.data(text)
  }
}
