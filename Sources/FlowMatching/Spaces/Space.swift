/// A curved space with geodesics in closed form, on which flows run: the sphere and the torus.
///
/// Riemannian flow matching (Chen and Lipman, 2024) asks a space for its geodesics and for nothing
/// else. Spaces without closed geodesics need a premetric from the eigenfunctions of their Laplacian
/// instead, which must be computed first; they are not here. Another space is another conformer and a
/// line in `Spaces.all`. Batches hold a point in each column; there is no call for a single point.
public protocol Space: Sendable {
  /// The name on the command line and in files, "sphere".
  var name: String { get }
  /// The name for people, "sphere S²".
  var title: String { get }
  /// One line: what its points are.
  var summary: String { get }
  /// The rows `c` of a batch of its points: 3 for unit vectors, 2 for pairs of angles.
  var coordinates: Int { get }
  /// The dimension of the space itself.
  var dimension: Int { get }
  /// Its area, the measure of the whole; densities are against this measure.
  var area: Double { get }
  /// The greatest distance of two points.
  var diameter: Double { get }
  /// A point in the middle of the pictures: the north pole, or both angles 0.
  var origin: [Double] { get }

  /// Writes the way from `x` to `y`, log_x(y): the tangent at `x` of the shortest geodesic, with the
  /// distance as its length. All batches are `c×n`; at the cut locus one of the shortest is taken.
  func way(from x: Batch, to y: Batch, into way: inout Batch)

  /// Moves the points by `h` along their tangents, x ← exp_x(hv). Further rows of a state, which are
  /// of flat spaces, move straight.
  func move(_ x: inout Batch, along v: Batch, by h: Double)

  /// Writes the points γ(t) of the geodesics from `x0` to `x1` and their velocities γ̇(t), whose
  /// length is the distance of the ends: u_t = log_{x_t}(x₁)/(1 − t), without dividing by 1 − t.
  func geodesic(
    from x0: Batch, to x1: Batch, at t: Times, into points: inout Batch, velocities: inout Batch)

  /// Leaves of every vector the part that is tangent at its point; points need not be settled. Further
  /// rows stay.
  func makeTangent(_ v: inout Batch, at x: Batch)

  /// Brings points that a solver's steps have carried off the space to the nearest of its points.
  /// Further rows stay.
  ///
  /// Angles stay as they are, on the plane that covers the torus: the knots of a trajectory then follow
  /// each other without a jump. See `wrap`.
  func settle(_ x: inout Batch)

  /// How far from the space the farthest of the points is, which a solver's steps may have carried off.
  func offset(of x: Batch) -> Double

  /// Gives every point its one name: a vector of length 1, angles in [−π, π).
  func wrap(_ x: inout Batch)

  /// The same points under other names: vectors of another length, angles a turn further.
  func renamed(_ x: Batch) -> Batch

  /// Overwrites the batch by independent draws that are uniform by area.
  func sampleUniform(into x: inout Batch, using random: inout Random)

  /// log p by area of exp_o(sε), ε ~ N(0, I), o the origin and s the deviation.
  func wrappedNormalLogDensity(_ x: Batch, deviation: Double) -> [Double]

  /// The rows of `writeInputs`.
  var inputs: Int { get }

  /// Writes what a network is told of the points: smooth functions on the space, `inputs×n`. Where a space
  /// has a normal, more coordinates than dimensions, the first of them are that, of length 1.
  func writeInputs(_ x: Batch, into inputs: inout Batch)

  /// Writes by how much the inputs change along the tangents `v`, to first order, `inputs×n`.
  func writeInputChanges(_ x: Batch, along v: Batch, into changes: inout Batch)

  /// Adds what the turning of the tangents alone adds to the divergence of the tangent part of vectors `f`,
  /// which the space takes as they are: tr P(∂f)P without it.
  func addTurning(of f: Batch, at x: Batch, to divergence: inout [Double])

  /// The `dimension` tangents at every point that are orthonormal, `c×n` each.
  func tangentBasis(at x: Batch) -> [Batch]

  /// Nodes and weights of a quadrature by area, about `resolution` nodes along a half circle.
  func quadrature(resolution: Int) -> SpaceQuadrature
}

extension Space {
  /// Whether vectors in its coordinates may point out of it.
  public var hasNormal: Bool { coordinates > dimension }

  /// Angles are never off the torus.
  public func offset(of x: Batch) -> Double { 0 }

  /// A flat space, on which tangents do not turn.
  public func addTurning(of f: Batch, at x: Batch, to divergence: inout [Double]) {}

  /// The squared geodesic distances of the points of two `c×n` batches.
  public func squaredDistances(_ x: Batch, _ y: Batch) -> [Double] {
    var way = x
    self.way(from: x, to: y, into: &way)
    return way.squaredLengths
  }

  /// Whether another space is this one.
  public func isSame(as other: any Space) -> Bool { name == other.name }
}

/// The spaces by name.
public enum Spaces {
  /// Every curved space.
  public static let all: [any Space] = [Sphere(), Torus()]

  /// The space of that name; throws `UnknownName`, which suggests the nearest.
  public static func named(_ name: String) throws(UnknownName) -> any Space {
    guard let space = all.first(where: { $0.name == name }) else {
      throw UnknownName(kind: "space", name: name, among: all.map(\.name))
    }
    return space
  }
}

/// A quadrature over a space: ∫f dA ≈ Σ w_j f(x_j).
public struct SpaceQuadrature: Sendable, Hashable {
  /// The nodes, `c×n`.
  public let nodes: Batch
  /// Their weights, of the space's area as their sum.
  public let weights: [Double]

  /// Σ w_j f_j of the values at the nodes.
  public func integrate(_ values: [Double]) -> Double {
    precondition(values.count == weights.count, "a value for each node")
    var sum = 0.0
    for j in weights.indices { sum += weights[j] * values[j] }
    return sum
  }
}

extension Batch {
  /// |v|² of every point.
  var squaredLengths: [Double] {
    var sums = [Double](repeating: 0, count: count)
    for i in 0..<dimension {
      for j in 0..<count { sums[j] += values[i * count + j] * values[i * count + j] }
    }
    return sums
  }
}
