import FlowMatching
import TerminalCanvas

/// The list of data sets: all of them with a picture of each, where one would else go through them blindly.
extension AppState {
  /// The data sets that can be shown, in the order of the catalogue.
  static let listedDatasets = DatasetCatalog.all.filter {
    Experiment(to: $0).viewerComplaint == nil
  }

  /// Opens the list at the data set `offset` places after the present one.
  mutating func openDatasets(by offset: Int) {
    choose(AppState.listedDatasets.map(\.name).moved(from: dataset.name, by: offset))
  }

  /// Puts the mark of the list on a data set.
  private mutating func choose(_ name: String) {
    guard let chosen = AppState.listedDatasets.first(where: { $0.name == name }) else { return }
    var changed = experiment
    changed.choose(chosen)
    dialogue.overlay = .datasets(
      Question(changed, "data set → \(Parameter.dataset.title(of: name))"))
    revision += 1
  }

  /// Moves the mark by places of the catalogue, no further than its ends.
  private mutating func move(_ question: Question, by places: Int) {
    let names = AppState.listedDatasets.map(\.name)
    let now = names.firstIndex(of: question.experiment.dataset) ?? 0
    choose(names[min(names.count - 1, max(0, now + places))])
  }

  /// What a key does while the list is open.
  mutating func chooseData(_ question: Question, _ key: Key) -> [Effect] {
    let grid = DatasetGrid(window.size)
    switch key {
    case .enter, .character("y"), .character("R"):
      return take(question)
    case .character("d"), .right: move(question, by: 1)
    case .character("D"), .left: move(question, by: -1)
    case .down: move(question, by: grid.columns)
    case .up: move(question, by: -grid.columns)
    case .pageDown: move(question, by: grid.columns * grid.rows)
    case .pageUp: move(question, by: -grid.columns * grid.rows)
    case .home: move(question, by: -AppState.listedDatasets.count)
    case .end: move(question, by: AppState.listedDatasets.count)
    case .escape:
      dialogue.overlay = nil
      revision += 1
    default:
      return KeyBindings.action(for: key) == .app(.quit) ? leave() : []
    }
    return []
  }

  /// A click marks a data set, and one on the marked one takes it.
  mutating func chooseData(_ question: Question, _ mouse: MouseEvent) -> [Effect] {
    let names = AppState.listedDatasets.map(\.name)
    let grid = DatasetGrid(window.size)
    let now = names.firstIndex(of: question.experiment.dataset) ?? 0
    switch mouse.action {
    case .wheelDown: move(question, by: grid.columns)
    case .wheelUp: move(question, by: -grid.columns)
    case .press:
      guard let place = grid.place(x: mouse.x, y: mouse.y, marked: now, of: names.count) else {
        break
      }
      if place == now { return take(question) }
      choose(names[place])
    default: break
    }
    return []
  }

  private mutating func take(_ question: Question) -> [Effect] {
    dialogue.overlay = nil
    revision += 1
    guard question.experiment.dataset != experiment.dataset else {
      say("data set", "is learned already, R starts anew")
      return []
    }
    return restartTraining(question)
  }
}

/// Where the tiles of the list lie on a screen: rows of them, scrolled so that the marked one is seen.
struct DatasetGrid {
  /// The cells of a tile, with the gap to the next.
  static let tile = Size(columns: 19, rows: 7)
  /// The rows of words below.
  static let foot = 4

  /// The whole list with its border.
  let box: Rect
  /// How many tiles stand side by side, and how many rows of them.
  let columns, rows: Int

  init(_ size: Size) {
    let tile = DatasetGrid.tile
    columns = max(1, min(8, (size.columns - 3) / tile.columns))
    let room = max(1, (size.rows - 2 - DatasetGrid.foot) / tile.rows)
    rows = min(room, (AppState.listedDatasets.count + columns - 1) / columns)
    box = size.bounds.centred(
      width: columns * tile.columns + 3, height: rows * tile.rows + DatasetGrid.foot + 2)
  }

  /// The row of tiles at the top, when a tile is marked.
  func first(marked: Int, of count: Int) -> Int {
    let all = (count + columns - 1) / columns
    return min(max(0, marked / columns - rows / 2), max(0, all - rows))
  }

  /// The tile of a number; nil where it is scrolled away.
  func rect(_ place: Int, marked: Int, of count: Int) -> Rect? {
    let row = place / columns - first(marked: marked, of: count)
    guard row >= 0, row < rows else { return nil }
    let tile = DatasetGrid.tile
    return Rect(
      x: box.x + 2 + place % columns * tile.columns, y: box.y + 1 + row * tile.rows,
      width: tile.columns - 1, height: tile.rows)
  }

  /// The number of the tile at a cell.
  func place(x: Int, y: Int, marked: Int, of count: Int) -> Int? {
    (0..<count).first { rect($0, marked: marked, of: count)?.contains(x, y) == true }
  }
}
