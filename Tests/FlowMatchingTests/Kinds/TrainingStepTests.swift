import Testing

@testable import FlowMatching

/// A step of training that is looked at: what a pair wants, and what a step of the gradient does.
struct TrainingStepTests {
  private func step(
    index: Int = 3, _ change: (inout Experiment) -> Void = { _ in }
  ) throws -> TrainingStep {
    var experiment = Experiment()
    experiment.widths = [16, 16]
    change(&experiment)
    return TrainingStep(
      of: Trainer.initialWeights(experiment), experiment, from: StandardNormal(dimension: 2),
      to: try DatasetCatalog.named(experiment.dataset), index: index)
  }

  @Test func pointsLieOnTheWaysAndTheWantedVelocityIsThatOfThePair() throws {
    let step = try step()
    for j in 0..<step.source.count {
      for i in 0..<2 {
        let way = step.target[i, j] - step.source[i, j]
        #expect(abs(step.wanted[i, j] - way) < 1e-12)
        #expect(abs(step.points[i, j] - step.source[i, j] - step.times[j] * way) < 1e-12)
      }
    }
  }

  @Test func theLossOfTheBatchFallsAndByNoMoreThanTheStepIsMeantFor() throws {
    for index in 0..<4 {
      let step = try step(index: index)
      let fall = (step.lossBefore - step.lossAfter) / step.lossBefore
      #expect(fall > 0.01 * TrainingStep.share && fall < 1.2 * TrainingStep.share)
      #expect(step.before != step.after)
    }
  }

  @Test func pairsAreThoseThatTheCouplingMakes() throws {
    func cost(_ step: TrainingStep) -> Double {
      zip(step.source.values, step.target.values).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }
    }
    let drawn = try step()
    let matched = try step { $0.coupling = .optimalTransport }
    #expect(drawn.source.values.sorted() == matched.source.values.sorted())
    #expect(cost(matched) < 0.8 * cost(drawn))
  }

  @Test func whatIsNoPlainFlowMatchingOfThePlaneIsRefused() throws {
    #expect(TrainingStep.complaint(of: Experiment()) == nil)
    for change: (inout Experiment) -> Void in [
      { $0.objective = .likelihood }, { $0.prediction = .source }, { $0.loss = .absolute },
      { $0.choose(DatasetCatalog.dw4) }, { $0.classes = ["a", "b"] },
    ] {
      var experiment = Experiment()
      change(&experiment)
      #expect(TrainingStep.complaint(of: experiment) != nil)
    }
  }
}
