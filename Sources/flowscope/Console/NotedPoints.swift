import FileFormats
import FlowMatching

extension PointNotation {
  /// The points that numbers of a file mean, as `points`; throws what is wrong with them.
  func read(_ numbers: Batch) throws(FileFailure) -> Batch {
    do throws(UnusablePoints) { return try points(numbers) } catch {
      throw .malformed(error.description)
    }
  }
}
