import FlowMatching
import TerminalCanvas

/// What the model says, what it says by its weights, and what is true; and how much the weights take.
struct MoleculeVerdictPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let sample = state.moleculeStudy?.reweighted
    let isWide = rect.width >= 52
    var labels: [Run] = []
    if let sample {
      let (n, share) = (sample.weights.count, sample.effectiveShare)
      labels = [
        theme.run(isWide ? "effective sample " : "ESS ", .label),
        theme.run(NumberFormat.fixed(100 * share, 1) + " %", .value, bold: true),
      ]
      if let step = state.olderMoleculeStep {
        labels.insert(theme.run("of step \(NumberFormat.grouped(step))   ", .label), at: 0)
      }
      if isWide {
        let count = NumberFormat.grouped(Int(saturating: (share * Double(n)).rounded()))
        labels.append(theme.run(" of \(NumberFormat.grouped(n)) = \(count)", .label))
      }
    }
    let inner = Panel(
      title: "verdict", labels: labels, isFocused: state.window.focusedPane == .moleculeVerdict
    ).draw(into: &screen, in: rect, theme: theme)
    guard let sample else {
      let isOver = state.moleculeStudy != nil
      screen.write(
        [theme.run(isOver ? "molecules left the numbers" : "drawing molecules …", .hint)],
        x: inner.x + 2, y: inner.y, clip: inner)
      return
    }
    let rows = self.rows(state, sample)
    for (index, row) in rows.enumerated() where index < inner.height {
      write(row, isWide: isWide, into: &screen, in: inner, y: inner.y + index)
    }
    guard isWide else { return }
    let notes = self.notes(sample)
    let first = max(rows.count, min(rows.count + 1, inner.height - notes.count))
    for (index, note) in notes.enumerated() where first + index < inner.height {
      screen.write(note, x: inner.x + 2, y: inner.y + first + index, clip: inner)
    }
  }

  /// A line of the table; empty texts are cells without a number.
  private struct Row {
    let name, model, repaired, truth: String
    /// Whether the repaired number is the true one within its error; nil where there is none.
    var holds: Bool?
    var isHead = false
  }

  private func rows(_ state: AppState, _ sample: ReweightedSample) -> [Row] {
    func text(_ value: Double) -> String {
      value.isFinite && abs(value) < 1e4 ? NumberFormat.fixed(value, 2) : "high"
    }
    func holds(_ estimate: Estimate, _ truth: Estimate) -> Bool {
      let error = estimate.standardError + truth.standardError
      return abs(estimate.mean - truth.mean) <= max(0.05, 3 * error) && error < 0.5
    }
    let (energy, partition) = (sample.reweightedEnergy, sample.logPartition)
    let truth = state.moleculeStudy?.truth.energies.sorted() ?? []
    let models = sample.energies.sorted()
    let nll = state.moleculeNLL(sample)
    return [
      Row(name: "", model: "model", repaired: "reweighted", truth: "truth", isHead: true),
      Row(
        name: "mean energy", model: text(sample.meanEnergy.mean), repaired: text(energy.mean),
        truth: text(DoubleWells.meanEnergy.mean),
        holds: holds(energy, DoubleWells.meanEnergy)),
      Row(
        name: "median energy", model: text(models[models.count / 2]),
        repaired: text(sample.median(of: sample.energies)),
        truth: truth.isEmpty ? "" : text(truth[truth.count / 2])),
      Row(
        name: "log Z", model: "", repaired: text(partition.mean),
        truth: text(DoubleWells.logPartition.mean),
        holds: holds(partition, DoubleWells.logPartition)),
      Row(
        name: "NLL, nats", model: nll.map(text) ?? "", repaired: "floor",
        truth: state.dataset.entropyFloor.map(text) ?? ""),
    ]
  }

  private func write(
    _ row: Row, isWide: Bool, into screen: inout Screen, in inner: Rect, y: Int
  ) {
    let columns = isWide ? [25, 37, 49] : [21, 32, 40]
    screen.write([theme.run(row.name, .label)], x: inner.x + 2, y: y, clip: inner)
    let head: Role = .label
    for (text, end, role) in [
      (row.model, columns[0], row.isHead ? head : .value),
      (row.repaired, columns[1], row.isHead || row.holds == nil ? head : .value),
      (row.truth, columns[2], row.isHead ? head : .floor),
    ] {
      guard inner.x + end <= inner.maxX else { continue }
      screen.write(
        [theme.run(text, role, bold: role == .value && text == row.repaired)],
        x: inner.x + end - text.count, y: y, clip: inner)
    }
    guard let holds = row.holds, inner.x + columns[2] + 3 < inner.maxX else { return }
    screen.write(
      [theme.run(holds ? "✓" : "×", holds ? .good : .warn)], x: inner.x + columns[2] + 2, y: y,
      clip: inner)
  }

  private func notes(_ sample: ReweightedSample) -> [[Run]] {
    [
      [
        theme.run("weights   half in ", .label),
        theme.run(NumberFormat.grouped(sample.count(holding: 0.5)), .value, bold: true),
        theme.run(" molecules, 90 % in ", .label),
        theme.run(NumberFormat.grouped(sample.count(holding: 0.9)), .value, bold: true),
      ],
      [
        theme.run("symmetry  ", .label),
        theme.run("translation, rotation, mirror, 24 permutations", .value),
      ],
    ]
  }
}

extension AppState {
  /// −E log p of what the density should be, by the weights of the model's own molecules: −⟨log p⟩ under w.
  func moleculeNLL(_ sample: ReweightedSample) -> Double? {
    let minus = zip(sample.logWeights, sample.energies).map { $0 + $1 }
    let nll = sample.mean(of: minus).mean
    return nll.isFinite && abs(nll) < 1e4 ? nll : nil
  }
}
