import Testing

@testable import TerminalCanvas

@Suite("Panel")
struct PanelTests {
  func draw(_ panel: Panel, _ columns: Int, _ rows: Int, _ theme: Theme = Theme()) -> String {
    var screen = Screen(size: Size(columns: columns, rows: rows))
    panel.draw(into: &screen, in: screen.bounds, theme: theme)
    return screen.text()
  }

  let loss = Panel(
    title: "loss", labels: [Run("EMA "), Run("1.958"), Run("   floor "), Run("1.929")],
    bottom: [
      BorderNumber(column: 7, text: "30"), BorderNumber(column: 15, text: "100"),
      BorderNumber(column: 24, text: "1k"),
    ], leftTicks: [1])

  @Test("the title sits two columns in, labels right in the same line, numbers below")
  func layout() {
    #expect(
      draw(loss, 42, 4) == """
        ╭─ loss ─────── EMA 1.958   floor 1.929 ─╮
        ├                                        │
        │                                        │
        ╰──── 30 ──── 100 ──── 1k ───────────────╯
        """)
  }

  @Test("labels that would meet the title lose their first words, then go; corners stay")
  func everyWidth() {
    for columns in 2...60 {
      let line = String(draw(loss, columns, 3).split(separator: "\n")[0])
      #expect(line.unicodeScalars.count == columns)
      #expect(line.hasPrefix("╭") && line.hasSuffix("╮"))
      if columns >= 10 { #expect(line.contains("loss")) }
      if line.contains("1.929") { #expect(line.contains("─ ")) }
      // What is left of the labels is always their end.
      let isWhole = !line.contains("floor") || line.contains("floor 1.929")
      #expect(isWhole)
    }
    #expect(draw(loss, 36, 2).hasPrefix("╭─ loss ─ EMA 1.958   floor 1.929 ─╮"))
    #expect(draw(loss, 35, 2).hasPrefix("╭─ loss ──── 1.958   floor 1.929 ─╮"))
    #expect(draw(loss, 22, 2).hasPrefix("╭─ loss ───── 1.929 ─╮"))
    #expect(draw(loss, 16, 2).hasPrefix("╭─ loss ───────╮"))
  }

  @Test("a separator never comes first among the labels that are left")
  func separator() {
    let panel = Panel(
      title: "particles",
      labels: [Run("6 000"), Run(" particles · colour: "), Run("particles per cell")])
    #expect(draw(panel, 46, 2).hasPrefix("╭─ particles ─── colour: particles per cell ─╮"))
  }

  @Test("numbers in the bottom border never touch each other or a corner")
  func crowdedNumbers() {
    let numbers = (0...20).map { BorderNumber(column: 2 * $0, text: "0.5") }
    let last = String(draw(Panel(bottom: numbers), 40, 2).split(separator: "\n")[1])
    #expect(last.unicodeScalars.count == 40)
    #expect(last.hasPrefix("╰") && last.hasSuffix("╯"))
    #expect(!last.contains("  ") && !last.contains("5 0"))
    #expect(last.split(separator: "0.5").count > 4)
  }

  @Test("focus shows in the colour of the title alone")
  func focus() {
    let theme = Theme()
    var plain = Screen(size: Size(columns: 20, rows: 3))
    var focused = plain
    Panel(title: "loss").draw(into: &plain, in: plain.bounds, theme: theme)
    Panel(title: "loss", isFocused: true).draw(into: &focused, in: focused.bounds, theme: theme)
    #expect(plain.text() == focused.text())
    #expect(focused.palette[focused[3, 0].foreground] == theme.paint(.accent))
    #expect(focused[3, 0].attributes.contains(.bold))
    for (a, b) in zip(plain.cells, focused.cells) where a.scalar == 0x2500 {
      #expect(plain.palette[a.foreground] == focused.palette[b.foreground])
    }
  }

  @Test("in ASCII borders are +-| and no other character leaves ASCII")
  func ascii() {
    let text = draw(loss, 42, 4, Theme(glyphs: .ascii))
    #expect(
      text == """
        +- loss ------- EMA 1.958   floor 1.929 -+
        +                                        |
        |                                        |
        +---- 30 ---- 100 ---- 1k ---------------+
        """)
  }

  @Test("the inside is one cell smaller on every side, and empty where there is no inside")
  func inside() {
    var screen = Screen(size: Size(columns: 10, rows: 5))
    let theme = Theme()
    let inner = Panel().draw(into: &screen, in: screen.bounds, theme: theme)
    #expect(inner == Rect(x: 1, y: 1, width: 8, height: 3))
    let none = Rect(x: 2, y: 2, width: 1, height: 4)
    #expect(Panel().draw(into: &screen, in: none, theme: theme).isEmpty)
  }
}
