import FileFormats
import FlowMatching
import Foundation

/// What `evaluate` tells of a flow of latents: W₂ of eight numbers would say little of pictures.
struct PictureEvaluation: Encodable {
  let dataset: String
  let seed: UInt64
  let steps: Int?
  let latent, nfe: Int
  /// Of held-out pictures, per pixel: the autoencoder's, and that of as many principal axes.
  let reconstructionError, principalAxesError: Double
  let nearestNeighbourAccuracy, nearestNeighbourDeviation: Double
  /// The mean distances to the nearest learned latent, of samples and of held-out pictures.
  let nearestTrainingDistance, nearestTrainingDistanceOfHeldOut: Double
  /// The weight at which classes were asked for, and what came of it.
  let guidance: Double?
  let rightClass, rightClassOfHeldOut, spread: Double?

  init(
    _ measures: PictureMeasures, of dataset: Dataset, guidance: Double, step: Int?, seed: UInt64
  ) {
    self.dataset = dataset.name
    self.seed = seed
    steps = step
    latent = dataset.dimension
    nfe = measures.evaluations
    reconstructionError = measures.reconstructionError
    principalAxesError = measures.principalAxesError
    nearestNeighbourAccuracy = measures.nearestNeighbourAccuracy
    nearestNeighbourDeviation = measures.nearestNeighbourDeviation
    nearestTrainingDistance = measures.nearestLearned
    nearestTrainingDistanceOfHeldOut = measures.nearestLearnedOfHeldOut
    self.guidance = measures.rightClass == nil ? nil : guidance
    rightClass = measures.rightClass
    rightClassOfHeldOut = measures.rightClassOfHeldOut
    spread = measures.spread
  }

  /// The same for people.
  var text: String {
    func percent(_ value: Double) -> String { TableFigure.text(100 * value, digits: 3) + " %" }
    var lines = [
      ("dataset", dataset), ("steps", steps.map { "\($0)" } ?? "unknown"),
      ("latent", "\(latent) numbers, NFE \(nfe)"),
      (
        "reconstruction",
        TableFigure.text(reconstructionError, digits: 3) + " a pixel   as many principal axes "
          + TableFigure.text(principalAxesError, digits: 3)
      ),
      (
        "1-NN accuracy",
        TableFigure.text(nearestNeighbourAccuracy, digits: 3) + " ± "
          + TableFigure.short(nearestNeighbourDeviation)
          + "   0.5 where samples are like held-out ones"
      ),
      (
        "nearest learned",
        TableFigure.text(nearestTrainingDistance, digits: 3) + "   of held-out ones "
          + TableFigure.text(nearestTrainingDistanceOfHeldOut, digits: 3)
          + (nearestTrainingDistance < nearestTrainingDistanceOfHeldOut
            ? ": nearer, perhaps copies" : ": no copies")
      ),
    ]
    if let rightClass, let rightClassOfHeldOut, let spread, let guidance {
      lines += [
        (
          "right class",
          percent(rightClass) + " at w = \(TableFigure.short(guidance))   held-out ones "
            + percent(rightClassOfHeldOut)
        ), ("spread", percent(spread) + " of the learned latents'"),
      ]
    }
    return lines.map { TableFigure.left($0.0, 16) + $0.1 + "\n" }.joined()
  }
}

extension Evaluate {
  /// Measures a flow of latents.
  func evaluatePictures(
    _ stored: StoredRun, _ experiment: Experiment, _ tableau: ButcherTableau,
    _ control: StepControl, seed: UInt64
  ) throws {
    for (option, isGiven) in [
      ("--dataset", dataset != nil), ("--data", data != nil), ("--columns", columns.columns != nil),
      ("--observations", observations != nil), ("--count", count != nil),
      ("--label", guidance.label != nil), ("--guide", guidance.guide != nil),
      ("--guidance-interval", guidance.guidanceInterval != nil),
      ("--divergence", divergence != nil),
    ] where isGiven {
      throw Failure.usage(
        "pictures of every class are measured against those held out in training: leave out \(option)",
        option: option)
    }
    let weight = try guidance.weight() ?? PictureMeasures.usualGuidance
    let known: Dataset?
    do throws(FileFailure) { known = try stored.dataset() } catch {
      throw Failure.file(error, model.checkpoint, isInput: true)
    }
    guard let target = known else { preconditionFailure("a run on latents has its pictures") }
    let plain = try model.flow(of: stored)
    let source = try model.source(of: stored)
    let plan = TransportPlan(
      tableau, control: try solver.best(control, tableau, of: plain, from: source, seed: seed))
    var progress = WorkProgress("evaluate", isShown: !options.quiet)
    let measures = PictureMeasures(
      target, from: source, plan, guidance: weight, seed: seed,
      progress: { progress.update($0, "pictures") },
      flow: { experiment.velocityField(of: stored.weights, $0) })
    progress.finish()
    guard let measures else {
      throw Failure(
        code: .checkFailed,
        message: "samples left the numbers on the way: more --steps may help"
      ).exit()
    }
    let report = PictureEvaluation(
      measures, of: target, guidance: weight, step: stored.step, seed: seed)
    try options.json ? Output.json(report) : Output.data(report.text)
  }
}
