import FlowMatching
import Foundation

/// What vectors and numbers at points are in the units of a file, in which the field does not work.
///
/// A velocity is the rate of the file's numbers, a score the slope of log p by them: with y = Y(x) those
/// are (∂Y/∂x)u and (∂x/∂y)ᵀs.
struct FieldUnits {
  let notation: PointNotation?
  let standard: Standardisation?
  /// What the numbers of a point are called.
  let names: [String]

  /// What the columns are called, a prefix before those of points.
  func columns(_ quantity: FieldQuantity) -> [String] {
    switch quantity {
    case .velocity: names.map { "d" + $0 }
    case .score: names.map { "dlogp_d" + $0 }
    case .divergence: ["divergence"]
    case .logDensity: ["log_p"]
    case .target, .source: names
    }
  }

  /// The values at points of the field, a row for each number of a point in the file.
  func restored(_ found: FieldValues, at points: Batch) -> Batch {
    let values = found.values
    switch found.quantity {
    case .divergence: return values
    case .logDensity:
      // dz = dx/deviation: the density of x is that of z times the determinant.
      let change = standard?.deviations.reduce(0) { $0 + log($1) } ?? 0
      return Batch(dimension: 1, values: values.values.map { $0 - change })
    case .target, .source:
      return notation?.numbers(of: values) ?? standard?.restored(values) ?? values
    case .velocity, .score:
      let isRate = found.quantity == .velocity
      switch notation {
      case .vectors: return values
      case .degrees: return degrees(values, at: points, isRate: isRate)
      case .angles(let period):
        let factor = period / (2 * .pi)
        return Batch(
          dimension: 2, values: values.values.map { isRate ? $0 * factor : $0 / factor })
      case nil: return scaled(values, isRate: isRate)
      }
    }
  }

  /// (∂Y/∂x)u and (∂x/∂y)ᵀs of standardised points.
  private func scaled(_ values: Batch, isRate: Bool) -> Batch {
    guard let standard else { return values }
    var result = values
    for i in 0..<values.dimension {
      let factor = isRate ? standard.deviations[i] : 1 / standard.deviations[i]
      for j in 0..<values.count { result[i, j] *= factor }
    }
    return result
  }

  /// The same by longitude and latitude in degrees; the rate of a longitude is not finite at the poles.
  private func degrees(_ values: Batch, at points: Batch, isRate: Bool) -> Batch {
    let places = PointNotation.degrees.numbers(of: points)
    var result = Batch(dimension: 2, count: values.count)
    let degree = Double.pi / 180
    for j in 0..<values.count {
      let (longitude, latitude) = (places[0, j] * degree, places[1, j] * degree)
      let (x, y, z) = (values[0, j], values[1, j], values[2, j])
      let east = -sin(longitude) * x + cos(longitude) * y
      let north =
        -sin(latitude) * (cos(longitude) * x + sin(longitude) * y) + cos(latitude) * z
      // A degree of longitude is as long as the circle of latitude is wide.
      let width = (points[0, j] * points[0, j] + points[1, j] * points[1, j]).squareRoot()
      result[0, j] = isRate ? east / width / degree : east * width * degree
      result[1, j] = isRate ? north / degree : north * degree
    }
    return result
  }
}
