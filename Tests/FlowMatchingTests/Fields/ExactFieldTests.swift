import Testing

@testable import FlowMatching

/// What every exact field must satisfy, for all data sets, schedulers, paths and sources.
@Suite struct ExactFieldTests {
  static let mixtureSource = GaussianMixture(
    weights: [1, 2], means: [[0.5, 0], [-1, 1]],
    covariances: [[0.9, 0, 0, 0.9], [0.4, 0, 0, 0.4]])
  static let cloud = Dataset(
    name: "points", title: "points", summary: "five points",
    distribution: PointCloud(Batch(points: [[0, 0], [1, 2], [-1, 1], [2, -0.5], [0.3, 0.2]])),
    entropyFloor: nil)

  struct Case: Sendable, CustomTestStringConvertible {
    let dataset: Dataset
    let scheduler: Scheduler
    var path = ConditionalPath.affine
    var source: GaussianMixture?
    var testDescription: String {
      "\(dataset.name), \(scheduler.name), \(path.name), \(source == nil ? "N(0, I)" : "mixture")"
    }
    var field: any ExactField {
      dataset.exactField(source: source, scheduler: scheduler, path: path)!
    }
  }

  /// Every data set once more than with the default: schedulers, paths and sources by turns.
  static let cases: [Case] = {
    let known = (DatasetCatalog.plane + [cloud]).filter(\.hasExactField)
    let paths = ConditionalPath.all
    var cases = (known + DatasetCatalog.spatial.filter(\.hasExactField)).map {
      Case(dataset: $0, scheduler: .conditionalOT)
    }
    cases.append(Case(dataset: DatasetCatalog.gaussians16, scheduler: .cosine))
    for (k, dataset) in known.enumerated() {
      let scheduler = Scheduler.all[(k + 1) % Scheduler.all.count]
      cases.append(Case(dataset: dataset, scheduler: scheduler))
      let path = paths[1 + k % (paths.count - 1)]
      cases.append(
        Case(dataset: dataset, scheduler: .conditionalOT, path: path, source: mixtureSource))
    }
    for dataset in [DatasetCatalog.eightGaussians, DatasetCatalog.checkerboardSmall] {
      for scheduler in Scheduler.all {
        cases.append(Case(dataset: dataset, scheduler: scheduler, source: mixtureSource))
      }
    }
    return cases
  }()

  /// Points of the path at a time for each.
  static func points(_ item: Case, _ times: [Double]) -> Batch {
    var random = Random(seed: 23).stream(item.dataset.name)
    let source = item.source ?? .standardNormal(dimension: item.field.dimension)
    let x0 = source.sample(count: times.count, using: &random)
    let x1 = item.dataset.distribution.sample(count: times.count, using: &random)
    var sample = PathSample(dimension: item.field.dimension, count: times.count)
    item.path.path(under: item.scheduler).sample(
      from: x0, to: x1, at: times, using: &random, into: &sample)
    return sample.x
  }

  static let times = [0.02, 0.2, 0.4, 0.55, 0.7, 0.85, 0.95]

  @Test(
    "αE[X₁|x] + σE[X₀|x] − γ²s = x, and u = α̇E[X₁|x] + σ̇E[X₀|x] − γγ̇s", arguments: cases)
  func posterior(item: Case) {
    let x = Self.points(item, Self.times)
    var field = item.field
    var (start, end, score, velocity) = (x, x, x, x)
    let t = Times.each(Self.times)
    field.expectedSource(x, at: t, into: &start)
    field.expectedTarget(x, at: t, into: &end)
    field.score(x, at: t, into: &score)
    field.evaluate(x, at: t, into: &velocity)
    for (j, time) in Self.times.enumerated() {
      let c = item.path.coefficients(item.scheduler, at: time)
      for i in 0..<x.dimension {
        let sum =
          c.alpha * end[i, j] + c.sigma * start[i, j] - c.noise * c.noise * score[i, j]
        #expect(abs(sum - x[i, j]) < 1e-12 * max(1, abs(x[i, j])))
        let u =
          c.alphaRate * end[i, j] + c.sigmaRate * start[i, j] - c.noiseProduct * score[i, j]
        #expect(abs(u - velocity[i, j]) < 1e-11 * max(10, abs(u)))
        if item.source == nil && !item.path.hasNoise {
          let error = abs(start[i, j] + c.sigma * score[i, j])
          #expect(error < 1e-12 * max(10, abs(start[i, j])))
        }
      }
    }
  }

