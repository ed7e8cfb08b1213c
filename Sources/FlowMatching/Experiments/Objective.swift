/// What training minimises.
public enum Objective: String, Codable, CaseIterable, Sendable {
  /// E|v_θ(X_t, t) − Ẋ_t|², conditional flow matching.
  case flowMatching = "flow-matching"
  /// E[−log p₁(X₁)]: a continuous normalizing flow by maximum likelihood (Chen et al., 2018).
  case likelihood
  /// E|b_θ − (İ + γ̇z)|² + E|η_θ − z|², a stochastic interpolant (Albergo et al., 2023).
  case interpolant

  /// |ū − sg(v_c + (r − t)(∂_t + v_c·∇)ū)|², mean flows (Geng et al., 2025, eq. 9 and 10).
  case meanFlow = "mean-flow"
  /// The same with the map's own velocity ū(x, t, t) in the tangent (Geng et al., 2025b).
  case improvedMeanFlow = "improved-mean-flow"
  /// A jump is the mean of its two halves, down to 1/128 (Frans et al., 2025, eq. 5).
  case shortcut
  /// ∂_r X_{t,r} is the velocity where X_{t,r} arrives (Boffi et al., 2025, eq. 3.9).
  case lagrangian
  /// Mean flows to r = 1 alone: continuous consistency models (Song et al., 2023).
  case consistency

  /// E s(X₀, 0) − E s(X₁, 1) + ∫E[½|∇s|² + ∂_t s]dt, action matching (Neklyudov et al., 2023, eq. 8).
  case action

  /// Whether what is learned is a map from t to r, with two times.
  public var isMap: Bool {
    switch self {
    case .flowMatching, .likelihood, .interpolant, .action: false
    case .meanFlow, .improvedMeanFlow, .shortcut, .lagrangian, .consistency: true
    }
  }

  /// Whether its target has a derivative along the velocity.
  public var takesTangents: Bool {
    switch self {
    case .meanFlow, .improvedMeanFlow, .consistency: true
    case .flowMatching, .likelihood, .interpolant, .shortcut, .lagrangian, .action: false
    }
  }

  /// The name for people.
  public var title: String {
    switch self {
    case .flowMatching: "flow matching"
    case .likelihood: "maximum likelihood"
    case .interpolant: "stochastic interpolant"
    case .meanFlow: "mean flow"
    case .improvedMeanFlow: "improved mean flow"
    case .shortcut: "shortcut"
    case .lagrangian: "Lagrangian map"
    case .consistency: "consistency"
    case .action: "action matching"
    }
  }
}

/// Where a flow map has the velocities from that it learns by.
public enum MapTeacher: String, Codable, CaseIterable, Hashable, Sendable {
  /// Those of pairs, whose mean is the field's: nothing else is known of data.
  case pairs
  /// The exact field of the data, where one is known: the map is distilled from it.
  case exact

  /// What it is, in one line.
  public var summary: String {
    switch self {
    case .pairs: "the velocities of pairs of noise and data"
    case .exact: "the exact field, where it is known: no target has noise"
    }
  }
}

/// Along what the derivative of a mean flow's target is taken, in x, t and r: what people get wrong.
public enum MapTangent: String, Codable, CaseIterable, Hashable, Sendable {
  /// (v, 1, 0), as it has to be.
  case flow
  /// (v, 0, 0): time is forgotten.
  case still
  /// (−v, 1, 0): the velocity of reversed time.
  case reversed

  /// What it is, in one line.
  public var summary: String {
    switch self {
    case .flow: "(v, 1, 0), as it has to be"
    case .still: "(v, 0, 0): a mistake, time is forgotten"
    case .reversed: "(−v, 1, 0): a mistake, the velocity of reversed time"
    }
  }

  /// The factor of v, and the rate of t.
  var factors: (velocity: Double, time: Double) {
    switch self {
    case .flow: (1, 1)
    case .still: (1, 0)
    case .reversed: (-1, 1)
    }
  }
}

/// How the likelihood of a batch is solved and differentiated in training.
public struct LikelihoodOptions: Codable, Hashable, Sendable {
  /// The explicit method, by its name.
  ///
  /// The literature takes Euler's. But the sum of h∇·u is not log|det| of Euler's steps: after some
  /// thousand steps a network learns to make the difference large, and the loss sinks below the
  /// entropy while the density is lost. The midpoint rule leaves far less to exploit.
  public var solver = ButcherTableau.midpoint.name
  /// The number of its equal steps from the data to the noise.
  public var steps = 20
  /// How the divergence is obtained; probes are drawn anew for every point of a batch.
  public var divergence = DivergenceMethod.exact
  /// Which gradient is followed.
  public var gradient = Gradient.discrete
  /// The greatest Euclidean norm of a gradient; a longer one is shortened to it (Pascanu et al.,
  /// 2013, algorithm 1).
  public var clip = 10.0

  /// Whether a flow matching run of the same network is trained beside it with as much work, to
  /// compare; see `MatchingRival`.
  public var besideMatching = false

  /// What a gradient of a solve's likelihood is the gradient of.
  public enum Gradient: String, Codable, CaseIterable, Sendable {
    /// Of what the solver computes, exactly: back through its steps.
    case discrete
    /// Of the flow itself: the adjoint equation, solved by the same method.
    case adjoint
  }

  /// The midpoint rule in 20 steps with the exact divergence.
  public init() {}

  /// The method of that name; nil where there is none, which `complaint` says.
  public var tableau: ButcherTableau? { ButcherTableau.all.first { $0.name == solver } }

  /// What is wrong with the values of the settings; nil where nothing is.
  public var complaint: String? {
    var experiment = Experiment()
    experiment.likelihood = self
    return LikelihoodOptions.settings.lazy.compactMap { $0.complaint(experiment) }.first
  }
}
