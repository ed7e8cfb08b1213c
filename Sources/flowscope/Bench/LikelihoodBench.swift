import FlowMatching

extension Benchmark {
  /// Training of a continuous normalizing flow by likelihood, as the literature does it: 20 steps of
  /// Euler from the data back to the noise with the exact trace, and back through them.
  static let cnfStep = Benchmark(
    name: "cnf-step",
    summary: "CNF training by likelihood, 20 Euler steps, 3×64 SiLU, batch 256, moons"
  ) { settings in
    var experiment = Experiment()
    experiment.objective = .likelihood
    experiment.likelihood.solver = ButcherTableau.euler.name
    experiment.likelihood.steps = 20
    var trainer = Trainer(experiment, dataset: DatasetCatalog.moons)
    let rates = Stopwatch.rates(
      repeats: settings.repeats, duration: settings.duration, warmUp: settings.duration,
      stride: 5
    ) { trainer.step() }
    // A value and two tangents go forward, and twice as much goes back; what is computed anew on the
    // way back is not counted.
    let operations = 20 * 9 * experiment.shape.operations * Double(experiment.batch)
    return [Figure("cnf-step", Spread(rates), unit: "steps/s", operations: operations)]
  }
}
