/// Everything that fixes a training run: with the same binary on the same machine, the same
/// experiment gives the same bits.
public struct Experiment: Codable, Hashable, Sendable {
  /// The target's name in the catalogue of data sets.
  public var dataset = "8gaussians"
  /// Where the flow starts: "gaussian" is N(0, I), "points" those that came with the data set, any
  /// other name a data set's.
  public var source = Source.gaussian
  /// The curved space of the points by its name; nil for a flat one.
  public var space: String?
  /// The dimension d of its points, or the letters of a word.
  public var dimension = 2
  /// The letters of the alphabet, where words are learned; nil for points.
  public var letters: Int?
  /// The dimension of the latents of pictures, which then is that of the flow; nil where points flow as the
  /// data have them.
  public var latent: Int?
  /// Whether one network is learned, a velocity, or layers with a network each.
  public var model = FlowModel.velocity
  /// The number of units of each hidden layer.
  public var widths = [64, 64, 64]
  /// The activation of the hidden layers.
  public var activation = Activation.silu
  /// The number of pairs in a training batch.
  public var batch = 256
  /// The optimiser's step size η.
  public var learningRate = 1e-3
  /// How it sinks over the steps.
  public var learningRateDecay = LearningRateDecay.none
  /// The decoupled weight decay λ of AdamW; 0 is plain Adam.
  public var weightDecay = 0.0
  /// How data replaces noise along the path.
  public var scheduler = Scheduler.conditionalOT
  /// The path between the ends; the scheduler counts where it takes one.
  public var path = ConditionalPath.affine
  /// How the ends of a batch are paired.
  public var coupling = CouplingChoice.independent
  /// The names of the classes of which the network is told a point's; none where it is told of none.
  public var classes: [String] = []
  /// The share of a batch whose class is kept from it, so that it learns the field of all too.
  public var labelDropout = 0.1
  /// Whether a coupling pairs points whatever their classes. It should not: noise then tells the class,
  /// and the class alone is drawn from the wrong noise.
  public var pairsAcrossClasses = false
  /// What is observed, of which the network is told where a posterior is learned; none where it is not.
  public var observations: [ObservedColumn] = []
  /// How many simulations training may draw from, over and over; 0 draws fresh ones for every batch.
  public var simulations = 0
  /// When a population was seen that is learned from one time to the next, in the data's own unit; empty
  /// where it leads from a source to data.
  public var snapshots: [Double] = []
  /// What the network predicts; `velocityField` makes a velocity of it.
  public var prediction = Prediction.velocity
  /// What training minimises.
  public var loss = Loss.squared
  /// What the network learns by.
  public var objective = Objective.flowMatching
  /// The noise g of the process whose drift a potential's slopes are, the entropic form; 0 for a flow.
  public var actionNoise = 0.0
  /// How often training looks at each time.
  public var timeDensity = TimeDensity.uniform
  /// How much each time's error counts.
  public var timeWeight = TimeWeight.uniform
  /// The share of a batch that learns jumps from t to r > t, where a flow map is learned.
  public var mapShare = 0.5
  /// The power p by which its errors are normalised, 1/(error² + 0.001)^p; 0 leaves them as they are.
  public var mapPower = 0.0
  /// Along what the tangents of mean flows are taken.
  public var mapTangent = MapTangent.flow
  /// Where a flow map has its velocities from.
  public var mapTeacher = MapTeacher.pairs
  /// How the likelihood is solved, where that is the objective.
  public var likelihood = LikelihoodOptions()
  /// The number of optimiser steps after which training rests.
  public var steps = 60_000
  /// What all random numbers of the run derive from.
  public var seed: UInt64 = 0

  /// The default experiment.
  public init() {}

  /// The shape of the network that is trained, or of each one.
  public var shape: MLPShape {
    if let space = tokenSpace, !widths.isEmpty {
      return MLPShape(space, along: tokenPath, widths: widths, activation: activation)
    }
    if let pairs = model.pairs, !widths.isEmpty {
      return MLPShape(pairs: pairs, widths: widths, activation: activation)
    }
    return MLPShape(
      dimension: curvedSpace?.inputs ?? dimension, outputs: model == .potential ? 1 : dimension,
      times: objective.isMap ? 2 : 1, labels: classes.count, observations: observations.count,
      widths: widths, activation: activation)
  }

  /// The coefficients of the path at `t` in [0, 1].
  public func pathCoefficients(at t: Double) -> PathCoefficients {
    path.coefficients(scheduler, at: t)
  }

