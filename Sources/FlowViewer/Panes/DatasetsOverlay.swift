import FlowMatching
import TerminalCanvas

/// The list of data sets: a tile each, the marked one's definition below, and what choosing it does.
struct DatasetsOverlay {
  let theme: Theme

  func draw(
    _ question: Question, _ state: AppState, thumbnails: inout [String: Thumbnail],
    scatter: inout ScatterDensity, into screen: inout Screen
  ) {
    let grid = DatasetGrid(screen.size)
    let all = AppState.listedDatasets
    let marked = all.firstIndex { $0.name == question.experiment.dataset } ?? 0
    screen.fade(towards: theme.backgroundColor, outside: grid.box)
    screen.fill(grid.box, style: theme.style(.panel))
    let inner = Panel(
      title: "data sets", labels: [theme.run("\(marked + 1) of \(all.count)", .value)],
      isFocused: true, border: .axis
    ).draw(into: &screen, in: grid.box, theme: theme)
    screen.paintBackground(grid.box, theme.paint(.panel))
    for (place, dataset) in all.enumerated() {
      guard let rect = grid.rect(place, marked: marked, of: all.count) else { continue }
      let thumbnail = thumbnails[dataset.name] ?? Thumbnail(dataset)
      thumbnails[dataset.name] = thumbnail
      draw(
        dataset, thumbnail, isMarked: place == marked,
        isLearned: dataset.name == state.dataset.name,
        scatter: &scatter, into: &screen, in: rect)
    }
    drawFoot(
      all[marked], isLearned: all[marked].name == state.dataset.name, into: &screen,
      in: inner.split(bottom: DatasetGrid.foot).first)
  }

  private func draw(
    _ dataset: Dataset, _ thumbnail: Thumbnail, isMarked: Bool, isLearned: Bool,
    scatter: inout ScatterDensity, into screen: inout Screen, in tile: Rect
  ) {
    let (words, picture) = tile.split(bottom: 2)
    if isMarked {
      let row = Rect(x: words.x - 1, y: words.y, width: words.width + 1, height: 1)
      screen.fill(row, style: theme.style(.selectedRow))
      screen.set(row.x, row.y, theme.glyphs.selection, style: theme.style(.accent))
    }
    let room = words.width - (isLearned ? 2 : 0)
    var line = [
      theme.run(
        CellText.truncated(dataset.name, to: room), isMarked ? .value : .label, bold: isMarked)
    ]
    if isLearned { line.append(theme.run(" ●", .good)) }
    screen.write(line, x: words.x, y: words.y, clip: words)
    drawPicture(thumbnail, scatter: &scatter, into: &screen, in: picture)
  }

  private func drawPicture(
    _ thumbnail: Thumbnail, scatter: inout ScatterDensity, into screen: inout Screen,
    in rect: Rect
  ) {
    switch thumbnail {
    case .points(let points):
      let window = Thumbnail.window(points)
      let axes = PlotAxes(rect: rect, x: window.x, y: window.y, alignsTicks: false)
      let n = points.count
      scatter.bin(x: points.values[0..<n], y: points.values[n..<2 * n], axes: axes)
      let look = ScatterLook(maximum: scatter.peak(), glows: false)
      scatter.draw(into: &screen, axes: axes, theme: theme, look: look)
    case .words(let words):
      for (row, word) in words.prefix(rect.height).enumerated() {
        screen.write([theme.run(word, .value)], x: rect.x + 2, y: rect.y + row, clip: rect)
      }
    case .pictures(let pictures):
      let tile = PictureTile(
        theme: theme, height: pictures.height, width: pictures.width, columns: 8,
        rows: rect.height)
      for k in 0..<max(1, rect.width / (tile.columns + 1)) where k < pictures.count {
        let pixels = (0..<pictures.pixels.dimension).map { pictures.pixels[$0, k] }
        tile.draw(
          pixels, hue: nil, x: rect.x + k * (tile.columns + 1), y: rect.y, into: &screen,
          clip: rect)
      }
    case .molecules(let molecules):
      for j in 0..<molecules.count {
        let half = rect.width / molecules.count
        MoleculeTile(theme: theme).draw(
          Molecule(molecules, j), into: &screen,
          in: Rect(x: rect.x + j * half, y: rect.y, width: half, height: rect.height))
      }
    }
  }

  private func drawFoot(
    _ dataset: Dataset, isLearned: Bool, into screen: inout Screen, in rect: Rect
  ) {
    var lines = [[theme.run(dataset.title, .value, bold: true)]]
    lines += Paragraph.lines(dataset.summary, width: rect.width - 4).prefix(2)
      .map { [theme.run($0, .label)] }
    while lines.count < DatasetGrid.foot - 1 { lines.append([]) }
    lines.append(keys(isLearned: isLearned, width: rect.width - 4))
    for (row, line) in lines.enumerated() {
      screen.write(line, x: rect.x + 2, y: rect.y + row, clip: rect)
    }
  }

  private func keys(isLearned: Bool, width: Int) -> [Run] {
    let choose = [theme.run("← → ↑ ↓", .key), theme.run(" choose   ", .hint)]
    let take =
      isLearned
      ? [theme.run("●", .good), theme.run(" is learned now   ", .hint)]
      : [
        theme.run("Enter", .key), theme.run(" trains anew on it, the weights go   ", .hint),
      ]
    let close = [theme.run("Esc", .key), theme.run(" close", .hint)]
    let all = choose + take + close
    if all.columns <= width { return all }
    return take.columns + close.columns <= width ? take + close : close
  }
}
