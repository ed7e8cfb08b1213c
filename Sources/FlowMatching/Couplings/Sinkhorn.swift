#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The entropic optimal transport between two clouds of n points each:
/// P_ij = exp((f_i + g_j − |a_i − b_j|²)/ε) with all row and column sums 1/n, the plan of least
/// ⟨P, C⟩ + ε·Σ P log P (Cuturi, 2013).
///
/// The iteration begins at the potentials of the exact transport, so that a small ε is not far from
/// its end, and is overrelaxed by the rate that it shows (Lehmann et al., 2022, §4). The potentials
/// are kept as logarithms, and only their latest changes as factors, which are absorbed before they
/// overflow (Schmitzer, 2019, §3.1). A plan that would take more iterations than the limit is replaced
/// by the exact transport, its limit for ε → 0: `isExact`. Either way rows and columns are right.
public struct Sinkhorn: Sendable {
  /// How strong the entropy is.
  public enum Regularisation: Sendable, Hashable {
    /// ε in squared lengths.
    case absolute(Double)
    /// ε as a share of the mean squared distance between the two clouds.
    case relative(Double)
  }

  /// The strength of the entropy.
  public let regularisation: Regularisation
  /// The sum over rows of |row sum − 1/n|, and the same of columns, that a plan may have.
  public let tolerance: Double
  /// The most iterations of a plan.
  public let iterationLimit: Int
  /// The ε of the last problem, in squared lengths.
  public private(set) var epsilon = 0.0
  /// The points n of the last problem.
  public private(set) var count = 0
  /// The iterations that the last problem took.
  public private(set) var iterations = 0
  /// Σ|row sum − 1/n| of the last plan, whose columns are exact; at most `tolerance`.
  public private(set) var marginalError = 0.0
  /// Whether the last plan is the exact transport, since the iterations would have run out.
  public private(set) var isExact = false
  private var matcher: Matcher
  /// f and g of the last problem.
  private var rows: [Double] = []
  private var columns: [Double] = []
  /// exp((f_i + g_j − C_ij)/ε), row after row, and the factors that are not in f and g yet.
  ///
  /// Four columns at a time; those that a row has too many of have the kernel 0.
  private var kernel: [SIMD4<Double>] = []
  private var rowFactors: [Double] = []
  private var columnFactors: [SIMD4<Double>] = []
  private var columnSums: [SIMD4<Double>] = []
  /// A factor is absorbed beyond e^±40.
  private static let largestLogarithm = 40.0

  /// A solver that has solved nothing yet; ε and the tolerance must be positive.
  public init(
    _ regularisation: Regularisation, tolerance: Double = 1e-6, iterationLimit: Int = 400,
    instructionSet: InstructionSet = .best
  ) {
    precondition(tolerance > 0 && iterationLimit > 0, "nothing would end")
    self.regularisation = regularisation
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
    matcher = Matcher(instructionSet: instructionSet)
  }

  /// As above, with ε in squared lengths.
  public init(regularisation: Double, tolerance: Double = 1e-6, iterationLimit: Int = 400) {
    self.init(
      .absolute(regularisation), tolerance: tolerance, iterationLimit: iterationLimit)
  }

  /// The share P_ij of the pair (a_i, b_j) in the last plan.
  public func share(_ i: Int, _ j: Int) -> Double {
    if isExact { return matcher.permutation[i] == j ? 1 / Double(count) : 0 }
    return rowFactors[i] * kernel[i * quads + j / 4][j % 4] * columnFactors[j / 4][j % 4]
  }

  /// ⟨P, C⟩, the mean squared length of the last plan's pairs, for the clouds it was made of.
  public func cost(_ a: Batch, _ b: Batch) -> Double {
    var sum = 0.0
    for i in 0..<count {
      for j in 0..<count { sum += share(i, j) * squaredDistance(a, i, b, j) }
    }
    return sum
  }

  /// Solves for two finite `d×n` batches whose squares are finite; n² memory, allocated once for a
  /// size.
  public mutating func solve(_ a: Batch, _ b: Batch) {
    precondition(a.hasShape(of: b), "a plan needs clouds of equal shape")
    prepare(a, b)
    var pace = Pace(tolerance: tolerance, limit: iterationLimit)
    while true {
      let (error, largest) = iterate(relaxation: pace.relaxation)
      iterations += 1
      if pace.relaxation == 1 && iterations > 1 && error <= tolerance {
        // The columns are exact after every plain iteration; this is the error of the rows before it,
        // which it can only have made smaller.
        marginalError = error
        return
      }
      guard pace.goesOn(after: error, iterations: iterations) else {
        isExact = true
        marginalError = 0
        return
      }
      if largest > Sinkhorn.largestLogarithm { absorb(a, b) }
    }
  }

