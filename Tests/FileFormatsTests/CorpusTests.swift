import FileFormats
import Testing

@Suite("Files of the corpora")
struct CorpusTests {
  @Test(
    "Safetensors files are taken or refused as the table says",
    arguments: CorpusFile.all("safetensors"))
  func safetensors(file: CorpusFile) {
    #expect(Verdict.safetensors(MemorySource(file.bytes)) == file.verdict)
    #expect(Verdict.safetensors(MemorySource(file.bytes, tellsLength: false)) == file.verdict)
  }

  @Test(
    "npy files are taken or refused, with NumPy's sum, as the table says",
    arguments: CorpusFile.all("npy"))
  func npy(file: CorpusFile) {
    let expected = Verdict.expected(file.verdict)
    #expect(Verdict.npy(MemorySource(file.bytes)) == expected)
    #expect(Verdict.npy(MemorySource(file.bytes, tellsLength: false)) == expected)
  }

  @Test(
    "CSV files are taken, or refused at the line and column of the table",
    arguments: CorpusFile.all("csv"))
  func csv(file: CorpusFile) {
    #expect(Verdict.csv(MemorySource(file.bytes)) == Verdict.expected(file.verdict))
  }

  @Test("Nothing is taken that the reference library refuses")
  func neverLaxer() throws {
    var stricter = 0
    for table in ["safetensors", "npy"] {
      let files = CorpusFile.all(table)
      try #require(files.count > 100)
      for file in files where file.verdict != file.reference {
        #expect(file.verdict == "bad", "\(table): \(file.name)")
        stricter += 1
      }
    }
    #expect(stricter > 10)
    #expect(CorpusFile.all("csv").filter { !$0.verdict.hasPrefix("ok") }.count >= 60)
  }

  @Test("Every file of the corpora cut short anywhere is refused or read without a trap")
  func truncations() {
    for file in CorpusFile.all("safetensors") + CorpusFile.all("npy") where file.bytes.count < 400 {
      for length in 0..<file.bytes.count {
        let source = MemorySource(Array(file.bytes[..<length]))
        let isNpy = file.bytes.first == 0x93
        let verdict = isNpy ? Verdict.npy(source) : Verdict.safetensors(source)
        // Fewer bytes make these good files.
        let isGoodWhenShort = ["bytes left over", "type f2"].contains(file.name)
        if isNpy && !isGoodWhenShort { #expect(verdict == "bad") }
      }
    }
  }

  @Test("What a fuzzer found is taken or refused without a trap, of a known length or not, alike")
  func fuzzed() throws {
    let found = ["safetensors", "npy", "csv"].map { ($0, CorpusFile.found($0)) }
    for (reader, inputs) in found {
      try #require(inputs.count > 20, "\(reader)")
      for bytes in inputs {
        let (known, unknown) = (MemorySource(bytes), MemorySource(bytes, tellsLength: false))
        switch reader {
        case "safetensors": #expect(Verdict.safetensors(known) == Verdict.safetensors(unknown))
        case "npy": #expect(Verdict.npy(known) == Verdict.npy(unknown))
        default: #expect(Verdict.csv(known) == Verdict.csv(unknown))
        }
      }
    }
  }
}
