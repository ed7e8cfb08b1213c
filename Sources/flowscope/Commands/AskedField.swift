import FlowMatching
import Foundation

/// What `field` asks: the exact field of an experiment, or a flow that was learned.
enum AskedField {
  case plane(any ExactField)
  case curved(any GeodesicField)
  /// The exact fields of a class and of all data, and how the one is guided away from the other.
  case guided(any ExactField, awayFrom: any ExactField, Guidance)
  case learned(LearnedField, Experiment, Dataset?)

  /// The exact field of an experiment; throws where none is known.
  init(exactOf experiment: Experiment, to dataset: Dataset) throws {
    if let field = experiment.geodesicField(to: dataset) {
      self = .curved(field)
    } else if let field = experiment.exactField(to: dataset) {
      self = .plane(field)
    } else {
      let reason =
        experiment.learnsPosterior
        ? "of a posterior none is"
        : experiment.coupling != .independent
          ? "it is known of independent pairs alone"
          : experiment.space != nil
            ? "it is known from the uniform distribution alone"
            : "it is known of mixtures, boards, curves and points of files, from a Gaussian or a mixture"
      throw Failure.usage("the exact field to \(dataset.name) is not known here: \(reason)")
    }
  }

  /// Whether it stands for a density by the nodes of a quadrature.
  var isQuadrature: Bool { if case .curved(let field) = self { field.isQuadrature } else { false } }

  /// The quantity at points; throws where the field does not tell it.
  func values(of quantity: FieldQuantity, at x: Batch, _ t: Double) throws -> FieldValues {
    switch self {
    case .plane(let field): return field.values(of: quantity, at: x, t)
    case .curved(let field): return field.values(of: quantity, at: x, t)
    case .guided(let field, let guide, let guidance):
      return try AskedField.guided(field, guide, guidance, quantity, x, t)
    case .learned(let field, let experiment, let dataset):
      return try AskedField.learned(field, experiment, dataset, quantity, x, t)
    }
  }

  /// The exact field of a class of a data set, and guided; throws where none is known.
  init(exactOf experiment: Experiment, to dataset: Dataset, _ guidance: Guidance) throws {
    guard let label = guidance.label else {
      self = try AskedField(exactOf: experiment, to: dataset)
      return
    }
    let part = try AskedField(exactOf: experiment, to: dataset.part(label))
    guard guidance.needsGuide, case .plane(let field) = part,
      case .plane(let guide) = try AskedField(exactOf: experiment, to: dataset)
    else {
      self = part
      return
    }
    self = .guided(field, awayFrom: guide, guidance)
  }

  /// Every quantity but the density is drawn away as the velocity is.
  private static func guided(
    _ field: any ExactField, _ guide: any ExactField, _ guidance: Guidance,
    _ quantity: FieldQuantity, _ x: Batch, _ t: Double
  ) throws -> FieldValues {
    if quantity == .logDensity {
      throw Failure.usage(
        "a guided field moves no density that is known in closed form: log-density needs --guidance 1, or "
          + "a checkpoint", option: "--quantity")
    }
    var found = field.values(of: quantity, at: x, t).values
    guard guidance.counts(at: t) else { return FieldValues(quantity, found) }
    let other = guide.values(of: quantity, at: x, t).values
    for k in found.values.indices {
      found.values[k] = other.values[k] + guidance.weight * (found.values[k] - other.values[k])
    }
    return FieldValues(quantity, found)
  }

  private static func learned(
    _ field: LearnedField, _ experiment: Experiment, _ dataset: Dataset?,
    _ quantity: FieldQuantity, _ x: Batch, _ t: Double
  ) throws -> FieldValues {
    switch quantity {
    case .velocity, .divergence:
      return field.tangentValues(of: quantity, at: x, t, on: experiment.curvedSpace)
    case .logDensity: return try logDensity(field, experiment, dataset, x, t)
    case .target, .source:
      if let space = experiment.curvedSpace {
        return field.tangentValues(of: quantity, at: x, t, on: space)
      }
      return try converted(field, experiment, quantity, x, t)
    case .score:
      guard experiment.traits.hasScore else {
        throw Failure.usage(
          "the score does not follow from this flow's velocity: that needs an affine path from "
            + "N(0, I) with independent pairs in the plane; --exact may know it")
      }
      if !experiment.traits.impliesScore {
        // It was learned beside the velocity.
        var (field, velocity, score) = (field.scoreField(under: experiment.scheduler), x, x)
        field.evaluate(x, at: .shared(t), into: &velocity, score: &score)
        return FieldValues(quantity, score)
      }
      return try converted(field, experiment, quantity, x, t)
    }
  }

  /// What follows from a velocity by the coefficients of an affine path.
  private static func converted(
    _ field: LearnedField, _ experiment: Experiment, _ quantity: FieldQuantity, _ x: Batch,
    _ t: Double
  ) throws -> FieldValues {
    guard experiment.traits.followsPath, !experiment.path.hasNoise else {
      throw Failure.usage(
        "the \(quantity.rawValue) does not follow from this flow's velocity: it has no path "
          + "without noise of its own")
    }
    let wanted: Prediction =
      switch quantity {
      case .target: .target
      case .source: .source
      default: .score
      }
    let parts = ConversionTable(experiment.pathCoefficients(at: t))
      .combination(of: wanted, from: .velocity)
    var found = field.tangentValues(of: .velocity, at: x, t, on: nil).values
    for k in found.values.indices {
      found.values[k] = parts.x * x.values[k] + parts.other * found.values[k]
    }
    return FieldValues(quantity, found)
  }

  /// log p_t, solved for back to the source, each point by steps of its own.
  private static func logDensity(
    _ field: LearnedField, _ experiment: Experiment, _ dataset: Dataset?, _ x: Batch, _ t: Double
  ) throws -> FieldValues {
    let source: any Distribution
    do {
      source =
        try dataset.map { data throws(UnknownName) in try experiment.sourceDistribution(to: data) }
        ?? StandardNormal(dimension: x.dimension)
    } catch { throw Failure.usage(error.description) }
    guard let known = source as? any DensityDistribution else {
      throw Failure.usage("log p needs the density of the source, which is not known")
    }
    let joint = DensityFlow(field)
    let nothing = [Double](repeating: 0, count: x.count)
    var solve = ParticleIntegrator(
      joint, .dormandPrince, relative: 1e-7, absolute: 1e-7,
      from: DensityFlow.state(x, logDensity: nothing), start: t, end: 0)
    while solve.status == .running { _ = solve.advance(budget: 1 << 16) }
    let start = joint.points(solve.ends)
    return FieldValues(
      .logDensity,
      numbers: zip(known.logDensity(start), joint.logDensity(solve.ends)).map { $0 - $1 })
  }
}
