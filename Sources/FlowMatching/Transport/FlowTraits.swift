/// What can be asked of a flow and what cannot: views, panes, keys, settings and commands ask these and
/// nothing else.
public struct FlowTraits: Sendable, Hashable {
  /// The maps in closed form of which it consists, one after another, each with the same share of the
  /// time; nil for a flow in continuous time, which a solver has to follow.
  public var layers: Int?
  /// Whether it learns the velocities of a path, so that an exact field belongs to it, and its pairs can
  /// be drawn and straightened.
  public var followsPath = true
  /// Whether it can be followed under another schedule than the one it was trained under.
  public var hasSchedules = false
  /// Whether the score follows from the velocity, as noise needs it.
  public var hasScore = false
  /// Whether that score holds up to both ends, so that noise may be as large there as between.
  public var hasConstantNoise = false

  /// Whether the score follows from the velocity alone, so that either tells the other.
  public var impliesScore: Bool { hasScore && !hasConstantNoise }
  /// Whether it is also known as a map from t to r, so that its points need no solver.
  public var isMap = false

  /// The noise g with which it has to be followed, dX = b dt + g dW; 0 where it is a flow by itself.
  public var ownNoise = 0.0

  /// Whether points stand still and leap instead of moving.
  public var leaps = false

  /// The names of the classes that it can be asked for; none where it knows none.
  public var classes: [String] = []

  /// What has to be observed for it to be a posterior; none where it is asked as it is.
  public var observed: [ObservedColumn] = []

  /// What jumps, where letters do and points do not move; nil for points.
  public var tokens: Tokens?

  /// Sequences of letters on a path.
  public struct Tokens: Sendable, Hashable {
    /// Their space.
    public let space: TokenSpace
    /// Their path.
    public let path: TokenPath

    public init(space: TokenSpace, path: TokenPath) {
      self.space = space
      self.path = path
    }
  }

  /// A flow in continuous time along a path, of which nothing more is known.
  public init() {}

  /// Whether states stand still between the steps of a way.
  public var isStepwise: Bool { leaps || tokens != nil }

  /// Whether it may be guided, or guide: its velocities tell all of it, so that a mixture of two is a flow
  /// again. What noise, jumps or layers have learned besides would not be that of the mixture.
  public var isGuidable: Bool {
    needsSolver && !isMap && !hasConstantNoise && ownNoise == 0 && !leaps && tokens == nil
      && observed.isEmpty
  }

  /// Whether it has to be followed in steps, by a solver or by jumps.
  public var needsSolver: Bool { layers == nil }

  /// Whether its density is known in closed form; of all others it is solved for.
  public var hasExactDensity: Bool { layers != nil }
}
