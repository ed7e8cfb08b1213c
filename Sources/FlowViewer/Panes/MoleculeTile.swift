import FlowMatching
import TerminalCanvas

/// A molecule in a few cells: atoms as discs by its energy, bonds by how long they are.
struct MoleculeTile {
  let theme: Theme
  /// How far colours move towards the background.
  var fade = 0.0

  /// What a tile shows of the plane at least, from its middle to the nearer edge, in the data's units; of a
  /// larger molecule all of it.
  private static let reach = 3.1
  /// The radius of an atom, in dots.
  private static let radius = 1.95

  /// The place of an energy on the scale of colours: −25 is the brightest.
  static func level(_ energy: Double) -> Double { min(1, max(0, -energy / 25)) }

  func draw(_ molecule: Molecule, into screen: inout Screen, in rect: Rect) {
    guard !rect.isEmpty, molecule.places.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
      return
    }
    let dots = dotPlaces(molecule, rect)
    var layers: [(style: Style, grid: DotGrid)] = []
    let grid = DotGrid(rect.size)
    var (long, short, strained, atoms) = (grid, grid, grid, grid)
    for (index, pair) in Molecule.pairs.enumerated() {
      let distance = molecule.distances[index]
      let (a, b) = (dots[pair.0], dots[pair.1])
      if DoubleWells.pairEnergy(distance) > -1.5 {
        stroke(a, b, every: 1, into: &strained)
      } else if distance > 4 {
        stroke(a, b, every: 2, into: &long)
      } else {
        stroke(a, b, every: 1, into: &short)
      }
    }
    for place in dots { disc(place, into: &atoms) }
    let level = MoleculeTile.level(molecule.energy)
    layers = [
      (theme.style(.hint), long), (theme.style(.bad), strained), (theme.style(.value), short),
      (theme.densityStyle(level), atoms),
    ]
    draw(layers, into: &screen, in: rect)
    glow(dots, level, into: &screen, in: rect)
  }

  /// Where the atoms lie in dots: the middle of their bounds in the middle of the tile.
  private func dotPlaces(_ molecule: Molecule, _ rect: Rect) -> [SIMD2<Double>] {
    var (low, high) = (molecule.places[0], molecule.places[0])
    for place in molecule.places {
      low = SIMD2(min(low.x, place.x), min(low.y, place.y))
      high = SIMD2(max(high.x, place.x), max(high.y, place.y))
    }
    let middle = 0.5 * (low + high)
    let (width, height) = (Double(2 * rect.width), Double(4 * rect.height))
    let extent = high - low
    let (right, up) = (width / 2 - MoleculeTile.radius, height / 2 - MoleculeTile.radius)
    let scale = min(
      min(right, up) / MoleculeTile.reach, 2 * right / max(extent.x, 1e-9),
      2 * up / max(extent.y, 1e-9))
    return molecule.places.map { place in
      let shift = scale * (place - middle)
      return SIMD2(width / 2 - 0.5 + shift.x, height / 2 - 0.5 - shift.y)
    }
  }

  private func stroke(
    _ a: SIMD2<Double>, _ b: SIMD2<Double>, every: Int, into grid: inout DotGrid
  ) {
    let way = b - a
    let count = Int(saturating: max(abs(way.x), abs(way.y)).rounded())
    guard count > 0, count < 400 else { return }
    for k in stride(from: 0, through: count, by: every) {
      let place = a + Double(k) / Double(count) * way
      grid.set(Int(saturating: place.x.rounded()), Int(saturating: place.y.rounded()))
    }
  }

  private func disc(_ centre: SIMD2<Double>, into grid: inout DotGrid) {
    guard abs(centre.x) < 1e4, abs(centre.y) < 1e4 else { return }
    for y in Int(centre.y) - 3...Int(centre.y) + 3 {
      for x in Int(centre.x) - 3...Int(centre.x) + 3 {
        let (dx, dy) = (Double(x) - centre.x, Double(y) - centre.y)
        if dx * dx + dy * dy <= MoleculeTile.radius * MoleculeTile.radius { grid.set(x, y) }
      }
    }
  }

  /// All dots of a cell, in the style of the last layer that has one there.
  private func draw(
    _ layers: [(style: Style, grid: DotGrid)], into screen: inout Screen, in rect: Rect
  ) {
    for row in 0..<rect.height {
      for column in 0..<rect.width {
        var (bits, style): (UInt8, Style?) = (0, nil)
        for layer in layers {
          let own = layer.grid.pattern(column, row)
          if own != 0 {
            bits |= own
            style = layer.style
          }
        }
        guard let style else { continue }
        screen.set(
          rect.x + column, rect.y + row, theme.glyphs.pattern(bits),
          style: theme.faded(style, fade))
      }
    }
  }

  /// Around every atom a sixth of its colour behind the dots, where colours can be mixed.
  private func glow(
    _ dots: [SIMD2<Double>], _ level: Double, into screen: inout Screen, in rect: Rect
  ) {
    guard theme.depth == .direct, theme.glyphs != .ascii else { return }
    let near = theme.faded(theme.densityStyle(level), 0.83 + 0.17 * fade)
    let far = theme.faded(theme.densityStyle(level), 0.92 + 0.08 * fade)
    for row in 0..<rect.height {
      for column in 0..<rect.width {
        let middle = SIMD2(2 * Double(column) + 0.5, 4 * Double(row) + 1.5)
        let distance = dots.reduce(Double.infinity) { least, dot in
          let way = (dot - middle) * SIMD2(1, 0.7)
          return min(least, (way * way).sum())
        }
        guard distance < 9 else { continue }
        screen.paintBackground(
          Rect(x: rect.x + column, y: rect.y + row, width: 1, height: 1),
          (distance < 3.5 ? near : far).foreground)
      }
    }
  }
}

/// One molecule at each tick of time, above the time line.
struct MoleculeFilm {
  let theme: Theme

  func draw(_ state: AppState, centres: [Int], into screen: inout Screen, in rect: Rect) {
    let times = state.filmTimes
    let frames = state.playback.filmFrames
    for index in 0..<min(frames.count, centres.count, times.count) {
      let frame = frames[index]
      guard frame.dimension == 8, frame.count > 0 else { continue }
      let isAhead = times[index] > state.playback.clock.t + 1e-9
      let picked = min(state.particles.picked ?? 0, frame.count - 1)
      MoleculeTile(theme: theme, fade: isAhead ? 0.58 : 0).draw(
        Molecule(frame, picked), into: &screen,
        in: Rect(
          x: centres[index] - FilmStrip.columns / 2, y: rect.y, width: FilmStrip.columns,
          height: rect.height))
    }
  }
}
