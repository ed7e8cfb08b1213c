import CTerminal
import FileFormats

/// Ctrl-C, a request to end, a hang-up and Ctrl-\, in a command without a screen.
///
/// A hang-up that the parent had ignored stays ignored: nohup. The viewer has signals of its own.
enum Interruption {
  /// From now on such a signal removes what is half written and ends the process, without a report of
  /// a crash.
  static func begin() {
    AtomicFile.onTemporary.withLock {
      $0 = { path, isThere in
        if isThere { _ = ct_remember(path) } else { ct_forget(path) }
      }
    }
    ct_headless_begin()
  }

  /// From now on the first such signal is only noted, to be asked about between two steps of long work,
  /// so that it can be saved; a second one ends the process at once.
  static func beginSaving() { ct_headless_saves() }

  /// The signal that was noted, or nil; once it was asked for, nobody is told to wait for it.
  static var signalNumber: Int32? {
    let number = ct_headless_signal()
    if number == 0 { return nil }
    ct_headless_answered()
    return number
  }
}
