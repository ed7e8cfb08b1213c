import Testing

@testable import FlowMatching

@Suite("Densities of t")
struct TimeDensityTests {
  @Test("Quantiles are those of NumPy and SciPy")
  func quantiles() {
    // scipy.special.expit(mu + s*scipy.stats.norm.ppf(u)) and u**(1/5).
    for (density, u, expected) in [
      (TimeDensity.logitNormal(mean: 0, deviation: 1), 0.1, 0.217286228541),
      (.logitNormal(mean: -0.4, deviation: 1), 0.975, 0.826348184936),
      (.logitNormal(mean: 0, deviation: 1), 0.5, 0.5),
      (.power(4), 0.3, 0.786003085597),
      (.uShaped(4), 0.5, 0.5),
    ] {
      #expect(abs(density.quantile(u) - expected) < 1e-9, "\(density) \(density.quantile(u))")
    }
    let t = TimeDensity.uShaped(4).quantile(0.2)
    // The distribution function at the quantile, by its own integral.
    let below = GaussLegendre(40).integrate { t * TimeDensity.uShaped(4).density(at: t * $0) }
    #expect(abs(below - 0.2) < 1e-12)
  }

  @Test("The normal quantile is exact to rounding, in the tails too")
  func normal() {
    // scipy.stats.norm.ppf
    for (p, z) in [
      (1e-12, -7.034483825301131), (0.02, -2.053748910631823), (0.3, -0.5244005127080409),
      (0.975, 1.959963984540054),
    ] {
      #expect(abs(NormalQuantile.value(p) - z) < 1e-12 * max(1, abs(z)))
    }
  }

  @Test("Draws have the density's mean, and lie in [0, 1]", arguments: TimeDensity.all)
  func draws(density: TimeDensity) {
    var random = Random(seed: 4).stream("density")
    var times = [Double](repeating: 0, count: 20_000)
    random.fillUniforms(&times)
    density.place(&times)
    #expect(times.allSatisfy { (0...1).contains($0) })
    let mean = times.reduce(0, +) / 20_000
    let expected = if case .power(let alpha) = density { (1 + alpha) / (2 + alpha) } else { 0.5 }
    #expect(abs(mean - expected) < 0.01, "\(density): \(mean)")
  }

  @Test("What is written is read again, and what is none is refused")
  func texts() {
    for density in TimeDensity.all { #expect(TimeDensity("\(density)") == density) }
    #expect(TimeDensity("logit-normal") == .logitNormal(mean: 0, deviation: 1))
    #expect(TimeDensity("logit-normal:-0.4,1") == .logitNormal(mean: -0.4, deviation: 1))
    for text in [
      "", "logit-normal:0", "logit-normal:0,0", "logit-normal:0,1,2", "power:-1", "power:nan",
      "u-shaped:0", "cosine", "power:1e9",
    ] {
      #expect(TimeDensity(text) == nil, "\(text)")
    }
  }
}

@Suite("Training by a density and a weight of t")
struct TimeTrainingTests {
  private static func experiment() -> Experiment {
    var experiment = Experiment()
    experiment.widths = [4]
    experiment.batch = 500
    return experiment
  }

  /// The loss of a network that says 0, whose errors are the targets themselves.
  private static func loss(_ experiment: Experiment) -> Double {
    var objective = MatchingObjective(
      experiment, from: StandardNormal(dimension: 2), to: DatasetCatalog.eightGaussians,
      instructionSet: .best, threads: 1)
    let zeros = [Float](repeating: 0, count: experiment.shape.parameterCount)
    var gradient = zeros
    return objective.loss(of: zeros, gradient: &gradient)
  }

  @Test("The loss is the mean of w(t)|v|² at times of the density")
  func weighed() {
    for weight in TimeWeight.allCases {
      var experiment = Self.experiment()
      experiment.timeDensity = .power(1)
      experiment.timeWeight = weight
      var pairs = TrainingPairs(
        from: StandardNormal(dimension: 2), to: DatasetCatalog.eightGaussians.distribution,
        along: experiment.path.path(under: .conditionalOT), density: .power(1), count: 500,
        random: Random(seed: experiment.seed))
      pairs.draw()
      let squares = (0..<500).map { j in
        weight.weight(at: pairs.times[j])
          * (0..<2).reduce(0) { sum, i in
            sum + pairs.sample.velocity[i, j] * pairs.sample.velocity[i, j]
          }
      }
      #expect(abs(Self.loss(experiment) - squares.reduce(0, +) / 1000) < 1e-4)
    }
  }

