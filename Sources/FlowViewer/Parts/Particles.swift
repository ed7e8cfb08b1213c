import FlowMatching
import TerminalCanvas

/// What is carried: the noise on show, and the particles that a person has picked or tagged.
public struct Particles: Sendable {
  public private(set) var noiseIndex = 0
  public private(set) var noise: Batch
  /// The noise that the particles on show came from; the new one's are still being solved.
  private(set) var shownNoise: Batch
  /// The number that a person chose; nil follows the size of the screen.
  private(set) var chosenCount: Int?
  /// The particle that is followed, counted in the noise.
  public private(set) var picked: Int?
  /// The group of particles that keeps its colour, counted in the noise, ascending.
  public private(set) var tagged: [Int] = []
  private(set) var inspection: Inspection?
  private(set) var shownInspection: Inspection?

  /// What can happen to them.
  enum Change {
    /// A number that a person chose.
    case choose(Int)
    /// The next noise, which is still to be drawn.
    case next
    /// A noise of that number, which is still to be drawn.
    case number(Int)
    /// Draws so many points of a source.
    case draw(count: Int, from: any Distribution, Random)
    /// What is on show came from the noise as it is now.
    case show
    /// Follows a particle, counted round and round, or none.
    case follow(Int?)
    /// Tags a group near to the followed particle where they are now, by a curved space's distances or
    /// the plane's, or lets it go.
    case tag(Batch, on: (any Space)? = nil)
    /// Picks and tags again, of the noise as it is now.
    case restore(picked: Int?, tagged: [Int])
  }

  /// The first noise.
  init(_ noise: Batch, chosenCount: Int?) {
    self.noise = noise
    shownNoise = noise
    self.chosenCount = chosenCount
  }

  /// Applies a change, and says what it became.
  @discardableResult
  mutating func update(_ change: Change) -> Saying? {
    switch change {
    case .choose(let count):
      let range = AppState.possibleParticles
      let count = min(range.upperBound, max(range.lowerBound, count))
      chosenCount = count
      return Saying("particles", NumberFormat.grouped(count))
    case .next:
      noiseIndex += 1
      return Saying("noise", "number \(noiseIndex + 1)")
    case .number(let index): noiseIndex = min(1_000_000, max(0, index))
    case .draw(let count, let source, let random):
      let before = noise
      noise = Particles.noise(index: noiseIndex, count: count, from: source, random: random)
      // The same number would be another particle.
      if noise != before { tagged = [] }
    case .show: shownNoise = noise
    case .follow(let index):
      picked = index.map { ($0 % noise.count + noise.count) % noise.count }
      return Saying("particle", picked.map { NumberFormat.grouped($0 + 1) } ?? "none")
    case .tag(let positions, let space):
      let group = tagged.isEmpty ? group(at: positions, on: space) : nil
      tagged = group?.particles ?? []
      return Saying("group", group?.name ?? "none")
    case .restore(let picked, let tagged):
      self.picked = picked.map { min(noise.count - 1, max(0, $0)) }
      self.tagged = Set(tagged.filter { (0..<noise.count).contains($0) }).sorted()
    }
    return nil
  }

  /// The `index`-th noise of a seed, `count` points of the source.
  static func noise(
    index: Int, count: Int, from source: any Distribution, random: Random
  ) -> Batch {
    var stream = random.stream("particles \(index)")
    return source.sample(count: count, using: &stream)
  }

  /// Works on the way of one particle, or drops it without a key; true when a way is complete.
  mutating func advance(
    _ key: Inspection.Key?, _ fields: LaneFields, budget: inout Int
  ) -> Bool {
    guard let key else {
      inspection = nil
      shownInspection = nil
      return false
    }
    if shownInspection?.key != key, inspection?.key != key {
      inspection = Inspection(key, fields, start: noise.point(key.index))
    }
    guard budget > 0, var running = inspection, !running.isOver else { return false }
    running.advance(fields.flow(key.settings), budget: &budget)
    inspection = running
    if running.isOver { shownInspection = running }
    return running.isOver
  }
}

extension AppState {
  /// Changes the particles, and says what they say.
  mutating func change(_ change: Particles.Change) {
    if let saying = particles.update(change) { say(saying) }
    revision += 1
  }
}
