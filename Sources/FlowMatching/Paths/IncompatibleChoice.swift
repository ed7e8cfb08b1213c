/// The error for choices that have no meaning together; its description says why, and what to use
/// instead, in one sentence.
public struct IncompatibleChoice: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  /// The error with its sentence.
  public init(_ sentence: String) { description = sentence }
}
