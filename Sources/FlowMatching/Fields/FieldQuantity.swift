/// What can be asked of a field at a point and a time.
public enum FieldQuantity: String, CaseIterable, Sendable {
  /// u_t(x).
  case velocity
  /// ∇ log p_t(x).
  case score
  /// ∇·u_t(x), on a curved space that of the space.
  case divergence
  /// log p_t(x) in nats.
  case logDensity = "log-density"
  /// E[X₁ | X_t = x]; on a curved space where the velocity leads in the time that is left.
  case target
  /// E[X₀ | X_t = x]; on a curved space where the velocity comes from.
  case source
}

/// A quantity at points: vectors or points `d×n`, or one number a point as `1×n`.
public struct FieldValues: Sendable {
  /// What they are.
  public let quantity: FieldQuantity
  /// The numbers.
  public let values: Batch

  /// Vectors or points.
  public init(_ quantity: FieldQuantity, _ values: Batch) {
    self.quantity = quantity
    self.values = values
  }

  /// One number a point.
  public init(_ quantity: FieldQuantity, numbers: [Double]) {
    self.init(quantity, Batch(dimension: 1, values: numbers))
  }
}

extension ExactField {
  /// A quantity of the field at `d×n` points.
  public func values(of quantity: FieldQuantity, at x: Batch, _ t: Double) -> FieldValues {
    var (field, result) = (self, x)
    let time = Times.shared(t)
    switch quantity {
    case .velocity: field.evaluate(x, at: time, into: &result)
    case .score: field.score(x, at: time, into: &result)
    case .target: field.expectedTarget(x, at: time, into: &result)
    case .source: field.expectedSource(x, at: time, into: &result)
    case .logDensity: return FieldValues(quantity, numbers: field.logDensity(x, at: time))
    case .divergence:
      var numbers = [Double](repeating: 0, count: x.count)
      field.evaluate(x, at: time, into: &result, divergence: &numbers)
      return FieldValues(quantity, numbers: numbers)
    }
    return FieldValues(quantity, result)
  }
}

extension GeodesicField {
  /// A quantity of the field at `c×n` points of the space.
  public func values(of quantity: FieldQuantity, at x: Batch, _ t: Double) -> FieldValues {
    var (field, result) = (self, x)
    switch quantity {
    case .score: field.score(x, at: .shared(t), into: &result)
    case .logDensity: return FieldValues(quantity, numbers: field.logDensity(x, at: .shared(t)))
    case .velocity, .divergence, .target, .source:
      return field.tangentValues(of: quantity, at: x, t, on: space)
    }
    return FieldValues(quantity, result)
  }
}

extension DivergenceField {
  /// What follows from a velocity and its divergence alone: of a curved space also the ends of the
  /// geodesics that the velocities begin.
  public func tangentValues(
    of quantity: FieldQuantity, at x: Batch, _ t: Double, on space: (any Space)?
  ) -> FieldValues {
    precondition(quantity != .score && quantity != .logDensity, "a velocity alone does not tell it")
    var (field, velocity) = (self, x)
    if quantity == .divergence {
      var numbers = [Double](repeating: 0, count: x.count)
      field.evaluate(x, at: .shared(t), into: &velocity, divergence: &numbers)
      return FieldValues(quantity, numbers: numbers)
    }
    field.evaluate(x, at: .shared(t), into: &velocity)
    if quantity == .velocity { return FieldValues(quantity, velocity) }
    var ends = x
    let time = quantity == .target ? 1 - t : -t
    if let space {
      space.move(&ends, along: velocity, by: time)
      space.wrap(&ends)
    } else {
      for k in ends.values.indices { ends.values[k] += time * velocity.values[k] }
    }
    return FieldValues(quantity, ends)
  }
}
