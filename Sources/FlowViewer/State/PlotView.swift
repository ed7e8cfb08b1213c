import FlowMatching

/// What the main plot shows.
public enum PlotView: String, Codable, Sendable, CaseIterable {
  /// The particles at t.
  case particles
  /// The learned velocity at t as arrows, its error or divergence as colour.
  case field
  /// The model's log-density at t.
  case density
  /// A grid of the source, carried along.
  case warp
  /// One coordinate of the particles over t.
  case paths
  /// Pairs of source and data, as drawn and as optimal transport matches them.
  case coupling
  /// One step of training, slowly.
  case step
  /// A target whose components are dragged, and all that is known of it exactly.
  case world = "exact world"
  /// The identities of the theory, tried on what is trained.
  case theory
  /// Where a flow map misses the flow.
  case residual
  /// How the target of the objective scatters.
  case noise
  /// Words on a wall, each by its letters.
  case words
  /// Two letters as a place on a board.
  case board
  /// Pictures on a wall, decoded from their latents.
  case pictures
  /// Four particles as a molecule, many on a wall.
  case molecules

  /// Those of points, what there is besides of a flow map, and those of words so long.
  static let ofPoints = allCases.filter {
    ![.words, .board, .pictures, .molecules].contains($0) && !ofMaps.contains($0)
  }
  static let ofMaps: [PlotView] = [.residual, .noise]
  static func ofWords(length: Int) -> [PlotView] { length == 2 ? [.words, .board] : [.words] }

  private static let worldSummary = """
    Nothing is trained: drag the components of the target, or move them by Tab and the arrows, and the exact \
    velocity, the particles and the numbers follow. A click on empty ground drops a particle, whose whole way \
    is drawn.
    """

  /// One paragraph on how to read it.
  var summary: String {
    switch self {
    case .particles:
      """
      The particles at t. Shape is where they are, colour how many; the grey region holds 95 % of \
      the target.
      """
    case .field:
      """
      The learned velocity at t as arrows; colour is its distance from the exact field, its \
      divergence or its speed.
      """
    case .density:
      "The model's log-density at t by a solve back to the noise with the exact divergence."
    case .warp:
      "A grid of the noise carried along; orange strokes are stretched, blue ones squeezed."
    case .paths: "One coordinate of some particles over t, from noise to data."
    case .theory:
      """
      The identities of flow matching, tried on the exact field and on the learned one: the numbers \
      say how far the two sides are apart. A control is false, and is to fail.
      """
    case .residual:
      """
      Where one jump ends elsewhere than the exact flow, over where it starts; o turns to the three \
      equations of a flow map, from t to 1.
      """
    case .noise:
      """
      The covariance of what the network is drawn to, at places of p_t: large ellipses are where single \
      losses scatter, and the mean of their squares is the least loss there.
      """
    case .words:
      """
      Words at t: letters that are still open are dots, those that jumped just now are lit, words of \
      the list green, others red with ×.
      """
    case .board:
      "Two letters as a place on a board: how many sequences are there, and the jumps of this step."
    case .pictures:
      """
      What the decoder makes of samples at t, a column for each class; click one to ask for its class alone, \
      and ( ) turn guidance.
      """
    case .molecules:
      """
      Four particles each, coloured by their energy: a white line is a pair in the near well, a dotted \
      one in the far well, a red one is strained. The histograms beside them are of fresh molecules, with the \
      weights exp(−E)/p that repair them.
      """
    case .step:
      """
      One step of training in five pictures, of a copy of the weights: . goes on and , back. Pairs, points \
      between them, the velocities wanted there, those that the network says, and what the gradient changes.
      """
    case .world: PlotView.worldSummary
    case .coupling:
      "A minibatch's pairs, as drawn and matched; with the coupling semidiscrete its cells at the left."
    }
  }

  /// Whether points of other than two coordinates have it: dots and lines of them, seen along two axes.
  var suitsAxes: Bool { [.particles, .paths, .pictures, .molecules].contains(self) }

  /// Whether it is of the plane alone: a grid of it, or identities that are tried on its fields.
  var needsPlane: Bool { [.warp, .step, .world, .theory, .residual, .noise].contains(self) }

