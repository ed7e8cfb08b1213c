import Testing

@testable import TerminalCanvas

@Suite("Colour")
struct ColourTests {
  @Test("maps go through their anchors and are straight between them")
  func anchors() {
    for map in ColorMap.all {
      let last = Double(map.isCyclic ? map.anchors.count : map.anchors.count - 1)
      for (i, anchor) in map.anchors.enumerated() {
        #expect(map.color(at: Double(i) / last) == anchor)
      }
    }
    #expect(ColorMap.viridis.color(at: 0.05) == Color(hex: 0x46136_5))
    #expect(ColorMap.viridis.color(at: -3) == Color(hex: 0x440154))
    #expect(ColorMap.viridis.color(at: 7) == Color(hex: 0xfde725))
    #expect(ColorMap.wheel.color(at: 1) == ColorMap.wheel.color(at: 0))
    #expect(ColorMap.wheel.color(at: -0.25) == ColorMap.wheel.color(at: 0.75))
    #expect(ColorMap.magma.color(at: .nan) == Color(hex: 0x000004))
  }

  @Test("the density of particles is viridis(.25 + .75 v), on light viridis(.78 (1 − v))")
  func density() {
    let dark = Theme()
    let light = Theme(background: .light)
    #expect(dark.density(0).color == ColorMap.viridis.color(at: 0.25))
    #expect(dark.density(1).color == Color(hex: 0xfde725))
    #expect(light.density(0).color == ColorMap.viridis.color(at: 0.78))
    #expect(light.density(1).color == Color(hex: 0x440154))
    let levels = Set((0...1000).map { dark.density(Double($0) / 1000) })
    #expect(levels.count <= 64)
  }

