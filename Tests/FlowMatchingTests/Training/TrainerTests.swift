import FlowMatching
import Testing

/// Normal numbers, some of whose batches hold one that is not a number.
private struct Spoiled: Distribution {
  let dimension = 2
  /// The share of such batches.
  let share: Double

  func sample(into points: inout Batch, using random: inout Random) {
    random.fillNormals(&points.values)
    if random.uniform() < share { points.values[0] = .nan }
  }
}

@Suite("The trainer")
struct TrainerTests {
  /// N(m, s²I) as a data set of its own.
  private static func gaussian(mean: [Double], deviation: Double) -> Dataset {
    Dataset(
      name: "gaussian", title: "Gaussian", summary: "one Gaussian",
      mixture: GaussianMixture(weights: [1], means: [mean], standardDeviation: deviation),
      entropyFloor: nil)
  }

  private static func experiment(widths: [Int] = [32, 32], batch: Int = 128) -> Experiment {
    var experiment = Experiment()
    experiment.widths = widths
    experiment.batch = batch
    return experiment
  }

  private static func trained(
    _ experiment: Experiment, _ dataset: Dataset, steps: Int,
    _ instructionSet: InstructionSet = .best
  ) -> Trainer {
    var trainer = Trainer(experiment, dataset: dataset, instructionSet: instructionSet)
    for _ in 0..<steps { trainer.step() }
    return trainer
  }

  @Test("Other settings of the optimiser change the steps from then on, and nothing else")
  func adjusted() {
    var experiment = Experiment()
    experiment.widths = [16]
    experiment.batch = 32
    var plain = Trainer(experiment, dataset: DatasetCatalog.moons)
    for _ in 0..<20 { plain.step() }
    var slow = plain
    var next = experiment
    (next.learningRate, next.steps) = (1e-9, 50)
    slow.adjust(to: next)
    #expect(slow.weights == plain.weights && slow.experiment == next)
    plain.step()
    slow.step()
    // The same batch: only the length of the step differs.
    #expect(slow.lastLoss == plain.lastLoss && slow.weights != plain.weights)
    for _ in slow.stepsDone..<50 { slow.step() }
    #expect(slow.isFinished && !plain.isFinished)
  }