  @Test("the score is the gradient of log p_t, by central differences", arguments: cases)
  func score(item: Case) {
    let x = Self.points(item, Self.times)
    let t = Times.each(Self.times)
    var field = item.field
    var score = x
    field.score(x, at: t, into: &score)
    let h = 1e-5
    for i in 0..<x.dimension {
      var (low, high) = (x, x)
      for j in 0..<x.count {
        low[i, j] -= h
        high[i, j] += h
      }
      let below = field.logDensity(low, at: t)
      let above = field.logDensity(high, at: t)
      for j in 0..<x.count {
        let slope = (above[j] - below[j]) / (2 * h)
        #expect(abs(slope - score[i, j]) < 1e-6 * (1 + abs(slope)), "t = \(Self.times[j])")
      }
    }
  }

  @Test(
    "the divergence is that of central differences, and the sum of its quadratic forms",
    arguments: cases)
  func divergence(item: Case) {
    let x = Self.points(item, Self.times)
    let t = Times.each(Self.times)
    var field = item.field
    let n = x.count
    var velocity = x
    var exact = [Double](repeating: 0, count: n)
    field.evaluate(x, at: t, into: &velocity, divergence: &exact)
    var numeric = [Double](repeating: 0, count: n)
    var size = numeric
    let h = 1e-5
    for i in 0..<x.dimension {
      for sign in [-1.0, 1] {
        var moved = x
        for j in 0..<n { moved[i, j] += sign * h }
        var output = x
        field.evaluate(moved, at: t, into: &output)
        for j in 0..<n {
          numeric[j] += sign * output[i, j] / (2 * h)
          size[j] = max(size[j], abs(output[i, j]))
        }
      }
    }
    var sum = [Double](repeating: 0, count: n)
    for i in 0..<x.dimension {
      var probes = Batch(dimension: x.dimension, count: n)
      for j in 0..<n { probes[i, j] = 1 }
      var form = exact
      var same = x
      field.evaluate(x, at: t, probes: probes, into: &same, divergence: &form)
      for k in same.values.indices {
        #expect(abs(same.values[k] - velocity.values[k]) < 1e-12 * max(1, abs(same.values[k])))
      }
      for j in 0..<n { sum[j] += form[j] }
    }
    for j in 0..<n {
      let bound = 1e-4 * max(1, abs(exact[j])) + 1e-9 * size[j]
      #expect(abs(exact[j] - numeric[j]) < bound, "t = \(Self.times[j])")
      #expect(abs(exact[j] - sum[j]) < 1e-9 * max(10, abs(exact[j])))
    }
  }

  @Test(
    "far away and at both ends every field is finite, and a batch may be empty", arguments: cases)
  func finite(item: Case) {
    var field = item.field
    let rest = [Double](repeating: 0, count: field.dimension - 2)
    let x = Batch(points: [[300, -200], [0, 0], [2, 0], [1e3, 1e3]].map { $0 + rest })
    var velocity = x
    var divergence = [Double](repeating: 0, count: 4)
    for t in [0, 0.5, 1] {
      field.evaluate(x, at: .shared(t), into: &velocity, divergence: &divergence)
      #expect(velocity.isFinite && divergence.allSatisfy { $0.isFinite })
      #expect(field.logDensity(x, at: .shared(t)).allSatisfy { !$0.isNaN })
    }
    var none = Batch(dimension: field.dimension, count: 0)
    field.evaluate(none, at: .shared(0.5), into: &none)
  }
}