  @Test("256 colours show the densities of the hand-made list, each of them, in order")
  func handList() {
    func shown(_ theme: Theme) -> [UInt8] {
      var list: [UInt8] = []
      for i in 0...1000 {
        let index = theme.density(Double(i) / 1000).index256!
        if list.last != index { list.append(index) }
      }
      return list
    }
    let dark: [UInt8] = [61, 31, 36, 72, 77, 113, 149, 184, 220]
    #expect(shown(Theme(depth: .indexed256)) == dark)
    #expect(shown(Theme()) == dark)
    #expect(
      shown(Theme(depth: .indexed256, background: .light)) == [71, 36, 30, 24, 60, 54, 53])
    let basic = Theme(depth: .basic16)
    #expect(
      [0.1, 0.3, 0.5, 0.7, 0.9].map { basic.density($0).index16 } == [4, 6, 2, 10, 11])
  }

  @Test("end errors run from 10⁻³ to 1 in log: magma(.30 + .68 v), on light magma(.80 − .70 v)")
  func endError() {
    let theme = Theme()
    #expect(theme.endErrorLevel(0.001) == 0)
    #expect(theme.endErrorLevel(1) == 1)
    #expect(abs(theme.endErrorLevel(0.01) - 1.0 / 3) < 1e-12)
    #expect(theme.endErrorLevel(0) == 0 && theme.endErrorLevel(50) == 1)
    #expect(theme.endError(0).color == ColorMap.magma.color(at: 0.46))
    #expect(theme.endError(1).color == ColorMap.magma.color(at: 0.98))
    #expect(Theme(background: .light).endError(1).color == ColorMap.magma.color(at: 0.10))
  }

  @Test("field errors fade with the mass and are gone where there is none")
  func fieldError() {
    let theme = Theme()
    #expect(theme.fieldError(1).color == ColorMap.magma.color(at: 0.75))
    #expect(theme.fieldError(0.7, presence: 0).color == theme.backgroundColor)
    #expect(
      Theme(background: .light).fieldError(0).color == ColorMap.magma.color(at: 0.98))
  }

  @Test("heat fades into the background below .22 and is viridis above")
  func heat() {
    let theme = Theme()
    #expect(theme.heat(0) == nil)
    #expect(theme.heat(1)?.color == Color(hex: 0xfde725))
    let faint = theme.heat(0.05)!.color!
    #expect(faint.contrast(with: theme.backgroundColor) < 1.3)
  }

  @Test("the glow moves the background by at most .3 and only in 24-bit colour")
  func glow() {
    let theme = Theme()
    #expect(theme.glow(0, over: theme.backgroundColor) == nil)
    let full = theme.backgroundColor.mixed(with: ColorMap.viridis.color(at: 0.9), amount: 0.3)
    #expect(theme.glow(1, over: theme.backgroundColor)?.color == full)
    #expect(Theme(depth: .indexed256).glow(1, over: .black) == nil)
    let levels = Set((0...500).map { theme.glow(Double($0) / 500, over: .black) })
    #expect(levels.count <= 25)
  }

  @Test("the silhouette is 8.5 % towards white or black; in 256 colours 235 or 254")
  func silhouette() {
    #expect(Theme().silhouette(1)?.color == Color(hex: 0x101014).mixed(with: .white, amount: 0.085))
    let light = Theme(background: .light)
    #expect(light.silhouette(1)?.color == Color(hex: 0xfafafa).mixed(with: .black, amount: 0.085))
    #expect(Theme().silhouette(0) == nil)
    #expect(Theme(depth: .indexed256).silhouette(0.6)?.index256 == 235)
    #expect(Theme(depth: .indexed256, background: .light).silhouette(0.6)?.index256 == 254)
    #expect(Theme(depth: .indexed256).silhouette(0.4) == nil)
    #expect(Theme(depth: .mono).silhouette(1) == nil)
  }

  @Test("24-bit and 256 show the same interface: every role is an entry of the palette")
  func rolesArePaletteEntries() {
    for background in Background.allCases {
      let direct = Theme(background: background)
      let indexed = Theme(depth: .indexed256, background: background)
      for role in Role.allCases {
        #expect(direct.paint(role).color == indexed.paint(role).color)
        #expect(direct.paint(role).index256 == indexed.paint(role).index256)
      }
    }
    #expect(Theme().paint(.accent).color == Color(hex: 0xff875f))
    #expect(Theme(background: .light).paint(.accent).color == Color(hex: 0xd75f00))
    #expect(Theme(depth: .basic16).paint(.lane4).index16 == 13)
  }

  @Test("text stands out: at least 4.5 to 1, the light accent and warning 3.5 to 1")
  func contrast() {
    let text: [Role] = [
      .title, .key, .value, .label, .hint, .axis, .accent, .good, .warn, .series, .floor, .lane1,
      .lane2, .lane3, .lane4,
    ]
    for background in Background.allCases {
      let theme = Theme(background: background)
      for role in text {
        let ratio = theme.paint(role).color!.contrast(with: theme.backgroundColor)
        let weak = background == .light && [.accent, .warn, .lane2].contains(role)
        #expect(ratio >= (weak ? 3.5 : 4.5), "\(role) on \(background): \(ratio)")
      }
    }
    #expect(Theme(background: .light).style(.accent).attributes.contains(.bold))
  }

  @Test("without colour no role and no datum has one; roles differ by dim and bold")
  func mono() {
    let theme = Theme(depth: .mono)
    for role in Role.allCases { #expect(theme.style(role).foreground == .standard) }
    #expect(theme.style(.title).attributes == .bold)
    #expect(theme.style(.hint).attributes == .dim)
    #expect(theme.style(.selectedRow).attributes == .reverse)
    #expect(theme.densityStyle(0.29).attributes == .dim)
    #expect(theme.densityStyle(0.5).attributes == [])
    #expect(theme.densityStyle(0.73).attributes == .bold)
    #expect(theme.wheel(0.3) == .standard)
  }

  @Test("sixteen colours on light never ask for white text")
  func basicLight() {
    let theme = Theme(depth: .basic16, background: .light)
    for role in [Role.title, .key, .value, .label] { #expect(theme.paint(role).index16 == 0) }
  }

  @Test("every entry of the cube and the greys is its own nearest entry")
  func nearest() {
    for index in UInt8(16)...255 {
      let color = Color(palette: index)
      #expect(Color(palette: color.nearestIndexed) == color)
    }
    for index in UInt8(0)..<16 { #expect(Color(palette: index).nearestBasic == index) }
  }

  @Test("elementary functions agree with identities to 10⁻¹⁴")
  func elementary() {
    for x in stride(from: -20.0, through: 20, by: 0.37) {
      #expect(abs(Elementary.log(Elementary.exp(x)) - x) < 2e-14 * max(1, abs(x)))
      let unit = Elementary.unit(turns: x)
      #expect(abs(unit.x * unit.x + unit.y * unit.y - 1) < 1e-14)
      let turns = Elementary.turns(x: unit.x, y: unit.y)
      let difference = turns - (x - x.rounded(.down))
      #expect(abs(difference - difference.rounded()) < 1e-14)
    }
    #expect(abs(Elementary.log(2) - Elementary.ln2) < 1e-16)
    #expect(abs(Elementary.exp(1) - 2.718281828459045) < 1e-15)
    for n in -22...22 { #expect(Elementary.log10(Elementary.tenTo(n)) == Double(n)) }
    #expect(Elementary.turns(x: 0, y: -1) == 0.75)
  }
}
