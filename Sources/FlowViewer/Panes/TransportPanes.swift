import FlowMatching
import TerminalCanvas

/// The mass of every cell against the weight of its point, in order of size, with the band that chance allows.
struct MassesPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let proof = state.transport?.learning.certificate
    var series: [ChartSeries] = []
    var count = 1
    if let proof {
      // What chance does to a mass depends on its weight.
      let cells = zip(proof.masses, proof.weights).map { mass, weight in
        (
          share: mass / weight,
          band: 2 * ((1 - weight) / (weight * Double(proof.draws))).squareRoot()
        )
      }.sorted { $0.share < $1.share }
      count = cells.count
      let places = cells.enumerated().map { (x: Double($0.offset + 1), cell: $0.element) }
      series = [
        ChartSeries(
          places.map { ChartPoint(x: $0.x, y: 1 - $0.cell.band) }, kind: .dots, role: .floor),
        ChartSeries(
          places.map { ChartPoint(x: $0.x, y: 1 + $0.cell.band) }, kind: .dots, role: .floor),
        ChartSeries(
          places.map { ChartPoint(x: $0.x, y: $0.cell.share) }, role: .series, label: "mass"),
      ]
    }
    Chart(series: series, floors: [ChartFloor(1)], xRange: 0...Double(count + 1)).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "masses of cells",
        heading: rect.width >= 50 ? [theme.run("over weight; dots: 2σ of chance", .label)] : [],
        labels: proof.map {
          [theme.run("\($0.masses.count)", .value), theme.run(" cells", .label)]
        }
          ?? [theme.run("learning …", .hint)],
        isFocused: state.window.focusedPane == .masses), theme: theme)
  }
}

/// What proves that the cells are an optimal transport.
struct CertificatePane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let proof = state.transport?.learning.certificate
    let isWide = rect.width >= 52
    let verdict = proof.map { proof in
      proof.holds
        ? theme.run(isWide ? "✓ masses are the weights" : "✓ holds", .good)
        : theme.run(isWide ? "! masses are off" : "! off", .warn)
    }
    let inner = Panel(
      title: "dual certificate",
      labels: rect.width >= 30 ? verdict.map { [$0] } ?? [] : [],
      isFocused: state.window.focusedPane == .certificate
    ).draw(into: &screen, in: rect, theme: theme)
    guard let proof else {
      let words = state.transport?.learning.stage ?? "learning the cells"
      screen.write([theme.run("\(words) …", .hint)], x: inner.x + 2, y: inner.y, clip: inner)
      return
    }
    func number(_ estimate: Estimate) -> [Run] {
      [
        theme.run(NumberFormat.significant(estimate.mean, 4), .value, bold: true),
        theme.run(" ± " + NumberFormat.significant(estimate.standardError, 1), .label),
      ]
    }
    func percent(_ share: Double) -> String { NumberFormat.fixed(100 * share, 1) + " %" }
    let rows: [(String, [Run])] = [
      (
        "masses off",
        [
          theme.run(percent(proof.variation), proof.holds ? .good : .warn, bold: true),
          theme.run(rect.width >= 40 ? "  by chance " : "  ", .label),
          theme.run(percent(proof.variationNoise), .floor),
        ]
      ),
      ("dual", number(proof.dual) + (isWide ? [theme.run("  no plan costs less", .hint)] : [])),
      (
        "primal",
        number(proof.primal) + (isWide ? [theme.run("  a plan with these weights", .hint)] : [])
      ),
      (
        "gap",
        [
          theme.run(NumberFormat.significant(proof.gap, 2), .value),
          theme.run(
            isWide ? "  from \(NumberFormat.grouped(proof.draws)) draws, never below 0" : "", .hint),
        ]
      ),
    ]
    for (index, row) in rows.enumerated() where index < inner.height {
      screen.write([theme.run(row.0, .label)], x: inner.x + 2, y: inner.y + index, clip: inner)
      screen.write(row.1, x: inner.x + 14, y: inner.y + index, clip: inner)
    }
  }
}

/// The mean cost of batches that are matched at least cost over their size, and what the transport costs.
struct BatchCostPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let rungs = state.transport?.ladder?.rungs ?? []
    let dual = state.transport?.plan?.certificate.dual.mean
    func points(_ sign: Double) -> [ChartPoint] {
      rungs.map {
        ChartPoint(x: Double($0.count), y: $0.cost.mean + sign * 2 * $0.cost.standardError)
      }
    }
    let line = points(0)
    let labels = rungs.last.map {
      [
        // One run, so that no border shows a cost without its size.
        theme.run(
          "\($0.count): " + NumberFormat.significant($0.cost.mean, 3) + " ± "
            + NumberFormat.significant($0.cost.standardError, 1), .value)
      ]
    }
    Chart(
      series: rungs.isEmpty
        ? []
        : [
          ChartSeries(points(-1), kind: .dots, role: .raw),
          ChartSeries(points(1), kind: .dots, role: .raw),
          ChartSeries(line, role: .series, label: "batches"),
        ],
      floors: dual.map { [ChartFloor($0, note: "semidiscrete")] } ?? [],
      markers: line.map { ChartMarker($0, role: .series) },
      xRange: 12...1400, xScale: .powersOfTwo
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "batch cost",
        heading: rect.width >= 50 ? [theme.run("at least cost, over n", .label)] : [],
        labels: labels ?? [theme.run("matching …", .hint)],
        isFocused: state.window.focusedPane == .batchCost), theme: theme)
  }
}
