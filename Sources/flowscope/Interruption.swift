import Foundation
import Synchronization

/// Ctrl-C and a request to end, asked about between two steps of long work, so that it can be saved.
///
/// A hang-up is not among them: nohup has it ignored, and a handler would undo that.
enum Interruption {
  private static let pending = Atomic<Int32>(0)

  /// From now on the first such signal is only noted; a second one ends the process at once.
  static func begin() {
    // The handler must not be the first to touch it: making a global is no work for a handler.
    _ = pending.load(ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { received in
        signal(received, SIG_DFL)
        Interruption.pending.store(received, ordering: .relaxed)
      }
    }
  }

  /// The signal that came, or nil.
  static var signalNumber: Int32? {
    let number = pending.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
