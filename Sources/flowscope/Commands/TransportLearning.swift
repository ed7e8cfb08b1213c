import FileFormats
import FlowMatching
import Foundation

/// Semidiscrete transport on its way: learned before training, with a line that follows it.
enum TransportLearning {
  /// A data set with the transport that training to it needs, which is told unless `quiet`; itself where the
  /// coupling is another.
  static func prepared(_ dataset: Dataset, for experiment: Experiment, quiet: Bool) -> Dataset {
    guard let plan = plan(to: dataset, for: experiment, quiet: quiet) else { return dataset }
    if !quiet {
      let proof = plan.certificate
      Output.message(
        "\(experiment.coupling): transport to \(kept(plan, of: dataset)); "
          + String(
            format: "masses %.1f %% off the weights, by chance %.1f %%; least cost between ",
            100 * proof.variation, 100 * proof.variationNoise)
          + "\(TableFigure.text(proof.dual.mean, digits: 4)) and "
          + TableFigure.text(proof.primal.mean, digits: 4))
      if !proof.holds {
        Output.message(
          "\(experiment.coupling): the masses are not the weights within their noise after "
            + "\(plan.rounds) rounds; fewer points are learned better: semidiscrete:256")
      }
    }
    return dataset.with(plan)
  }

  /// The transport, learned; nil for other couplings.
  static func plan(
    to dataset: Dataset, for experiment: Experiment, quiet: Bool
  ) -> SemidiscretePlan? {
    guard var learning = experiment.semidiscreteLearning(to: dataset) else { return nil }
    var progress = WorkProgress("semidiscrete transport", isShown: !quiet)
    defer { progress.finish() }
    while !learning.isOver {
      var budget = 1 << 22
      learning.advance(budget: &budget)
      progress.update(nil, learning.stage)
    }
    return learning.plan
  }

  /// What batches of several sizes pay for it.
  static func ladder(_ plan: SemidiscretePlan, quiet: Bool) -> BatchTransportLadder {
    var ladder = BatchTransportLadder(to: plan.cells, seed: plan.seed)
    var progress = WorkProgress("batches", isShown: !quiet)
    defer { progress.finish() }
    while !ladder.isOver {
      var budget = 1 << 22
      ladder.advance(budget: &budget)
      progress.update(Double(ladder.rungs.count) / Double(BatchTransportLadder.counts.count))
    }
    return ladder
  }

  /// What stands for the data: all points of a file, a fixed draw of them, or fixed draws of a distribution.
  static func kept(_ plan: SemidiscretePlan, of dataset: Dataset) -> String {
    let (count, name) = (plan.cells.count, Output.visible(dataset.name))
    guard let cloud = dataset.distribution as? PointCloud else {
      return "\(count) fixed draws of \(name)"
    }
    let all = cloud.points.count
    if all > plan.limit { return "a fixed draw of \(count) of the \(all) points of \(name)" }
    return all == count
      ? "all \(all) points of \(name)"
      : "the \(count) distinct ones of the \(all) points of \(name)"
  }
}
