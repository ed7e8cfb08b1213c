import FileFormats
import Testing

@Suite("Asciicast")
struct AsciicastTests {
  private func lines(_ version: Asciicast.Version) -> [String] {
    var cast = Asciicast(version, columns: 80, rows: 24)
    cast.append(.output("a\u{1b}[1m\"\\\u{7}ü\r\n"), at: 0)
    for k in 1...3 { cast.append(.output("x"), at: Double(k) / 30) }
    cast.append(.resize(columns: 100, rows: 30), at: 1.5)
    cast.append(.marker("end"), at: 61)
    return cast.text.split(separator: "\n").map(String.init)
  }

  @Test("Version 2 counts from the start")
  func v2() {
    #expect(
      lines(.v2) == [
        #"{"version":2,"width":80,"height":24}"#,
        #"[0.000,"o","a\u001b[1m\"\\\u0007ü\u000d\n"]"#,
        #"[0.033,"o","x"]"#, #"[0.067,"o","x"]"#, #"[0.100,"o","x"]"#, #"[1.500,"r","100x30"]"#,
        #"[61.000,"m","end"]"#,
      ])
  }

  @Test("Version 3 counts from the event before, and what is rounded is made up for")
  func v3() {
    #expect(
      lines(.v3).dropFirst(2) == [
        #"[0.033,"o","x"]"#, #"[0.034,"o","x"]"#, #"[0.033,"o","x"]"#, #"[1.400,"r","100x30"]"#,
        #"[59.500,"m","end"]"#,
      ])
    #expect(lines(.v3)[0] == #"{"version":3,"term":{"cols":80,"rows":24}}"#)
  }
}
