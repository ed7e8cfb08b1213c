import FlowMatching
import TerminalCanvas

/// What keys and the pointer do in an exact world.
extension AppState {
  /// From elsewhere the world is shown first; where there is none, it is said why.
  mutating func perform(_ action: WorldAction) -> [Effect] {
    if !isInWorld {
      show(.world)
      prepareWorld()
    }
    guard isInWorld, var world = world.take() else { return [] }
    defer { self.world = world }
    var complaint: String?
    switch action {
    case .choose(let offset): world.choose(by: offset)
    case .move(let x, let y): world.move(x: x, y: y)
    case .widen(let factor): complaint = world.widen(by: factor)
    case .weigh(let factor): complaint = world.weigh(by: factor)
    case .add: complaint = world.add()
    case .remove: complaint = world.remove()
    case .undo: complaint = world.undo()
    case .drop:
      let place = world.isAtCursor ? world.cursor : world.parts[world.chosen].mean
      drop(x: place[0], y: place[1], in: &world)
    case .clear: world.clearDrops()
    case .arrows:
      world.showsArrows.toggle()
      say("arrows", world.showsArrows ? "on" : "off")
    case .save:
      return [.export(.world(SavedWorld(world)))]
    }
    if let complaint { say("exact world", complaint) }
    return []
  }

  /// The cell of a component's middle, for those who drag it from outside; nil where it is not seen.
  public func cell(ofComponent index: Int) -> (column: Int, row: Int)? {
    guard isInWorld, let world, world.parts.indices.contains(index) else { return nil }
    let mean = world.parts[index].mean
    return plotAxes?.cell(x: mean[0], y: mean[1])
  }

  /// The share of an exact world's particles that are of it as it stands; 0 where there is none.
  public var renewedShare: Double { world?.flow?.share ?? 0 }

  private mutating func drop(x: Double, y: Double, in world: inout ExactWorld) {
    // At the very end a place that is no data point belongs to no way.
    let t = min(playback.clock.t, world.isOfPoints ? 0.95 : 1)
    world.drop(ExactWorld.Drop(t: t, x: x, y: y))
    revision += 1
  }

  /// Takes hold of the component under the pointer; false where there is none.
  mutating func grab(column: Int, row: Int) -> Bool {
    guard isInWorld, let axes = plotAxes, axes.rect.contains(column, row), let world else {
      return false
    }
    // The nearest of those whose middle is within two columns and a row.
    let near = world.parts.indices.compactMap { index -> (part: Int, square: Double)? in
      let mean = world.parts[index].mean
      let dx = (axes.dotX(mean[0]) / 2).rounded(.down) - Double(column - axes.rect.x)
      let dy = (axes.dotY(mean[1]) / 4).rounded(.down) - Double(row - axes.rect.y)
      guard abs(dx) <= 2, abs(dy) <= 1 else { return nil }
      return (index, dx * dx + 4 * dy * dy)
    }
    guard let nearest = near.min(by: { $0.square < $1.square }) else { return false }
    let place = axes.world(column: column, row: row)
    let mean = world.parts[nearest.part].mean
    self.world?.choose(nearest.part)
    self.world?.held = (nearest.part, mean[0] - place.x, mean[1] - place.y, false)
    revision += 1
    return true
  }

  /// Moves what is held under the pointer; false where nothing is.
  mutating func carryHeld(column: Int, row: Int) -> Bool {
    guard isInWorld, world?.held != nil, let axes = plotAxes else { return false }
    let place = axes.world(column: column, row: row)
    world?.drag(toX: place.x, y: place.y)
    revision += 1
    return true
  }

  /// Lets go; a click beside every component drops a particle there. False where it means something else.
  mutating func letGoOfWorld(column: Int, row: Int, wasClick: Bool) -> Bool {
    guard isInWorld else { return false }
    if world?.held != nil {
      world?.held = nil
      return true
    }
    if wasClick, let axes = plotAxes, axes.rect.contains(column, row),
      var world = world.take()
    {
      let place = axes.world(column: column, row: row)
      drop(x: place.x, y: place.y, in: &world)
      self.world = world
      window.update(.focus(.plot))
      return true
    }
    return false
  }
}

/// An exact world as a file says it.
public struct SavedWorld: Sendable, Hashable {
  /// Its components.
  public let parts: [MixturePart]
  /// Whether they are single points.
  public let isOfPoints: Bool

  init(_ world: ExactWorld) {
    (parts, isOfPoints) = (world.parts, world.isOfPoints)
  }
}
