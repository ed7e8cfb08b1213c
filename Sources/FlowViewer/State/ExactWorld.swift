import FlowMatching
import TerminalCanvas

/// A target whose components a person takes hold of: what is known of it exactly follows at once, and nothing
/// is trained.
public struct ExactWorld: Sendable {
  /// What it was made of: of anything else it begins anew.
  struct Origin: Sendable, Hashable {
    let generation: Int
    let experiment: Experiment
    let dataset: String
  }

  /// A place that was asked about, and when.
  public struct Drop: Sendable, Hashable {
    public let t, x, y: Double
  }

  let origin: Origin
  /// The components as they stand.
  public private(set) var parts: [MixturePart]
  /// Whether they are single points, equally likely and without width.
  public let isOfPoints: Bool
  /// What there was to take, in words: "8 components", "24 points of moons".
  let words: String
  /// The spread along a coordinate at the beginning: keys move by shares of it.
  public let scale: Double
  /// The component that keys act on; as many as there are components for the cursor.
  public private(set) var chosen = 0
  /// Where the cursor stands, from which particles are dropped and where components appear.
  public private(set) var cursor: [Double]
  /// The components before each change, the last one last.
  private var before: [[MixturePart]] = []
  /// Counts changes of the components: whatever was measured is of one of them.
  public private(set) var version = 0
  /// The places that are asked about, and how often they changed.
  public private(set) var drops: [Drop] = []
  private(set) var dropCount = 0
  /// The component that the pointer holds, and how far from its middle.
  var held: (part: Int, dx: Double, dy: Double, hasMoved: Bool)?
  /// Whether the field is drawn as arrows.
  var showsArrows = true
  /// Whether training runs on when the view is left.
  var resumesTraining = false
  /// What is computed of it.
  var flow: WorldFlow?
  var figures = WorldFigures()
  var ways: WorldWays?

  /// The most components, changes that can be undone, and places that are asked about.
  static let (most, mostUndone, mostDrops) = (200, 500, 8)

  init(_ origin: Origin, parts: [MixturePart], isOfPoints: Bool, words: String, scale: Double) {
    self.origin = origin
    self.parts = parts
    self.isOfPoints = isOfPoints
    self.words = words
    self.scale = scale
    cursor = parts[0].mean
  }

  /// Whether keys act on the cursor.
  public var isAtCursor: Bool { chosen >= parts.count }

  /// Whether there is a change to undo.
  var canUndo: Bool { !before.isEmpty }

  /// What particles flow to.
  var dataset: Dataset {
    if isOfPoints {
      return Dataset(name: "exact world", points: Batch(points: parts.map(\.mean)))
    }
    return Dataset(
      name: "exact world", title: "exact world", summary: words, mixture: GaussianMixture(parts),
      entropyFloor: nil)
  }

  /// The same as a mixture, of single points where it is of such.
  var mixture: GaussianMixture {
    isOfPoints
      ? GaussianMixture(atoms: Batch(points: parts.map(\.mean))) : GaussianMixture(parts)
  }

  /// The share of a component in all.
  func share(_ index: Int) -> Double {
    parts[index].weight / parts.reduce(0) { $0 + $1.weight }
  }
}

/// What a person does with it; each says why it cannot be done, or nil.
extension ExactWorld {
  mutating func choose(by offset: Int) {
    let count = parts.count + 1
    chosen = ((chosen + offset) % count + count) % count
  }

  mutating func choose(_ part: Int) { chosen = part }

  /// Moves what is chosen by shares of the scale.
  mutating func move(x: Double, y: Double) {
    if isAtCursor {
      cursor = [cursor[0] + x * scale, cursor[1] + y * scale]
    } else {
      change { [chosen, scale] parts in
        parts[chosen].mean[0] += x * scale
        parts[chosen].mean[1] += y * scale
      }
    }
  }

  /// Puts a component under the pointer; all of one drag is one change.
  mutating func drag(toX x: Double, y: Double) {
    guard var hold = held, parts.indices.contains(hold.part) else { return }
    let mean = [x + hold.dx, y + hold.dy]
    guard mean != parts[hold.part].mean else { return }
    if hold.hasMoved {
      parts[hold.part].mean = mean
      version += 1
    } else {
      change { $0[hold.part].mean = mean }
    }
    hold.hasMoved = true
    held = hold
  }

  mutating func widen(by factor: Double) -> String? {
    if isAtCursor { return "Tab chooses a component first" }
    if isOfPoints { return "single points have no width" }
    let width = parts[chosen].deviation * factor
    guard width > 1e-6 * scale, width < 1e3 * scale else { return "no further" }
    change { [chosen] in $0[chosen].widen(by: factor) }
    return nil
  }

  mutating func weigh(by factor: Double) -> String? {
    if isAtCursor { return "Tab chooses a component first" }
    if isOfPoints { return "single points are equally likely" }
    let share = parts[chosen].weight * factor / parts.reduce(0) { $0 + $1.weight }
    guard share > 1e-4, share < 1e4 else { return "no further" }
    change { [chosen] in $0[chosen].weight *= factor }
    return nil
  }

  /// A component like the chosen one, beside it or at the cursor.
  mutating func add() -> String? {
    guard parts.count < ExactWorld.most else { return "\(parts.count) are the most" }
    var part = parts[min(chosen, parts.count - 1)]
    if isAtCursor {
      part.mean = cursor
    } else {
      part.mean[0] += 0.5 * scale
      part.mean[1] += 0.5 * scale
    }
    change { $0.append(part) }
    chosen = parts.count - 1
    return nil
  }

  mutating func remove() -> String? {
    if isAtCursor { return "Tab chooses a component first" }
    if parts.count == 1 { return "the last one stays: noise has to flow somewhere" }
    change { [chosen] in $0.remove(at: chosen) }
    chosen = min(chosen, parts.count - 1)
    return nil
  }

  mutating func undo() -> String? {
    guard let last = before.popLast() else { return "nothing was changed" }
    let wasCursor = isAtCursor
    parts = last
    chosen = wasCursor ? parts.count : min(chosen, parts.count - 1)
    version += 1
    return nil
  }

  mutating func drop(_ drop: Drop) {
    drops.append(drop)
    if drops.count > ExactWorld.mostDrops { drops.removeFirst() }
    dropCount += 1
  }

  mutating func clearDrops() {
    drops = []
    dropCount += 1
  }

  private mutating func change(_ change: (inout [MixturePart]) -> Void) {
    before.append(parts)
    if before.count > ExactWorld.mostUndone { before.removeFirst() }
    change(&parts)
    version += 1
  }
}
