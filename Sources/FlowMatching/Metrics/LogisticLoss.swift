#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// −log P of the right one of two, where P(first) = 1/(1 + e^(−f)).
enum LogisticLoss {
  /// Its slope in f.
  static func slope(_ f: Double, isFirst: Bool) -> Double {
    1 / (1 + exp(-f)) - (isFirst ? 1 : 0)
  }
}
