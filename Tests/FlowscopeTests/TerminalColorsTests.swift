import TerminalCanvas
import Testing

@testable import flowscope

@Suite("Colours as the terminal takes them")
struct TerminalColorsTests {
  private func code(_ paint: Paint, _ depth: ColorDepth) -> Int32 {
    TerminalColors.code(of: paint, depth: depth)
  }

  @Test("The terminal's own colour is −1 at every depth", arguments: ColorDepth.allCases)
  func standard(depth: ColorDepth) { #expect(code(.standard, depth) == -1) }

  @Test("An entry of the palette is itself in 256 colours and its exact colour in 24 bits")
  func entries() {
    for index in UInt8(16)...255 {
      let paint = Paint(palette: index, basic: 9)
      #expect(code(paint, .indexed256) == Int32(index))
      #expect(code(paint, .direct) == Int32(Color(palette: index).hex))
      #expect(code(paint, .basic16) == 9)
      #expect(code(paint, .mono) == -1)
    }
  }

  @Test("24-bit colours keep 64 levels a channel, black and white exactly, off by 3 at most")
  func levels() {
    #expect(code(Paint(.black), .direct) == 0)
    #expect(code(Paint(.white), .direct) == 0xffffff)
    var seen: Set<Int32> = []
    for value in UInt8.min...UInt8.max {
      let given = code(Paint(Color(red: value, green: 0, blue: 0)), .direct) >> 16
      #expect(abs(given - Int32(value)) <= 3)
      seen.insert(given)
    }
    #expect(seen.count == 64)
  }

  @Test("The nearest of the 256 beats every other entry, by the distance that the palette uses")
  func nearest() {
    var state: UInt64 = 7
    for _ in 0..<300 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let color = Color(hex: UInt32(truncatingIfNeeded: state >> 33) & 0xffffff)
      func distance(_ index: Int32) -> Int {
        let other = Color(palette: UInt8(index))
        let r = Int(color.red) - Int(other.red)
        let g = Int(color.green) - Int(other.green)
        let b = Int(color.blue) - Int(other.blue)
        return 3 * r * r + 4 * g * g + 2 * b * b
      }
      let chosen = code(Paint(color), .indexed256)
      #expect(chosen >= 16)
      let best = (Int32(16)...255).map(distance).min()!
      // The cube is searched a channel at a time and grey by the mean: within a hair of the best.
      #expect(distance(chosen) <= best + best / 2 + 200)
    }
  }

  @Test("A palette's new colours join the table; an emptied palette starts it anew")
  func table() {
    var colors = TerminalColors(depth: .indexed256)
    var palette = Palette()
    let red = palette.ink(Paint(palette: 196))
    #expect(colors.codes(of: palette) == [-1, 196])
    _ = palette.ink(Paint(palette: 21))
    #expect(colors.codes(of: palette)[Int(red.index)] == 196)
    #expect(colors.codes(of: palette).count == 3)
    palette.removeAll()
    _ = palette.ink(Paint(palette: 46))
    #expect(colors.codes(of: palette) == [-1, 46])
  }
}
