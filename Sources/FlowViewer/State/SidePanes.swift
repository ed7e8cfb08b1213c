/// The panes that can be turned to and expanded.
public enum PaneName: String, Codable, Sendable, CaseIterable {
  case plot, loss, excess, distance, run
  case fieldError = "field error"
  case schedule, amplification, likelihood
  case hutchinson = "Hutchinson"
  case point, particle, speed, conversions
  /// Where training looks and where steps go, on one axis of t.
  case steps = "over t"
  /// A curved space: the whole of it, the likelihood over training, and what arrives where data is.
  case whole
  case spaceLikelihood = "NLL"
  case support = "on target"
  /// Letters: the share of real words over evaluations and over t, and what the picked one may become.
  case realWords = "real words"
  case wordCourse = "words over t"
  /// How straight exact flows are in more and more dimensions.
  case dimensions = "straightness"
  case letters
  /// Molecules: their energies, their distances, and what weights make of them.
  case energies = "energy"
  case pairDistances = "distances"
  case moleculeVerdict = "weights"
  /// Posteriors: what was observed, and the exact one.
  case observation
  case exactPosterior = "exact posterior"
  case coverage
  /// Pictures: their latents by class, and what guidance does to them.
  case latent
  case guidance
  /// What is wrong with a network that is followed.
  case doctor
  /// A semidiscrete transport: its masses, its proof, and what batches pay.
  case masses = "masses of cells"
  case certificate = "dual certificate"
  case batchCost = "batch cost"
  /// An exact world: its numbers, its components, and what was dropped into it.
  case worldFigures = "in numbers"
  case worldParts = "components"
  case worldDrops = "dropped"
}

/// What belongs beside a plot: as many panes as the height allows, in order of importance.
public struct SidePanes: Sendable, Equatable {
  /// A pane with its rows, or with its weight in what the others leave.
  public struct Share: Sendable, Equatable {
    public let pane: PaneName
    public var rows: Int?
    public var weight = 1
    /// The pane to its right, which shares its rows.
    public var beside: PaneName?

    init(_ pane: PaneName, rows: Int? = nil, weight: Int = 1, beside: PaneName? = nil) {
      self.pane = pane
      self.rows = rows
      self.weight = weight
      self.beside = beside
    }
  }

  private let two, three, four: [Share]
  private let second: [Share]

  /// The two columns of a very large screen; no pane stands in both.
  var columns: (left: [Share], right: [Share]) {
    let left = four.filter { $0.pane != .run }
    let taken = left.flatMap { [$0.pane, $0.beside] }
    return (left, second.filter { !taken.contains($0.pane) })
  }

  /// Whether the whole of a curved space is among them.
  var showsWhole: Bool { four.first?.pane == .whole }

  /// The panes for that many places, 2 to 4.
  func panes(_ places: Int) -> [Share] { places >= 4 ? four : places == 3 ? three : two }

  /// Second columns: the path with the field, and how training goes.
  private static let ofField = [Share(.schedule), Share(.fieldError), Share(.run, rows: 7)]
  private static let ofTraining = [Share(.loss), Share(.distance), Share(.run, rows: 7)]

  /// How training goes.
  public static let training = SidePanes(
    two: [Share(.loss, rows: 10), Share(.run)],
    three: [Share(.loss), Share(.distance), Share(.run, rows: 7)],
    four: [
      Share(.loss, weight: 42), Share(.excess, weight: 29), Share(.distance, weight: 29),
      Share(.run, rows: 7),
    ],
    second: ofField)

  /// The same where the excess is what counts.
  static let excess = SidePanes(
    two: [Share(.loss), Share(.excess)],
    three: [Share(.loss), Share(.excess), Share(.run, rows: 7)],
    four: training.four, second: ofField)

  /// How the training of another program goes, and what the doctor says of its network.
  static let following = SidePanes(
    two: [Share(.doctor, rows: 10), Share(.run)],
    three: [Share(.loss), Share(.doctor, rows: 11), Share(.run, rows: 7)],
    four: [
      Share(.loss, weight: 34), Share(.doctor, weight: 40), Share(.distance, weight: 26),
      Share(.run, rows: 7),
    ],
    second: ofField)

  /// The same where a density of t, a weight or a grid of steps is not the even one.
  static let steps = SidePanes(
    two: [Share(.steps, rows: 10), Share(.run)],
    three: [Share(.loss), Share(.steps), Share(.run, rows: 7)],
    four: [
      Share(.loss, weight: 35), Share(.steps, weight: 38), Share(.distance, weight: 27),
      Share(.run, rows: 7),
    ],
    second: ofField)

  /// What was observed, and the exact posterior of it.
  static let posterior = SidePanes(
    two: [Share(.observation), Share(.exactPosterior)],
    three: [Share(.observation), Share(.exactPosterior), Share(.run, rows: 7)],
    four: [
      Share(.observation, weight: 30), Share(.exactPosterior, weight: 36),
      Share(.coverage, weight: 34), Share(.run, rows: 7),
    ],
    second: ofTraining)

  /// How many words are real, and what is known of the picked one's letters.
  static let words = SidePanes(
    two: [Share(.realWords, rows: 10), Share(.run)],
    three: [
      Share(.wordCourse), Share(.realWords), Share(.letters, rows: 9), Share(.run, rows: 7),
    ],
    four: [
      Share(.wordCourse, weight: 55, beside: .realWords), Share(.letters, rows: 10),
      Share(.loss, weight: 45), Share(.run, rows: 7),
    ],
    second: [Share(.loss), Share(.excess), Share(.run, rows: 7)])

