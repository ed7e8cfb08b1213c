#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The entropic optimal transport between two clouds of n points each:
/// P_ij = exp((f_i + g_j − |a_i − b_j|²)/ε) with all row and column sums 1/n, the plan of least
/// ⟨P, C⟩ + ε·Σ P log P (Cuturi, 2013).
///
/// The potentials are kept as logarithms, and only their latest changes as factors, which are absorbed
/// before they overflow (Schmitzer, 2019, §3.1): no ε is too small for the arithmetic.
public struct Sinkhorn: Sendable {
  /// The strength ε of the entropy, in squared lengths.
  public let regularisation: Double
  /// The sum over rows of |row sum − 1/n| at which an iteration stops.
  public let tolerance: Double
  /// The most iterations, after which `marginalError` tells how far the plan is from one.
  public let iterationLimit: Int
  /// The points n of the last problem.
  public private(set) var count = 0
  /// The iterations that the last problem took.
  public private(set) var iterations = 0
  /// Σ|row sum − 1/n| of the last plan, whose columns are exact; at most `tolerance` unless the
  /// iterations ran out.
  public private(set) var marginalError = 0.0
  /// f and g of the last problem.
  private var rows: [Double] = []
  private var columns: [Double] = []
  /// exp((f_i + g_j − C_ij)/ε), row after row, and the factors that are not in f and g yet.
  private var kernel: [Double] = []
  private var rowFactors: [Double] = []
  private var columnFactors: [Double] = []
  private var columnSums: [Double] = []
  /// A factor is absorbed beyond e^±40.
  private static let largestLogarithm = 40.0

  /// A solver that has solved nothing yet; ε and the tolerance must be positive.
  public init(regularisation: Double, tolerance: Double = 1e-6, iterationLimit: Int = 2000) {
    precondition(regularisation > 0 && tolerance > 0 && iterationLimit > 0, "nothing would end")
    self.regularisation = regularisation
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
  }

  /// The share P_ij of the pair (a_i, b_j) in the last plan.
  public func share(_ i: Int, _ j: Int) -> Double {
    rowFactors[i] * kernel[i * count + j] * columnFactors[j]
  }

  /// ⟨P, C⟩, the mean squared length of the last plan's pairs, for the clouds it was made of.
  public func cost(_ a: Batch, _ b: Batch) -> Double {
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<count { sum += share(i, j) * squaredDistance(a, i, b, j) }
    }
    return sum
  }

  /// Solves for two finite `d×n` batches; n² memory, allocated once for a size.
  public mutating func solve(_ a: Batch, _ b: Batch) {
    precondition(a.hasShape(of: b), "a plan needs clouds of equal shape")
    prepare(a, b)
    let share = 1 / Double(count)
    iterations = 0
    while true {
      let isFirst = iterations == 0
      iterations += 1
      var (error, largest) = (0.0, 0.0)
      for j in 0..<count { columnSums[j] = 0 }
      for i in 0..<count {
        let sum = rowSum(i)
        error += abs(rowFactors[i] * sum - share)
        rowFactors[i] = share / sum
        largest = max(largest, abs(log(rowFactors[i] / share)))
        addRow(i)
      }
      for j in 0..<count {
        columnFactors[j] = share / columnSums[j]
        largest = max(largest, abs(log(columnFactors[j])))
      }
      marginalError = error
      if (!isFirst && error <= tolerance) || iterations >= iterationLimit { return }
      if largest > Sinkhorn.largestLogarithm { absorb(a, b) }
    }
  }

  /// Draws for every row i a column from the plan given i, into `partners`.
  mutating func drawPartners(into partners: inout [Int], using random: inout Random) {
    for i in 0..<count {
      var left = random.uniform() * rowSum(i)
      var j = 0
      while j < count - 1 {
        left -= kernel[i * count + j] * columnFactors[j]
        if left < 0 { break }
        j += 1
      }
      partners[i] = j
    }
  }

  /// Potentials with f_i + g_j ≤ C_ij and equality in every row and column, so that no sum vanishes.
  private mutating func prepare(_ a: Batch, _ b: Batch) {
    if count != a.count {
      count = a.count
      rows = [Double](repeating: 0, count: count)
      columns = rows
      rowFactors = rows
      columnFactors = rows
      columnSums = rows
      kernel = [Double](repeating: 0, count: count * count)
    }
    for i in 0..<count {
      rows[i] = .infinity
      columns[i] = .infinity
      rowFactors[i] = 1 / Double(count)
      columnFactors[i] = 1
    }
    for i in 0..<count {
      for j in 0..<count { rows[i] = min(rows[i], squaredDistance(a, i, b, j)) }
      for j in 0..<count { columns[j] = min(columns[j], squaredDistance(a, i, b, j) - rows[i]) }
    }
    fillKernel(a, b)
  }

  private mutating func absorb(_ a: Batch, _ b: Batch) {
    for i in 0..<count {
      rows[i] += regularisation * log(Double(count) * rowFactors[i])
      columns[i] += regularisation * log(columnFactors[i])
      rowFactors[i] = 1 / Double(count)
      columnFactors[i] = 1
    }
    fillKernel(a, b)
  }

  private mutating func fillKernel(_ a: Batch, _ b: Batch) {
    for i in 0..<count {
      for j in 0..<count {
        let slack = squaredDistance(a, i, b, j) - rows[i] - columns[j]
        kernel[i * count + j] = exp(-slack / regularisation)
      }
    }
  }

  private func squaredDistance(_ a: Batch, _ i: Int, _ b: Batch, _ j: Int) -> Double {
    var sum = 0.0
    for k in stride(from: 0, to: a.values.count, by: a.count) {
      let difference = a.values[k + i] - b.values[k + j]
      sum += difference * difference
    }
    return sum
  }

  /// Σ_j K_ij v_j, in four parts: the sum need not wait for every addition.
  private func rowSum(_ i: Int) -> Double {
    let first = i * count
    var parts = SIMD4<Double>()
    var j = 0
    while j + 4 <= count {
      parts += SIMD4(
        kernel[first + j] * columnFactors[j], kernel[first + j + 1] * columnFactors[j + 1],
        kernel[first + j + 2] * columnFactors[j + 2], kernel[first + j + 3] * columnFactors[j + 3])
      j += 4
    }
    while j < count {
      parts[0] += kernel[first + j] * columnFactors[j]
      j += 1
    }
    return parts.sum()
  }

  /// Adds u_i K_ij to every column's sum.
  private mutating func addRow(_ i: Int) {
    let (first, factor) = (i * count, rowFactors[i])
    for j in 0..<count { columnSums[j] += factor * kernel[first + j] }
  }
}
