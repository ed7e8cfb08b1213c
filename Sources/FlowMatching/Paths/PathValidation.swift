extension ConditionalPath {
  /// The name of the standard normal source in experiments.
  public static let gaussianSource = "gaussian"
  /// The name of the independent coupling in experiments.
  public static let independentCoupling = "independent"

  /// Refuses choices that have no meaning together: names of the source and of the coupling, what
  /// the network predicts, and the scheduler.
  public func validate(
    source: String, coupling: String, prediction: Prediction,
    scheduler: Scheduler = .conditionalOT
  ) throws(IncompatibleChoice) {
    let isGaussian = source == ConditionalPath.gaussianSource
    if case .lipman = self, !isGaussian {
      throw IncompatibleChoice(
        "Lipman's path blends x₁ with Gaussian noise, so it cannot start from “\(source)”; "
          + "use the path i-cfm or affine, which take any source")
    }
    if !takesScheduler && scheduler != .conditionalOT {
      throw IncompatibleChoice(
        "the path \(name) has a schedule of its own, so it cannot run under \(scheduler.name); "
          + "use the path affine with that scheduler")
    }
    if hasNoise && prediction != .velocity {
      throw IncompatibleChoice(
        "the path \(name) adds noise of its own, so x and the \(prediction.rawValue) do not "
          + "determine the velocity; predict the velocity, or use the path affine")
    }
    if prediction == .score && !isGaussian {
      throw IncompatibleChoice(
        "the score is −E[X₀|x]/σ only where X₀ is Gaussian, not from “\(source)”; "
          + "predict the source or the velocity")
    }
    if prediction == .score && coupling != ConditionalPath.independentCoupling {
      throw IncompatibleChoice(
        "the score is −E[X₀|x]/σ only for independent pairs, not for “\(coupling)”; "
          + "predict the source or the velocity")
    }
  }
}