  /// What particles start from on their way to a data set; throws where the source's name is not
  /// known.
  public func sourceDistribution(to dataset: Dataset) throws(UnknownName) -> any Distribution {
    if let space = tokenSpace { return TokenStart(space, along: tokenPath) }
    if let own = coupling.source(of: dataset.distribution) { return own }
    if path.startsFromData { return dataset.distribution }
    if source == Source.points, let given = dataset.sourcePoints { return PointCloud(given) }
    if let space = curvedSpace { return try Source.named(source, on: space) }
    return try Source.named(source, dimension: dimension)
  }
}

extension Experiment {
  /// Every setting, in the order in which they are listed: named here, and nowhere else.
  public static let settings: [ExperimentSetting] =
    ends + choices + condition + network + optimiser + times + LikelihoodOptions.settings

  private static let ends = [
    ExperimentSetting(
      "dataset", "data set", \.dataset, "dataset", .dataset, "What the flow is to reach.",
      leading: { experiment in
        if let dataset = try? DatasetCatalog.named(experiment.dataset) {
          experiment.choose(dataset)
          experiment.suitPictures(dataset)
        }
      }),
    ExperimentSetting(
      "latent", "latent dimension", \.latentDimension, nil,
      SettingDomain<Int>.whole(0...Pictures.mostPixels).suggesting(["2", "4", "8", "16"]),
      """
      The numbers to which an autoencoder, trained first, takes a picture, and in which the flow moves; 0 is \
      the pixels themselves.
      """,
      counts: { $0.latent != nil },
      leading: { $0.dimension = $0.latent ?? $0.dimension }),
    ExperimentSetting(
      "space", "space", \.spaceName, nil, .space,
      """
      Where the points of a file lie: in the plane, on the sphere by longitude and latitude or unit \
      vectors, on the torus by angles. Data sets bring their own.
      """,
      counts: { $0.space != nil },
      leading: { $0.move(to: $0.curvedSpace) }),
    ExperimentSetting(
      "model", "model", \.model, "model",
      SettingDomain<FlowModel>.numbered("a name of the list, some with a number: “realnvp:5”")
        .listed("models") { $0.title }.titled { $0.title }
        .suggesting(["cnf", "realnvp:4", "realnvp:8", "realnvp:16"]),
      """
      One network, which is a velocity, or RealNVP: layers that each move half of the coordinates, \
      by as much as a network of the other half says. Those are trained by likelihood alone.
      """,
      leading: { $0.choose($0.model) }),
    ExperimentSetting(
      "objective", "objective", \.objective, "objective",
      SettingDomain<Objective>.cases("objective").listed("objectives") { $0.title }
        .titled { $0.title },
      """
      What is minimised: the error of the field along paths, that of a map which jumps from t to r at \
      once, or minus log p₁ of the data, solved backward in 20 steps, which makes a step dear; of an \
      interpolant the errors of its drift and of its noise; of a potential its action.
      """,
      leading: { $0.choose($0.objective) }),
    ExperimentSetting(
      "gamma", "noise γ", \.gamma, nil,
      SettingDomain<InterpolantNoise>.numbered("sqrt:a, sine:a, product:a or mirror:a, a > 0")
        .listed("noises of interpolants") { $0.formula }
        .suggesting(["sqrt:0.5", "sqrt:1", "sqrt:2", "sine:1", "product:1", "mirror:1"]),
      """
      The noise on the way of a stochastic interpolant, nothing at both ends; the mirror goes from the data to \
      noisy data and back.
      """,
      counts: { $0.objective == .interpolant },
      leading: { $0.choose(Objective.interpolant) }),
    ExperimentSetting(
      "action-noise", "action noise", \.actionNoise, "actionNoise",
      SettingDomain<Double>.notNegative.suggesting(["0", "0.25", "0.5", "1"]),
      """
      The noise g of the entropic form of action matching: its potential is the drift of dX = ∇s dt + g dW, \
      which has the same distributions. 0 leaves a flow.
      """,
      counts: { $0.objective == .action },
      leading: { if $0.actionNoise > 0 { $0.choose(Objective.action) } }),
    ExperimentSetting(
      "source", "source", \.source, "source", .source,
      """
      Where the flow starts: N(0, I), or a data set; in curved spaces uniform, or \
      wrapped-gaussian:0.5; letters mask, or uniform.
      """
    ),
  ]

