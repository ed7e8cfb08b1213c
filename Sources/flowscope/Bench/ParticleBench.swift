import FlowMatching

extension Benchmark {
  /// Four particles with the preset's network: 3×64 with messages, batch 256, paired by orbits.
  static let particleStep = Benchmark(
    name: "dw4-step", summary: "DW-4, equivariant 3×64 SiLU, batch 256, paired by orbits"
  ) { settings in
    var trainer = Trainer(Experiment(to: DatasetCatalog.dw4), dataset: DatasetCatalog.dw4)
    // The first step draws the molecules that all learn from: three seconds that come once.
    trainer.step()
    let rates = Stopwatch.rates(
      repeats: settings.repeats, duration: settings.duration, warmUp: settings.duration, stride: 4
    ) { trainer.step() }
    // Six pairs a molecule.
    let experiment = trainer.experiment
    return [
      Figure(
        "dw4-step", Spread(rates), unit: "steps/s",
        operations: 6 * Double(experiment.batch) * experiment.shape.trainingOperations)
    ]
  }

  /// Solves of molecules by the midpoint rule, alone and with their density by the exact divergence.
  static let particleSample = Benchmark(
    name: "dw4-sample", summary: "midpoint solves of 2000 molecules, and with log p carried along"
  ) { settings in
    let (count, steps) = (2000, settings.isQuick ? 2 : 8)
    let experiment = Experiment(to: DatasetCatalog.dw4)
    let flow = experiment.velocityField(of: Trainer.initialWeights(experiment))
    var random = Random(seed: 0)
    let source = MeanFreeNormal.doubleWells
    let noise = source.sample(count: count, using: &random)
    let plan = TransportPlan(.midpoint, control: .fixed(steps: steps))
    let state = DensityFlow.state(noise, logDensity: source.logDensity(noise))
    func rate(_ state: Batch, as cargo: Cargo) -> [Double] {
      (0..<settings.repeats).map { _ in
        Double(2 * count * steps)
          / Stopwatch.time {
            var there = flow.transport(state, as: cargo, from: 0, to: 1, plan)
            there.finish()
            precondition(there.status == .finished, "the solve must come to its end")
          }
      }
    }
    return [
      Figure(
        "dw4-sample", Spread(rate(noise, as: .points)), unit: "evaluations/s",
        operations: 6 * experiment.shape.operations),
      Figure(
        "dw4-density", Spread(rate(state, as: .density)), unit: "evaluations/s",
        operations: 42 * experiment.shape.operations),
    ]
  }
}