  /// The latents by class, and what guidance does.
  static let pictures = SidePanes(
    two: [Share(.guidance, rows: 12), Share(.latent)],
    three: [Share(.latent), Share(.guidance, rows: 13), Share(.run, rows: 7)],
    four: [Share(.latent, weight: 56), Share(.guidance, weight: 44), Share(.run, rows: 7)],
    second: [Share(.loss), Share(.distance), Share(.run, rows: 7)])
  /// What molecules are like, and what is repaired by their weights.
  static let molecules = SidePanes(
    two: [Share(.energies), Share(.moleculeVerdict, rows: 7)],
    three: [Share(.energies), Share(.pairDistances), Share(.moleculeVerdict, rows: 7)],
    four: [
      Share(.energies, weight: 55), Share(.pairDistances, weight: 45),
      Share(.moleculeVerdict, rows: 11),
    ],
    second: ofTraining)

  /// The proof of a semidiscrete transport, and what batches pay beside it.
  static let transport = SidePanes(
    two: [Share(.certificate, rows: 6), Share(.batchCost)],
    three: [Share(.masses), Share(.batchCost), Share(.certificate, rows: 6)],
    four: [
      Share(.masses, weight: 50), Share(.batchCost, weight: 50), Share(.certificate, rows: 6),
      Share(.run, rows: 7),
    ],
    second: ofTraining)

  /// What is known of an exact world, what it consists of, and what became of what was dropped.
  static let world = SidePanes(
    two: [Share(.worldFigures, rows: 11), Share(.worldParts)],
    three: [Share(.worldFigures, rows: 13), Share(.worldParts), Share(.worldDrops, rows: 6)],
    four: [Share(.worldFigures, rows: 13), Share(.worldParts), Share(.worldDrops, rows: 8)],
    second: [Share(.schedule), Share(.amplification)])

  /// How good the field is over t, and what the path makes of it.
  static let field = SidePanes(
    two: [Share(.fieldError, rows: 10), Share(.run)],
    three: [Share(.fieldError), Share(.schedule), Share(.run, rows: 7)],
    four: [
      Share(.fieldError, weight: 36), Share(.schedule, weight: 32),
      Share(.amplification, weight: 32),
    ],
    second: ofTraining)

  /// The likelihood, at all points and at one, and how training goes.
  static let density = SidePanes(
    two: [Share(.likelihood, rows: 8), Share(.point)],
    three: [Share(.likelihood, rows: 8), Share(.loss), Share(.point, rows: 7)],
    four: [
      Share(.likelihood, rows: 8), Share(.loss), Share(.point, rows: 7), Share(.run, rows: 7),
    ],
    second: ofTraining)

  /// The same with Hutchinson's estimate at that point.
  static let estimate = SidePanes(
    two: [Share(.likelihood, rows: 8), Share(.hutchinson)],
    three: [Share(.likelihood, rows: 8), Share(.hutchinson), Share(.point, rows: 7)],
    four: [
      Share(.likelihood, rows: 8), Share(.hutchinson), Share(.point, rows: 7),
      Share(.run, rows: 7),
    ],
    second: ofTraining)

  /// The path's coefficients with the present t.
  static let paths = SidePanes(
    two: [Share(.schedule, rows: 10), Share(.conversions)],
    three: [Share(.schedule), Share(.amplification), Share(.conversions, rows: 8)],
    four: [
      Share(.schedule, weight: 36), Share(.amplification, weight: 32),
      Share(.fieldError, weight: 32), Share(.conversions, rows: 8),
    ],
    second: ofTraining)

  /// The same beside lanes: what becomes of errors.
  static let pathsOfLanes = SidePanes(
    two: [Share(.amplification), Share(.fieldError)],
    three: [Share(.schedule), Share(.amplification), Share(.fieldError)],
    four: paths.four, second: [])

  /// How straight flows are over the number of dimensions.
  static let dimensions = SidePanes(
    two: [Share(.dimensions, rows: 10), Share(.run)],
    three: [Share(.dimensions), Share(.distance), Share(.run, rows: 7)],
    four: [
      Share(.dimensions, weight: 46), Share(.loss, weight: 27), Share(.distance, weight: 27),
      Share(.run, rows: 7),
    ],
    second: ofField)

  /// The whole of a curved space in so many of 31 rows, and how well the flow meets its data.
  static func space(wholeRows: Int) -> SidePanes {
    SidePanes(
      two: [Share(.whole, rows: 10), Share(.run)],
      three: [
        Share(.whole), Share(.spaceLikelihood, rows: 9, beside: .support), Share(.run, rows: 7),
      ],
      four: [
        Share(.whole, weight: wholeRows),
        Share(.spaceLikelihood, weight: 31 - wholeRows, beside: .support), Share(.run, rows: 7),
      ],
      second: ofTraining)
  }

  /// The same with one particle in numbers.
  static let spaceParticle = SidePanes(
    two: [Share(.whole, rows: 10), Share(.particle)],
    three: [Share(.whole), Share(.particle, rows: 10), Share(.run, rows: 7)],
    four: [Share(.whole, weight: 18), Share(.particle, rows: 12), Share(.run, rows: 7)],
    second: [Share(.speed), Share(.loss), Share(.run, rows: 7)])

  /// One particle in numbers, and how fast it goes.
  static let particle = SidePanes(
    two: [Share(.particle, rows: 10), Share(.speed)],
    three: [Share(.particle, rows: 12), Share(.speed), Share(.run, rows: 7)],
    four: [Share(.particle, rows: 12), Share(.speed), Share(.loss), Share(.run, rows: 7)],
    second: ofField)
}
