import TerminalCanvas

/// What the mouse does: it scrubs, turns the keys, picks, magnifies and moves.
extension AppState {
  mutating func point(_ mouse: MouseEvent) -> [Effect] {
    let layout = self.layout
    if case .drawing(let drawing) = dialogue.overlay {
      draw(drawing, mouse)
      return []
    }
    if case .datasets(let question) = dialogue.overlay { return chooseData(question, mouse) }
    guard dialogue.overlay == nil, !layout.isTooSmall else { return [] }
    switch mouse.action {
    case .press:
      return press(mouse, layout)
    case .drag:
      move(mouse, layout)
      return []
    case .release:
      defer { window.update(.release) }
      let wasClick = window.drag.map { !$0.hasMoved && !$0.isOnLine && !$0.isOnSplit } ?? false
      if letGoOfWorld(column: mouse.x, row: mouse.y, wasClick: wasClick) { return [] }
      guard let drag = window.drag, !drag.hasMoved, !drag.isOnLine, !drag.isOnSplit else {
        return []
      }
      return click(x: mouse.x, y: mouse.y, layout)
    case .wheelUp, .wheelDown:
      guard let lane = layout.lanes.firstIndex(where: { $0.contains(mouse.x, mouse.y) }) else {
        return []
      }
      if lane != lanes.focused { _ = perform(.lanes(.focus(lane - lanes.focused))) }
      zoom(by: mouse.action == .wheelUp ? 1.25 : 0.8, at: (mouse.x, mouse.y))
      return []
    case .move:
      return []
    }
  }

  private mutating func press(_ mouse: MouseEvent, _ layout: ScreenLayout) -> [Effect] {
    let line = TimePane.line(in: layout, lanes: lanes.all.count)
    let isOnLine = line.contains(mouse.x, mouse.y)
    let isOnSplit =
      !isOnLine && mouse.y > 0 && mouse.y < layout.time.y
      && layout.splitColumn.map { mouse.x == $0 || mouse.x == $0 - 1 } ?? false
    window.update(
      .press(Window.Drag(x: mouse.x, y: mouse.y, isOnLine: isOnLine, isOnSplit: isOnSplit)))
    if !isOnLine, !isOnSplit { _ = grab(column: mouse.x, row: mouse.y) }
    return isOnLine ? perform(.time(.jump(TimeLine.time(at: mouse.x, in: line)))) : []
  }

  private mutating func move(_ mouse: MouseEvent, _ layout: ScreenLayout) {
    guard let held = window.drag else { return }
    if held.isOnLine {
      let line = TimePane.line(in: layout, lanes: lanes.all.count)
      _ = perform(.time(.jump(TimeLine.time(at: mouse.x, in: line))))
    } else if carryHeld(column: mouse.x, row: mouse.y) {
      // It is under the pointer now.
    } else if held.isOnSplit {
      change(Window.Change.split(column: mouse.x))
    } else if let rect = layout.rect(of: .observation), rect.contains(held.x, held.y) {
      observe(column: mouse.x, row: mouse.y, in: rect)
    } else if layout.lanes.indices.contains(lanes.focused),
      layout.lanes[lanes.focused].contains(held.x, held.y)
    {
      let inner = layout.lanes[lanes.focused].inset(by: 1)
      let share = (x: Double(held.x - mouse.x), y: Double(mouse.y - held.y))
      if turning != nil {
        turn(x: share.x, y: share.y, in: inner)
      } else {
        change(
          Window.Change.pan(
            x: share.x / Double(max(1, inner.width)), y: share.y / Double(max(1, inner.height)),
            lane: lanes.focused))
      }
    }
    window.update(.drag(x: mouse.x, y: mouse.y))
  }

  /// Turns a body as if the pointer held it and moved by so many cells.
  private mutating func turn(x: Double, y: Double, in inner: Rect) {
    let axes = self.axes(in: inner)
    turnByHand(
      around: 2 * x * axes.unitsPerDotX * 180 / .pi, lean: 4 * y * axes.unitsPerDotY * 180 / .pi)
  }

  /// A button that went down and up in one place.
  private mutating func click(x: Int, y: Int, _ layout: ScreenLayout) -> [Effect] {
    if let lane = layout.lanes.firstIndex(where: { $0.contains(x, y) }) {
      window.update(.focus(.plot))
      if lane != lanes.focused { return perform(.lanes(.focus(lane - lanes.focused))) }
      let inner = plotRect(layout.lanes[lane])
      if inner.contains(x, y) { choose(x: x, y: y, in: inner) } else { explainWord(at: x, y) }
      revision += 1
      return []
    }
    if let placed = layout.panes.first(where: { $0.rect.contains(x, y) }) {
      window.update(.focus(placed.pane))
      let isBorder = !placed.rect.inset(by: 1).contains(x, y)
      if !isBorder, placed.pane == .observation {
        observe(column: x, row: y, in: placed.rect)
      } else if !isBorder, [.loss, .excess, .distance].contains(placed.pane) {
        travel(x: x, in: placed.rect)
      } else {
        explainWord(at: x, y)
      }
      revision += 1
      return []
    }
    if layout.hints.contains(x, y),
      let action = HintsPane.action(self, in: layout.hints, x: x)
    {
      return perform(action)
    }
    explainWord(at: x, y)
    return []
  }

  /// What a click means in the plot itself.
  private mutating func choose(x: Int, y: Int, in inner: Rect) {
    if look.scenery.view == .words {
      let wall = WordsPane.Wall(
        layout.lanes[lanes.focused], WordSpelling(dataset, .braille))
      return follow(wall.index(x: x, y: y))
    }
    if look.scenery.view == .pictures { return askForPicture(x: x, y: y) }
    if look.scenery.view == .molecules {
      return follow(
        MoleculesPane.Wall(layout.lanes[lanes.focused]).index(x: x, y: y).flatMap {
          $0 < particleCount ? $0 : nil
        })
    }
    let axes = self.axes(in: inner)
    guard axes.rect.contains(x, y) else { return }
    if look.scenery.view == .density {
      let place = axes.world(column: x, row: y)
      probes.update(.cross(x: place.x, y: place.y))
    }
    if look.scenery.view == .particles, !isComparing { pick(x: x, y: y, axes: axes) }
  }
}