  /// What stands beside a single plot of this view.
  var side: SidePanes {
    switch self {
    case .particles, .warp, .coupling, .step, .theory, .residual, .noise: .training
    case .field: .field
    case .world: .world
    case .density: .density
    case .paths: .paths
    case .words, .board: .words
    case .pictures: .pictures
    case .molecules: .molecules
    }
  }
}

/// What the colour of the field view means.
public enum FieldHeat: String, Codable, Sendable, CaseIterable {
  /// The distance of the learned velocity from the exact one.
  case error = "|v−u*|"
  /// The divergence ∇·v: where the flow spreads or gathers.
  case divergence = "div v"
  /// The length of the arrows, |v| where they are velocities.
  case speed = "|v|"
  /// The exact log-density, of which the score is the gradient.
  case logDensity = "log p_t"
}

/// What the arrows of the field view show.
public enum FieldArrows: String, Codable, Sendable, CaseIterable {
  case velocity = "velocity v"
  /// The score that the velocity implies.
  case score = "score ∇log p_t"
  /// What carries particles beside climbing to where they are dense.
  case difference = "difference v − ∇log p_t"

  /// One sign for it.
  var symbol: String {
    switch self {
    case .velocity: "v"
    case .score: "s = ∇log p_t"
    case .difference: "v − s"
    }
  }

  /// The name of its length.
  var length: String {
    switch self {
    case .velocity: "|v|"
    case .score: "|s|"
    case .difference: "|v−s|"
    }
  }

  /// One sentence about it.
  var summary: String {
    switch self {
    case .velocity: "The arrows of the field view are the velocity: where a particle goes now."
    case .score:
      """
      The arrows are the score, the gradient of log p_t, made of the velocity: they climb to where \
      particles are dense, and are long where there are few.
      """
    case .difference: "The arrows are the velocity without the score."
    }
  }
}

/// What the particles' colour means in a single lane.
public enum Colouring: String, Codable, Sendable, CaseIterable {
  case density = "particles per cell"
  case angle = "angle of x₀"
  case speed = "speed"
  case logDensity = "log p"
}

/// What the particles' plot holds.
public enum Content: String, Codable, Sendable, CaseIterable {
  case both = "particles and target"
  case particles = "particles alone"
  case target = "target alone"
}

/// What is drawn at all: what a person can change and come back to.
public struct Scenery: Codable, Sendable, Hashable {
  public internal(set) var view = PlotView.particles
  public internal(set) var heat = FieldHeat.error
  /// What its arrows show; nil in older files, as velocity.
  var shownArrows: FieldArrows?
  public internal(set) var colouring = Colouring.density
  public internal(set) var content = Content.both
  /// Whether particles leave trails.
  public internal(set) var trails = false
  /// The coordinate of the paths view.
  public internal(set) var coordinate = 0
  /// Whether each particle of a lane is joined with its place in the next.
  public internal(set) var joins = false
  /// Which distance is charted; nil in older files, as W₂.
  var shownDistance: SampleDistance?
  /// Pairs in the minibatch of the coupling view.
  public internal(set) var pairs = 32
  /// What the residual view shows; nil in older files, as the end.
  var shownResidual: MapResidual?
  /// Whether the density view shows Hutchinson's estimate; nil in older files, as not.
  var showsEstimate: Bool?
  /// The two coordinates along which points beyond the plane are seen, from 0 on; nil as their principal axes.
  var shownAxes: [Int]?

  /// Whether the excess has its chart beside the loss on every screen; nil in older files, as not.
  var chartsExcess: Bool?

  public init() {}

  /// What the arrows of the field view show.
  public internal(set) var arrows: FieldArrows {
    get { shownArrows ?? .velocity }
    set { shownArrows = newValue == .velocity ? nil : newValue }
  }

  /// What the residual view shows.
  public internal(set) var residual: MapResidual {
    get { shownResidual ?? .end }
    set { shownResidual = newValue == .end ? nil : newValue }
  }

  /// The distance of the pane of distances.
  public internal(set) var distance: SampleDistance {
    get { shownDistance ?? .w2 }
    set { shownDistance = newValue == .w2 ? nil : newValue }
  }
}

extension Array where Element: Equatable {
  /// The element so many places after another one, round and round.
  func moved(from element: Element, by offset: Int) -> Element {
    let index = firstIndex(of: element) ?? 0
    return self[((index + offset) % count + count) % count]
  }
}
