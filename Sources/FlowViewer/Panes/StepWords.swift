import TerminalCanvas

/// What is said of a step.
struct StepWords {
  let theme: Theme
  let lesson: StepLesson
  /// Arrows are as long as this much time takes at their velocity.
  static let length = 0.2

  func heading(width: Int) -> [Run] {
    guard width >= 50 else { return [] }
    let stages = StepLesson.Stage.allCases
    return stages.map { $0 == lesson.stage ? theme.run("● ", .accent) : theme.run("• ", .border) }
  }

  func labels(width: Int) -> [Run] {
    [
      theme.run("step ", .label), theme.run("\(lesson.steps.count)", .value, bold: true),
      theme.run(width >= 60 ? " of a copy   " : "   ", .label), theme.run(". ,", .key),
      theme.run(" on, back", .hint),
    ]
  }

  /// Two rows: what is seen, and what it is good for.
  func drawCaption(change: Double?, into screen: inout Screen, in rect: Rect) {
    screen.fill(rect, style: theme.style(.panel))
    screen.paintBackground(rect, theme.paint(.panel))
    for (row, line) in lines(change: change).enumerated() {
      let background = theme.paint(.panel)
      screen.write(
        line.map { Run($0.text, $0.style.on(background)) }, x: rect.x + 1, y: rect.y + row,
        clip: rect)
    }
  }

  private func lines(change: Double?) -> [[Run]] {
    let step = lesson.shown
    let loss = NumberFormat.significant(step.lossBefore, 4)
    switch lesson.stage {
    case .pairs:
      return [
        [
          theme.run("○", .lane2), theme.run(" noise and ", .value), theme.run("●", .lane1),
          theme.run(" data, paired as training pairs them.", .value),
        ],
        [theme.run("Every pair is one way that a particle might go.", .label)],
      ]
    case .points:
      return [
        [
          theme.run("•", .accent),
          theme.run(" One point of each way, at a time of its own.", .value),
        ],
        [theme.run("The network is told x and t, and nothing of the pair.", .label)],
      ]
    case .wanted:
      return [
        [theme.run("→", .lane2), theme.run(" wanted: the velocity of the pair itself.", .value)],
        [theme.run("Where ways cross, different velocities are wanted.", .label)],
      ]
    case .said:
      return [
        [
          theme.run("→", .lane1), theme.run(" said by the network, beside ", .value),
          theme.run("→", .lane2), theme.run(" wanted.", .value),
        ],
        [
          theme.run("The mean square of the differences is the loss: ", .label),
          theme.run(loss, .value, bold: true),
        ],
      ]
    case .changed:
      let factor = change.map { " Grey: the change ×" + NumberFormat.significant($0, 2) } ?? ""
      return [
        [
          theme.run("→", .lane3), theme.run(" said after one step of the gradient.", .value),
          theme.run(factor, .label),
        ],
        [
          theme.run("Loss of these pairs ", .label), theme.run(loss, .value),
          theme.run(" → ", .label),
          theme.run(NumberFormat.significant(step.lossAfter, 4), .good, bold: true),
          theme.run("; thousands of steps average over all.", .label),
        ],
      ]
    }
  }
}