  @Test("A density places times in [0, 1), and the lengths of dyadic jumps are as likely as ever")
  func dyadic() {
    for density in [TimeDensity.power(100), .uShaped(40), .logitNormal(mean: 20, deviation: 10)] {
      var times = [0, 0.5, 1.0.nextDown]
      density.place(&times)
      #expect(times.allSatisfy { $0 >= 0 && $0 < 1 }, "\(density): \(times)")
    }
    func lengths(_ density: TimeDensity) -> [Double] {
      var pairs = TrainingPairs(
        from: StandardNormal(dimension: 2), to: DatasetCatalog.eightGaussians.distribution,
        along: ConditionalPath.affine.path(under: .conditionalOT), density: density,
        jumping: (.dyadic(levels: 4), 400), count: 400, random: Random(seed: 6))
      pairs.draw()
      return zip(pairs.times, pairs.ends).map { $1 - $0 }
    }
    #expect(lengths(.uniform) == lengths(.power(4)))
    #expect(Set(lengths(.uniform)) == [1, 0.5, 0.25, 0.125])
  }

  @Test("Even times and weights have the bits that they always had")
  func unchanged() {
    var pairs = TrainingPairs(
      from: StandardNormal(dimension: 2), to: DatasetCatalog.eightGaussians.distribution,
      along: ConditionalPath.affine.path(under: .conditionalOT), count: 100, random: Random(seed: 0)
    )
    pairs.draw()
    var random = Random(seed: 0).stream("time")
    var times = [Double](repeating: 0, count: 100)
    random.fillUniforms(&times)
    #expect(pairs.times == times && pairs.generators.count == 5)
  }

  @Test("The excess is of uniform times, whatever training looks at; the floor is then not known")
  func excess() throws {
    var experiment = Self.experiment()
    let weights = Trainer.initialWeights(experiment)
    func measured() throws -> Double {
      var measure = try #require(
        experiment.kind.excessMeasure(to: DatasetCatalog.eightGaussians))
      return measure.measure(experiment.velocityField(of: weights)).value
    }
    let plain = try measured()
    #expect(experiment.lossFloor(to: DatasetCatalog.eightGaussians) != nil)
    experiment.timeDensity = .logitNormal(mean: 0, deviation: 1)
    experiment.timeWeight = .velocity
    #expect(try measured() == plain)
    #expect(experiment.lossFloor(to: DatasetCatalog.eightGaussians) == nil)
  }

  @Test("Jumps go forwards, the rest stands still, and each rule places them as it says")
  func jumps() {
    func pairs(_ rule: JumpRule) -> TrainingPairs {
      var pairs = TrainingPairs(
        from: StandardNormal(dimension: 2), to: DatasetCatalog.eightGaussians.distribution,
        along: ConditionalPath.affine.path(under: .conditionalOT), jumping: (rule, 300), count: 400,
        random: Random(seed: 0))
      pairs.draw()
      return pairs
    }
    for rule in [JumpRule.between, .toEnd, .dyadic(levels: 7)] {
      let drawn = pairs(rule)
      #expect((0..<300).allSatisfy { drawn.ends[$0] > drawn.times[$0] && drawn.ends[$0] <= 1 })
      #expect((300..<400).allSatisfy { drawn.ends[$0] == drawn.times[$0] })
      #expect(drawn.generators.count == 6)
    }
    #expect(pairs(.toEnd).ends[0..<300].allSatisfy { $0 == 1 })
    let dyadic = pairs(.dyadic(levels: 7))
    for j in 0..<300 {
      let count = 1 / (dyadic.ends[j] - dyadic.times[j])
      #expect(count == count.rounded() && (1...64).contains(count))
      #expect((dyadic.times[j] * count).rounded() == dyadic.times[j] * count)
    }
  }
}
