import TerminalCanvas

extension AppState {
  /// A key while the palette is open.
  mutating func searchCommands(_ palette: Palette, _ key: Key) -> [Effect] {
    var palette = palette
    let hits = Palette.hits(palette.query, self)
    revision += 1
    func move(_ step: Int) {
      guard !hits.isEmpty else { return }
      palette.selection = ((palette.selection + step) % hits.count + hits.count) % hits.count
    }
    switch key {
    case .escape, .control("p"):
      dialogue.overlay = nil
      return []
    case .enter:
      guard hits.indices.contains(palette.selection) else { return [] }
      dialogue.overlay = nil
      return perform(hits[palette.selection].command)
    case .up, .backTab: move(-1)
    case .down: move(1)
    case .pageUp: palette.selection = max(0, palette.selection - 8)
    case .pageDown: palette.selection = max(0, min(hits.count - 1, palette.selection + 8))
    case .home: palette.selection = 0
    case .end: palette.selection = max(0, hits.count - 1)
    case .tab:
      // To the first command of another group.
      let group =
        hits.indices.contains(palette.selection) ? hits[palette.selection].command.group : ""
      let next = hits.indices.first { $0 > palette.selection && hits[$0].command.group != group }
      palette.selection = next ?? 0
    default:
      // The name of a file may be long.
      let limit = Command.namesFile(palette.query) ? 400 : 40
      if let query = TypedLine.edited(palette.query, by: key, limit: limit) {
        palette = Palette(query: query)
      }
    }
    dialogue.overlay = .palette(palette)
    return []
  }

  private mutating func perform(_ command: Command) -> [Effect] {
    switch command.deed {
    case .change(let change):
      change(&self)
      let parts = command.title.split(separator: ":", maxSplits: 1)
      say(parts[0].lowercased(), parts.last.map { $0.trimmingPrefix(" ") }.map(String.init) ?? "")
      return []
    case .action(let action):
      return perform(action)
    case .set(let parameter, let choice):
      do { return try set(parameter, to: choice) } catch {
        say(parameter.title, error.reason)
        return []
      }
    case .prompt(let text):
      dialogue.overlay = .palette(Palette(query: text))
      return []
    case .read(let request):
      return read(request)
    case .explain(let entry):
      explain(entry)
      return []
    case .reflow:
      say("reflow", "the pairs of this flow are drawn")
      return [.trainer(.reflow(at: training.report.step))]
    case .preset(let preset):
      dialogue.tour = nil
      return begin(preset)
    case .chapter(let chapter):
      return beginTour(chapter)
    }
  }
}
