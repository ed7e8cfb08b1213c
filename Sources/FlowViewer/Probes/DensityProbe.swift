import FlowMatching
import TerminalCanvas

/// The model's log-density over a window at one time.
struct DensityPicture: Sendable {
  /// What was asked for.
  struct Request: Sendable, Hashable {
    let grid: PlotGrid
    let t: Double
    let weightsStep: Int
    let generation: Int
    var followed = LaneSettings.Followed()

    /// Whether both are pictures of the same density in the same window, however fine.
    func shows(_ other: Request) -> Bool {
      weightsStep == other.weightsStep && looksLike(other)
    }

    /// Whether both differ in their weights and their grids alone.
    func looksLike(_ other: Request) -> Bool {
      t == other.t && generation == other.generation && followed == other.followed
        && grid.axes == other.grid.axes
    }
  }

  /// The shares of the mass that the contours hold.
  static let shares = [0.5, 0.8, 0.95]

  let request: Request
  /// log p at every sample in nats.
  let logDensity: [Float]
  /// ∫p over the window.
  let integral: Double
  /// The dots of the contours, for a picture that is not refined any more.
  let contours: DotGrid?

  init(_ request: Request, values: [Double], isFinal: Bool) {
    self.request = request
    logDensity = values.map { $0.isFinite ? Float(max($0, -60)) : -60 }
    let area = request.grid.area
    let masses = values.map { $0.isFinite ? BackwardDensity.density($0) * area : 0 }
    integral = masses.reduce(0, +)
    contours =
      isFinal
      ? Contours.dots(
        request.grid, logDensity,
        levels: DensityPicture.levels(logDensity, masses, total: integral)) : nil
  }

  /// The log-densities above which the shares of the mass lie.
  private static func levels(_ logs: [Float], _ masses: [Double], total: Double) -> [Float] {
    guard total > 0 else { return [] }
    let order = logs.indices.sorted { logs[$0] > logs[$1] }
    var levels: [Float] = []
    var sum = 0.0
    for i in order {
      sum += masses[i]
      while levels.count < shares.count, sum >= shares[levels.count] * total {
        levels.append(logs[i])
      }
    }
    return levels
  }
}

/// Lines of equal value over a grid of samples.
enum Contours {
  /// The dots just above a level that have a neighbour below it.
  static func dots(_ grid: PlotGrid, _ values: [Float], levels: [Float]) -> DotGrid {
    var dots = DotGrid(grid.axes.rect.size)
    let (width, height) = (dots.width, dots.height)
    var fine = [Float](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        fine[y * width + x] = grid.value(values, dotX: Double(x) + 0.5, dotY: Double(y) + 0.5)
      }
    }
    for y in 0..<height {
      for x in 0..<width {
        let here = fine[y * width + x]
        for level in levels where here >= level {
          let isEdge =
            (x > 0 && fine[y * width + x - 1] < level)
            || (x + 1 < width && fine[y * width + x + 1] < level)
            || (y > 0 && fine[(y - 1) * width + x] < level)
            || (y + 1 < height && fine[(y + 1) * width + x] < level)
          if isEdge { dots.set(x, y) }
        }
      }
    }
    return dots
  }
}

/// Computes a picture of the density.
struct DensityProbe: Sendable {
  let request: DensityPicture.Request
  let isFinal: Bool
  private var solve: BackwardDensity
  init(
    _ request: DensityPicture.Request, _ flow: any Flow, source: any Distribution, isFinal: Bool,
    chunkSize: Int = 32
  ) {
    self.request = request
    self.isFinal = isFinal
    solve = BackwardDensity(
      flow, source: source, points: request.grid.points(), from: request.t,
      tolerance: isFinal ? BackwardDensity.fine : BackwardDensity.coarse, chunkSize: chunkSize)
  }

  var isOver: Bool { solve.isOver }
  var progress: Double { solve.progress }

  mutating func advance(budget: inout Int) { solve.advance(budget: &budget) }

  var picture: DensityPicture {
    DensityPicture(request, values: solve.values, isFinal: isFinal)
  }
}
