import FileFormats
import Foundation
import Testing

/// One file of a corpus with the verdict that ours must give on it, and the reference's.
struct CorpusFile: Sendable, CustomTestStringConvertible {
  let name: String
  let verdict: String
  let reference: String
  let bytes: [UInt8]

  var testDescription: String { name }

  static func all(_ table: String) -> [CorpusFile] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Corpora/\(table).tsv")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return CorpusFile(
        name: parts[0], verdict: parts[1], reference: parts[2],
        bytes: Array(Data(base64Encoded: parts[3])!))
    }
  }
}

extension CorpusFile {
  /// What a fuzzer found to reach new code: bytes alone.
  static func found(_ reader: String) -> [[UInt8]] {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Corpora/fuzz-\(reader).tsv")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { Data(base64Encoded: String($0)) }.map(
      Array.init)
  }
}

/// The verdicts of the readers in the words of the tables.
enum Verdict {
  static func safetensors(_ source: some ByteSource) -> String {
    do {
      let file = try Safetensors(reading: source)
      for entry in file.header.entries { _ = try? file.floats(entry.name) }
      return "ok \(file.header.entries.count)"
    } catch { return "bad" }
  }

  static func npy(_ source: some ByteSource) -> String {
    do throws(FileFailure) {
      var points = try NpyPoints(reading: source)
      return sum(try points.readAll(limit: 1 << 20))
    } catch { return "bad" }
  }

  static func csv(_ source: some ByteSource) -> String {
    do throws(FileFailure) {
      var points = try CsvPoints(reading: source)
      return sum(try points.readAll(limit: 1 << 20))
    } catch {
      guard case .malformed(_, let line?, let column?) = error else { return "bad" }
      return "\(line):\(column)"
    }
  }

  private static func sum(_ values: [Double]) -> String {
    "ok \(values.reduce(0, +)) \(values.count / 2)"
  }

  /// The verdict of a table, its sum as Swift writes it.
  static func expected(_ verdict: String) -> String {
    let parts = verdict.split(separator: " ")
    guard parts.count == 3, let sum = Double(parts[1]) else { return verdict }
    return "ok \(sum) \(parts[2])"
  }
}
