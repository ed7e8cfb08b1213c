import FlowMatching
import TerminalCanvas

/// The wall of pictures: what the decoder makes of samples at t, a column for each class.
struct PicturesPane: PlotPane, Pane {
  let theme: Theme

  func draw(_ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect) {
    draw(state, into: &screen, in: rect)
  }

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard let pictures = state.dataset.pictures else { return }
    let wall = Wall(rect, pictures, theme, groups: state.pictureLabels.count)
    Panel(
      title: state.dataset.name, heading: heading(state, rect),
      labels: labels(state, wall, rect), isFocused: state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    let t = state.focusedLane.t
    guard let shown = state.pictureWall, shown.knows(t), wall.columns > 0 else { return }
    let groups = shown.key.labels.count
    let pixels = (0..<groups).map { group in
      state.dataset.pixels(of: shown.latents(ofGroup: group, at: t))
    }
    for row in 0..<wall.rows {
      for column in 0..<wall.columns {
        let place = row * wall.columns + column
        let (group, sample) = (place % groups, place / groups)
        guard sample < PictureWall.perGroup, let pixels = pixels[group] else { continue }
        let (x, y) = wall.place(column, row)
        let hue = state.hue(ofClass: shown.key.labels[group])
        if row == 0 || wall.columns != groups {
          drawName(state, shown.key.labels[group], hue, wall, x, y - 1, &screen)
        }
        wall.tile.draw(
          pixels.point(sample), hue: hue, x: x, y: y, into: &screen, clip: wall.rect)
      }
    }
  }

  /// Where pictures stand: a row above each for names where classes do not fill one row.
  struct Wall {
    let rect: Rect
    let tile: PictureTile
    let columns, rows: Int
    private let pitch: Int

    init(_ rect: Rect, _ pictures: Pictures, _ theme: Theme, groups: Int) {
      let inner = rect.inset(by: 1)
      self.rect = inner
      tile = PictureTile(
        theme: theme, height: pictures.height, width: pictures.width,
        columns: max(1, inner.width), rows: max(1, inner.height - 1))
      let room = max(0, (inner.width + 1) / (tile.columns + 1))
      // As many as fill rows evenly, so that a class stays in its column.
      columns =
        room >= groups ? groups : (1...max(1, room)).last { groups % $0 == 0 } ?? max(1, room)
      rows = max(0, inner.height / (tile.rows + 1))
      pitch = min(tile.columns + 6, max(tile.columns + 1, inner.width / max(1, columns)))
    }

    /// The upper left cell of a picture.
    func place(_ column: Int, _ row: Int) -> (x: Int, y: Int) {
      let used = (columns - 1) * pitch + tile.columns
      let margin = max(0, (rect.width - used) / 2)
      return (rect.x + margin + column * pitch, rect.y + 1 + row * (tile.rows + 1))
    }

    /// The picture at a cell, its name included; nil where there is none.
    func index(x: Int, y: Int) -> Int? {
      for row in 0..<rows {
        for column in 0..<columns {
          let (left, top) = place(column, row)
          if (left..<left + tile.columns).contains(x), (top - 1..<top + tile.rows).contains(y) {
            return row * columns + column
          }
        }
      }
      return nil
    }
  }

  private func drawName(
    _ state: AppState, _ label: Int?, _ hue: Double?, _ wall: Wall, _ x: Int, _ y: Int,
    _ screen: inout Screen
  ) {
    guard let label, state.traits.classes.indices.contains(label) else { return }
    var style = theme.style(.value).bold
    if let hue, theme.depth != .mono { style.foreground = theme.wheel(hue) }
    let name = CellText.truncated(state.traits.classes[label], to: wall.tile.columns)
    let margin = (wall.tile.columns - CellText.columns(name)) / 2
    screen.write([Run(name, style)], x: x + max(0, margin), y: y, clip: wall.rect)
  }

  private func heading(_ state: AppState, _ rect: Rect) -> [Run] {
    guard rect.width >= 70 else { return [] }
    return [theme.run("decoded from the latent at t", .label)]
  }

  private func labels(_ state: AppState, _ wall: Wall, _ rect: Rect) -> [Run] {
    if let trouble = state.trouble(ofLane: state.lanes.focused) {
      return [theme.run(trouble, .bad)]
    }
    let asked = state.focusedLane.settings.guidance
    let weight = asked?.weight ?? 1
    guard let label = asked?.label, state.traits.classes.indices.contains(label) else {
      let what = state.traits.classes.isEmpty ? "all data" : "colour: class asked for"
      return (rect.width >= 60 ? [theme.run(what + "   ", .label)] : [])
        + [theme.run("w ", .label), theme.run(weight.shortText, .value, bold: true)]
    }
    return [
      theme.run("only ", .label), theme.run(state.traits.classes[label], .value, bold: true),
      theme.run("   w ", .label), theme.run(weight.shortText, .value, bold: true),
    ]
  }
}

/// One picture at each tick of time, of the class that is asked for, or of one in the middle.
struct PictureFilm {
  let theme: Theme

  func draw(_ state: AppState, centres: [Int], into screen: inout Screen, in rect: Rect) {
    guard let pictures = state.dataset.pictures, let wall = state.pictureWall, wall.isOver else {
      return
    }
    let tile = PictureTile(
      theme: theme, height: pictures.height, width: pictures.width, columns: FilmStrip.columns,
      rows: rect.height)
    let group = min(3, wall.key.labels.count - 1)
    for (time, centre) in zip(state.filmTimes, centres) {
      guard let pixels = state.dataset.pixels(of: wall.latents(ofGroup: group, at: time)) else {
        continue
      }
      tile.draw(
        pixels.point(0), hue: state.hue(ofClass: wall.key.labels[group]),
        fade: time > state.playback.clock.t + 1e-9 ? 0.58 : 0, x: centre - tile.columns / 2,
        y: rect.y + (rect.height - tile.rows) / 2, into: &screen, clip: rect)
    }
  }
}
