import FileFormats
import FlowMatching

extension Setting {
  /// The settings that are tried: those of an experiment have every form but one.
  static let all = Experiment.settings.map { Setting($0) }
}

/// The entry point that libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  // An experiment begins as JSON does, everything else is taken for settings.
  if bytes.first == UInt8(ascii: "{") {
    if let experiment = try? ExperimentJSON.decode(bytes) {
      precondition(ExperimentJSON.complaint(about: experiment) == nil)
    }
  } else {
    _ = try? SettingsFile(bytes)
  }
  return 0
}
