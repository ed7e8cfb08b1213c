import FileFormats

/// The files that `train --dry-run` would write, and those that it would be refused.
struct PlannedFiles {
  /// What the run itself would end with, and the option that it is about.
  struct Refusal: Encodable {
    let option: String
    let code: Int32
    let message: String
  }

  private(set) var out, metrics, tensorboard: String?
  private(set) var refused: [Refusal] = []
  private let overwrite: OverwriteOptions

  /// - Parameters:
  ///   - resumes: whether the run is one that goes on, whose measurements are appended.
  ///   - goesOn: whether `out` is the checkpoint that it goes on from.
  init(
    out: String?, metrics: String?, tensorboard: String?, _ overwrite: OverwriteOptions,
    resumes: Bool, goesOn: Bool
  ) {
    self.overwrite = overwrite
    self.out = out.map { plan($0, "--out", keeps: goesOn) }
    self.metrics = metrics.map { plan($0, "--metrics", keeps: resumes) }
    self.tensorboard = tensorboard.map { plan(folder: $0, keeps: resumes) }
  }

  private mutating func plan(_ path: String, _ option: String, keeps: Bool) -> String {
    if path == "-" || POSIXFile.isSpecial(path) { return path }
    let (place, refusal) = overwrite.plan(
      path, exists: !keeps && POSIXFile.hasContents(path), option: option,
      ways: ["--resume goes on with it"])
    note(option, refusal)
    do throws(FileFailure) {
      try AtomicFile.check(place)
      // Held for the moment only: who writes it now would refuse the run.
      if option == "--out" { _ = try RunLock(on: place, holder: CheckpointFile.holder) }
    } catch { note(option, Failure(error, place)) }
    return place
  }

  private mutating func plan(folder: String, keeps: Bool) -> String {
    let option = "--tensorboard"
    let (place, refusal) = overwrite.plan(
      folder, exists: !keeps && TensorBoardLog.hasEvents(in: folder), option: option,
      ways: ["--resume goes on in it"], forced: TensorBoardLog.forced)
    note(option, refusal)
    if POSIXFile.version(of: place) != nil, !POSIXFile.isDirectory(place) {
      note(option, Failure(.cannotCreate("it is no folder"), place))
    }
    return place
  }

  private mutating func note(_ option: String, _ failure: Failure?) {
    guard let failure else { return }
    refused.append(Refusal(option: option, code: failure.code.rawValue, message: failure.message))
  }
}