  private static let choices = [
    ExperimentSetting(
      "scheduler", "scheduler", \.scheduler, "scheduler", .scheduler,
      "How data replaces noise along the path, α_t and σ_t.",
      counts: { $0.objective != .likelihood }),
    ExperimentSetting(
      "path", "path", \.path, "path",
      SettingDomain<ConditionalPath>.numbered().listed("paths") { $0.formula },
      "The way between the ends; some add noise of their own."),
    ExperimentSetting(
      "coupling", "coupling", \.coupling, "coupling",
      SettingDomain<CouplingChoice>.numbered().listed("couplings") { $0.summary }
        .suggesting(
          CouplingChoice.all.filter { !$0.needsPairs && $0 != .orbit }.map(\.description)),
      "How the ends of a batch are paired."),
    ExperimentSetting(
      "prediction", "prediction", \.prediction, "prediction",
      SettingDomain<Prediction>.cases("prediction").listed("predictions") { $0.summary }
        .titled { $0.title },
      "What the network predicts; velocities are made of it where it is shown."),
    ExperimentSetting(
      "loss", "loss", \.loss, "loss",
      SettingDomain<Loss>.numbered().listed("losses") { $0.formula },
      "What training minimises; the absolute and the reversed one learn something else."),
  ]

  private static let condition = [
    ExperimentSetting(
      "labels", "labels", \.labels, nil, SettingDomain<String>.labels,
      """
      Whether the network is told a point's class: the data set's own classes, or with --data a column \
      of the points' file or another file.
      """),
    ExperimentSetting(
      "label-dropout", "label dropout", \.labelDropout, "labelDropout",
      SettingDomain<Double>.between(0.01...0.99).suggesting(["0.01", "0.05", "0.1", "0.2", "0.5"]),
      "The share of a batch whose class is kept from the network: guidance needs the field of all.",
      counts: { !$0.classes.isEmpty }),
    ExperimentSetting(
      "pair-across-classes", "across classes", \.pairsAcrossClasses, "pairsAcrossClasses",
      .flag,
      "Whether a coupling pairs points whatever their classes, which spoils every class.",
      counts: { !$0.classes.isEmpty && $0.coupling != .independent }),
    ExperimentSetting(
      "simulations", "simulations", \.simulations, "simulations",
      SettingDomain<Int>.whole(0...10_000_000).suggesting(["0", "1000", "10000", "100000"]),
      """
      How many simulations training draws from, where a posterior is learned from a simulator; 0 makes \
      fresh ones for every batch.
      """,
      counts: { !$0.observations.isEmpty }),
  ]

  private static let network = [
    ExperimentSetting(
      "widths", "widths", \.widths, "widths",
      SettingDomain<[Int]>.widths.suggesting(
        ["16,16", "32,32", "64,64", "64,64,64", "128,128,128", "256,256,256"]),
      "Units of the hidden layers, such as 64,64,64."),
    ExperimentSetting(
      "activation", "activation", \.activation, "activation",
      SettingDomain<Activation>.cases("activation").listed("activations") { $0.title }
        .titled { $0.title },
      """
      The nonlinearity of the hidden layers. SELU's derivative jumps at 0, so that its densities \
      have kinks; SiLU, tanh and softplus are smooth.
      """),
  ]

  private static let optimiser = [
    ExperimentSetting(
      "learning-rate", "learning rate", \.learningRate, "learningRate",
      SettingDomain<Double>.positive.suggesting(["1e-4", "3e-4", "1e-3", "3e-3", "1e-2"]),
      change: .adjusts(symbol: "η"), "Adam's step size."),
    ExperimentSetting(
      "learning-rate-decay", "decay of η", \.learningRateDecay, "learningRateDecay",
      SettingDomain<LearningRateDecay>.cases("decay").listed("decays of the learning rate") {
        $0.summary
      }.suggesting(LearningRateDecay.allCases.map(\.rawValue)),
      """
      How the learning rate sinks over the training steps, by which a large one learns fast and ends \
      precise.
      """),
    ExperimentSetting(
      "weight-decay", "weight decay", \.weightDecay, "weightDecay",
      SettingDomain<Double>.notNegative.suggesting(["0", "1e-5", "1e-4", "1e-3", "1e-2"]),
      change: .adjusts(symbol: "λ"), "AdamW's decoupled weight decay; 0 is Adam."),
    ExperimentSetting(
      "batch", "batch", \.batch, "batch",
      SettingDomain<Int>.whole(1...1_048_576)
        .suggesting(["32", "64", "128", "256", "512", "1024", "2048", "4096"]),
      "Pairs of noise and data in one optimiser step."),
    ExperimentSetting(
      "train-steps", "training steps", \.steps, "steps",
      SettingDomain<Int>.whole(1...1_000_000_000)
        .suggesting(["1000", "5000", "20000", "60000", "200000", "1000000"]),
      change: .adjusts(symbol: ""), "Optimiser steps until training rests; T goes on after that."),
    ExperimentSetting(
      "seed", "seed", \.seed, "seed",
      SettingDomain<UInt64>.natural.suggesting((0...9).map(String.init)),
      "The seed of every random stream: the same seed gives the same run."),
  ]
}