  /// The blocks of four columns of a row.
  private var quads: Int { (count + 3) / 4 }

  /// One iteration on rows and columns; the sum of both errors before it where it is relaxed, of the
  /// rows else, and the largest logarithm of a factor after it.
  private mutating func iterate(relaxation: Double) -> (error: Double, largest: Double) {
    let (share, quads) = (1 / Double(count), quads)
    var (error, largest) = (0.0, 0.0)
    // Out of the structure while they change: no other access needs to be ruled out at every number.
    var sums: [SIMD4<Double>] = []
    swap(&sums, &columnSums)
    for q in 0..<quads { sums[q] = SIMD4() }
    for i in 0..<count {
      let sum = rowSum(i)
      error += abs(rowFactors[i] * sum - share)
      let next = share / sum
      let factor =
        relaxation == 1 ? next : rowFactors[i] * pow(next / rowFactors[i], relaxation)
      rowFactors[i] = factor
      largest = max(largest, abs(log(factor / share)))
      let first = i * quads
      for q in 0..<quads { sums[q] += factor * kernel[first + q] }
    }
    swap(&sums, &columnSums)
    for j in 0..<count {
      let (q, k) = (j / 4, j % 4)
      let next = share / columnSums[q][k]
      if relaxation == 1 {
        columnFactors[q][k] = next
      } else {
        error += abs(columnFactors[q][k] * columnSums[q][k] - share)
        columnFactors[q][k] *= pow(next / columnFactors[q][k], relaxation)
      }
      largest = max(largest, abs(log(columnFactors[q][k])))
    }
    return (error, largest)
  }

  /// Draws for every row i a column from the plan given i, into `partners`.
  mutating func drawPartners(into partners: inout [Int], using random: inout Random) {
    for i in 0..<count {
      // As many numbers are taken either way.
      let chance = random.uniform()
      if isExact {
        partners[i] = matcher.permutation[i]
        continue
      }
      var left = chance * rowSum(i)
      var j = 0
      while j < count - 1 {
        left -= kernel[i * quads + j / 4][j % 4] * columnFactors[j / 4][j % 4]
        if left < 0 { break }
        j += 1
      }
      partners[i] = j
    }
  }

  /// The exact transport's potentials: f_i + g_j ≤ C_ij with equality in every row and column, so that
  /// no sum vanishes, however small ε is.
  private mutating func prepare(_ a: Batch, _ b: Batch) {
    if count != a.count {
      count = a.count
      rows = [Double](repeating: 0, count: count)
      columns = rows
      rowFactors = rows
      columnFactors = [SIMD4<Double>](repeating: SIMD4(repeating: 1), count: quads)
      columnSums = columnFactors
      kernel = [SIMD4<Double>](repeating: SIMD4(), count: count * quads)
    }
    iterations = 0
    isExact = false
    switch regularisation {
    case .absolute(let value): epsilon = value
    case .relative(let share):
      var mean = 0.0
      for i in 0..<count {
        for j in 0..<count { mean += squaredDistance(a, i, b, j) }
      }
      // Equal clouds of one place have no scale: any ε serves.
      mean /= Double(count * count)
      epsilon = mean > 0 ? share * mean : 1
    }
    matcher.match(a, b)
    for i in 0..<count {
      rows[i] = matcher.rowDuals[i]
      columns[i] = matcher.columnDuals[i]
      rowFactors[i] = 1 / Double(count)
      columnFactors[i / 4][i % 4] = 1
    }
    fillKernel(a, b)
  }

  private mutating func absorb(_ a: Batch, _ b: Batch) {
    for i in 0..<count {
      rows[i] += epsilon * log(Double(count) * rowFactors[i])
      columns[i] += epsilon * log(columnFactors[i / 4][i % 4])
      rowFactors[i] = 1 / Double(count)
      columnFactors[i / 4][i % 4] = 1
    }
    fillKernel(a, b)
  }

  private mutating func fillKernel(_ a: Batch, _ b: Batch) {
    for i in 0..<count {
      for j in 0..<count {
        let slack = squaredDistance(a, i, b, j) - rows[i] - columns[j]
        kernel[i * quads + j / 4][j % 4] = exp(-slack / epsilon)
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

  /// Σ_j K_ij v_j.
  private func rowSum(_ i: Int) -> Double {
    let (quads, first) = (quads, i * quads)
    var parts = SIMD4<Double>()
    for q in 0..<quads { parts += kernel[first + q] * columnFactors[q] }
    return parts.sum()
  }
}
