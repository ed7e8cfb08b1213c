import FlowMatching
import TerminalCanvas

/// The wall of molecules, each with its energy.
struct MoleculesPane: PlotPane, Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    draw(state, lane: state.lanes.focused, into: &screen, in: rect)
  }

  /// The wall of a lane.
  func draw(_ state: AppState, lane index: Int, into screen: inout Screen, in rect: Rect) {
    let wall = Wall(rect)
    let points = state.lanes.all[index].positions
    let isComparing = state.isComparing
    let shown = min(wall.columns * wall.rows, points.count)
    Panel(
      title: isComparing ? "" : "molecules",
      heading: isComparing ? heading(state, index) : count(shown, of: points.count),
      labels: isComparing ? energy(points) : legend(rect),
      isFocused: isComparing
        ? index == state.lanes.focused : state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard points.dimension == 8 else { return }
    let tile = MoleculeTile(theme: theme)
    for place in 0..<shown {
      let cells = wall.tile(place)
      let molecule = Molecule(points, place)
      tile.draw(molecule, into: &screen, in: cells)
      let energy = molecule.energy
      let text = energy.isFinite && abs(energy) < 9999 ? NumberFormat.fixed(energy, 1) : "high"
      let isPicked = state.particles.picked == place
      screen.write(
        [theme.run(text, isPicked ? .accent : .label, bold: isPicked)],
        x: cells.x + (cells.width - text.count) / 2, y: cells.maxY, clip: rect.inset(by: 1))
    }
  }

  /// Where molecules stand: twelve columns and as many dots down, with a row for the energy and a gap between.
  struct Wall {
    let rect: Rect
    let columns, rows: Int
    private let width, height: Int

    init(_ rect: Rect) {
      self.rect = rect.inset(by: 1)
      // Rows are twice as high as columns are wide: six of them for twelve columns.
      let isSmall = self.rect.height < 21
      (width, height) = isSmall ? (10, 5) : (12, 6)
      columns = max(0, (self.rect.width - 1) / (width + 1))
      rows = max(0, self.rect.height / (height + 1))
    }

    /// The cells of a molecule; its energy stands below them.
    func tile(_ index: Int) -> Rect {
      let gap = columns > 0 ? max(1, (rect.width - columns * width) / (columns + 1)) : 1
      let margin = (rect.width - columns * (width + gap) + gap) / 2
      let spare = rows > 0 ? (rect.height - rows * (height + 1)) / 2 : 0
      return Rect(
        x: rect.x + margin + index % max(1, columns) * (width + gap),
        y: rect.y + spare + index / max(1, columns) * (height + 1), width: width, height: height)
    }

    /// The molecule at a cell; nil where there is none.
    func index(x: Int, y: Int) -> Int? {
      (0..<columns * rows).first {
        let cells = tile($0)
        return x >= cells.x && x < cells.maxX && y >= cells.y && y <= cells.maxY
      }
    }
  }

  private func count(_ shown: Int, of count: Int) -> [Run] {
    [
      theme.run(NumberFormat.grouped(shown), .value),
      theme.run(" of \(NumberFormat.grouped(count))", .label),
    ]
  }

  /// What lines and colours mean, by example.
  private func legend(_ rect: Rect) -> [Run] {
    let line = theme.glyphs == .ascii ? "-" : "━"
    let dots = theme.glyphs == .ascii ? ".." : "┄"
    guard rect.width >= 50 else { return [] }
    var runs = [
      theme.run("short ", .label), theme.run(line, .value), theme.run("  long ", .label),
      theme.run(dots, .hint), theme.run("  strained ", .label), theme.run(line, .bad),
    ]
    if rect.width >= 80 {
      runs += [theme.run("   colour: ", .label), theme.run("energy", .value)]
    }
    return runs
  }

  private func heading(_ state: AppState, _ index: Int) -> [Run] {
    let bullet = String(Character(theme.glyphs.bullet))
    return [
      theme.run(bullet + " ", .lane(index)),
      theme.run(state.name(ofLane: index), .lane(index), bold: true),
      theme.run(" " + state.lanes.all[index].settings.detail, .label),
    ]
  }

  /// The mean energy of a lane's molecules.
  private func energy(_ points: Batch) -> [Run] {
    guard points.dimension == 8, points.count > 0 else { return [] }
    let energies = DoubleWells.energies(points)
    let mean = energies.reduce(0, +) / Double(energies.count)
    guard mean.isFinite, abs(mean) < 1e6 else { return [] }
    return [
      theme.run("E ", .label), theme.run(NumberFormat.fixed(mean, 2), .value, bold: true),
    ]
  }
}