  @Test(
    "the same seed gives the same bits, another seed others",
    arguments: InstructionSet.available)
  func reproducible(instructionSet: InstructionSet) throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    var experiment = TrainerTests.experiment()
    let first = TrainerTests.trained(experiment, dataset, steps: 20, instructionSet)
    let second = TrainerTests.trained(experiment, dataset, steps: 20, instructionSet)
    #expect(first.weights == second.weights)
    #expect(first.averagedWeights == second.averagedWeights)
    #expect(first.lastLoss == second.lastLoss)
    #expect(first.history == second.history)
    experiment.seed = 1
    let other = TrainerTests.trained(experiment, dataset, steps: 20, instructionSet)
    #expect(first.weights != other.weights)
  }

  @Test("instruction sets agree to 1e-5 after one step, and to 1 % in the loss after 100")
  func instructionSets() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    let experiment = Experiment()
    let reference = TrainerTests.trained(experiment, dataset, steps: 1, .baseline)
    let later = TrainerTests.trained(experiment, dataset, steps: 100, .baseline)
    for instructionSet in InstructionSet.available {
      let trainer = TrainerTests.trained(experiment, dataset, steps: 1, instructionSet)
      let difference = relativeDifference(
        trainer.weights.values.map(Double.init), reference.weights.values.map(Double.init))
      #expect(difference < 1e-5, "\(instructionSet)")
      #expect(abs(trainer.lastLoss / reference.lastLoss - 1) < 1e-5, "\(instructionSet)")
      let long = TrainerTests.trained(experiment, dataset, steps: 100, instructionSet)
      #expect(abs(long.lastLoss / later.lastLoss - 1) < 0.01, "\(instructionSet)")
    }
  }

  @Test("a wide network's bits are the same for 1, 2 and 3 threads; a narrow one stays on one")
  func threads() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    var experiment = Experiment()
    experiment.widths = [128, 128]
    experiment.batch = 2048
    var alone = Trainer(experiment, dataset: dataset)
    for _ in 0..<3 { alone.step() }
    for threads in 2...3 {
      var shared = Trainer(experiment, dataset: dataset, threads: threads)
      for _ in 0..<3 { shared.step() }
      #expect(shared.threads == threads)
      #expect(shared.weights == alone.weights && shared.lastLoss == alone.lastLoss)
    }
    experiment.batch = 256
    #expect(Trainer(experiment, dataset: dataset, threads: 3).threads == 1)
    experiment.widths = [64, 64, 64]
    experiment.batch = 8192
    #expect(Trainer(experiment, dataset: dataset, threads: 3).threads == 1)
  }

  @Test("a copy trains on by itself, as the original would have")
  func copies() throws {
    let dataset = try DatasetCatalog.named("moons")
    let experiment = TrainerTests.experiment()
    var original = TrainerTests.trained(experiment, dataset, steps: 5)
    let before = original.weights
    var copy = original
    for _ in 0..<5 { copy.step() }
    #expect(original.weights == before)
    #expect(original.stepsDone == 5)
    for _ in 0..<5 { original.step() }
    #expect(original.weights == copy.weights)
  }

  @Test("Gaussian to Gaussian reaches the exact floor πs/2, wherever the mean is")
  func gaussianFloor() {
    var experiment = TrainerTests.experiment()
    experiment.learningRate = 4e-3
    for (mean, deviation) in [([0.0, 0.0], 0.5), ([1.5, -1], 0.5)] {
      let dataset = TrainerTests.gaussian(mean: mean, deviation: deviation)
      var trainer = TrainerTests.trained(experiment, dataset, steps: 3000)
      var loss = 0.0
      for _ in 0..<1000 {
        trainer.step()
        loss += trainer.lastLoss / 1000
      }
      var fieldError = FieldError(dataset: dataset, scheduler: .conditionalOT)!
      #expect(fieldError.excess(of: trainer.averagedWeights.network!) < 0.01)
      // Over the last 1 000 batches; the standard error is 0.003.
      let floor = Double.pi * deviation / 2
      #expect(loss > floor - 0.01)
      #expect(loss < floor + 0.02)
      #expect(abs(trainer.averageLoss - floor) < 0.1)
    }
  }

  @Test("training on eight Gaussians brings the field ever closer to the exact one")
  func eightGaussians() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    var trainer = Trainer(TrainerTests.experiment(widths: [64, 64]), dataset: dataset)
    var fieldError = FieldError(dataset: dataset, scheduler: .conditionalOT)!
    var errors = [fieldError.excess(of: trainer.averagedWeights.network!)]
    for count in [300, 1500] {
      for _ in 0..<count { trainer.step() }
      errors.append(fieldError.excess(of: trainer.averagedWeights.network!))
    }
    #expect(errors[0] > 1)
    #expect(errors[1] < 0.5 * errors[0])
    #expect(errors[2] < 0.5 * errors[1])
    // The average forgets within about 100 batches of 256 numbers each: ± 0.02.
    let floor = LossFloor.of(target: try #require(dataset.mixture))
    #expect(trainer.averageLoss > floor - 0.1)
    #expect(trainer.averageLoss < floor + 2 * errors[1])
  }

  @Test("a loss that is not a number stops training and keeps the last good weights")
  func notANumber() {
    let dataset = Dataset(
      name: "spoiled", title: "spoiled", summary: "sometimes not a number",
      distribution: Spoiled(share: 0.1), entropyFloor: nil)
    var trainer = Trainer(TrainerTests.experiment(), dataset: dataset)
    #expect(trainer.lastLoss.isNaN)
    var (weights, averaged) = (trainer.weights, trainer.averagedWeights)
    for _ in 0..<1000 where trainer.failure == nil {
      (weights, averaged) = (trainer.weights, trainer.averagedWeights)
      trainer.step()
    }
    #expect(trainer.failure == .lossNotFinite(step: trainer.stepsDone + 1))
    #expect(trainer.stepsDone > 0)
    #expect(trainer.lastLoss.isNaN)
    #expect(trainer.averageLoss.isFinite)
    #expect(trainer.weights == weights)
    #expect(trainer.averagedWeights == averaged)
    #expect(averaged.isFinite)
    let stopped = trainer.stepsDone
    trainer.step()
    #expect(trainer.stepsDone == stopped)
  }

  @Test("weights that overflow never reach the average")
  func overflow() throws {
    var experiment = TrainerTests.experiment()
    experiment.learningRate = 1e38
    let dataset = try DatasetCatalog.named("8gaussians")
    let trainer = TrainerTests.trained(experiment, dataset, steps: 50)
    #expect(trainer.failure != nil)
    #expect(trainer.averagedWeights.isFinite)
  }

  @Test("is finished after the experiment's steps")
  func finished() throws {
    var experiment = TrainerTests.experiment(widths: [4], batch: 1)
    experiment.steps = 3
    var trainer = Trainer(experiment, dataset: try DatasetCatalog.named("moons"))
    #expect(trainer.averageLoss.isNaN)
    for done in 0..<3 {
      #expect(trainer.stepsDone == done)
      #expect(!trainer.isFinished)
      trainer.step()
    }
    #expect(trainer.isFinished)
    #expect(trainer.history.points.map(\.step) == [1, 2, 3])
    #expect(trainer.history.points.last?.raw == trainer.lastLoss)
  }
}
