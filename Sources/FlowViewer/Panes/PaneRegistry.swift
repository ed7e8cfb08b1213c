import TerminalCanvas

/// One pane: a function of the state into a rectangle of cells. What is slow to find out it may keep in
/// `plots`.
protocol Pane {
  init(theme: Theme)
  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect)
  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect)
}

extension Pane {
  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect
  ) {
    draw(state, into: &screen, in: rect)
  }
}

/// A pane that keeps something in `plots` wherever it is drawn.
protocol CachingPane: Pane {}

extension CachingPane {
  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    var plots = PlotCache()
    draw(state, plots: &plots, into: &screen, in: rect)
  }
}

/// A view of the main plot; what is slow to find out about a target it may keep in `plots`.
protocol PlotPane {
  init(theme: Theme)
  func draw(
    _ state: AppState, plots: inout PlotCache, into screen: inout Screen, in rect: Rect)
}

extension PaneName {
  /// What draws it; nil for the plot, which has a view.
  var pane: (any Pane.Type)? {
    switch self {
    case .plot: nil
    case .loss: LossPane.self
    case .excess: ExcessPane.self
    case .distance: DistancePane.self
    case .run: RunPane.self
    case .fieldError: FieldErrorPane.self
    case .schedule: SchedulePane.self
    case .amplification: AmplificationPane.self
    case .likelihood: LikelihoodPane.self
    case .hutchinson: HutchinsonPane.self
    case .particle: ParticlePane.self
    case .speed: SpeedPane.self
    case .conversions: ConversionsPane.self
    case .steps: StepsPane.self
    case .point: PointPane.self
    case .whole: WholePane.self
    case .spaceLikelihood: SpaceLikelihoodPane.self
    case .support: SupportPane.self
    case .realWords: RealWordsPane.self
    case .wordCourse: WordCoursePane.self
    case .dimensions: DimensionsPane.self
    case .letters: LettersPane.self
    case .observation: ObservationPane.self
    case .exactPosterior: ExactPosteriorPane.self
    case .coverage: CoveragePane.self
    case .latent: LatentPane.self
    case .guidance: PictureGuidancePane.self
    case .energies: EnergyPane.self
    case .pairDistances: PairDistancesPane.self
    case .moleculeVerdict: MoleculeVerdictPane.self
    case .doctor: DoctorPane.self
    case .masses: MassesPane.self
    case .certificate: CertificatePane.self
    case .batchCost: BatchCostPane.self
    case .worldFigures: WorldFiguresPane.self
    case .worldParts: WorldPartsPane.self
    case .worldDrops: WorldDropsPane.self
    }
  }
}

extension PlotView {
  /// What draws it.
  var pane: any PlotPane.Type {
    switch self {
    case .particles: ParticlesPane.self
    case .field: FieldPane.self
    case .density: DensityPane.self
    case .warp: WarpPane.self
    case .paths: PathsPane.self
    case .theory: TheoryPane.self
    case .coupling: CouplingPane.self
    case .step: StepPane.self
    case .world: WorldPane.self
    case .residual: MapPane.self
    case .noise: NoisePane.self
    case .words: WordsPane.self
    case .board: BoardPane.self
    case .pictures: PicturesPane.self
    case .molecules: MoleculesPane.self
    }
  }
}
