extension Int {
  /// The whole part of `value`, at most ±10¹⁵, and 0 for NaN.
  ///
  /// `Int(value)` traps where the value is none that an `Int` holds. Places on a screen come from data,
  /// and data may lie anywhere; what is that far off is outside every window all the same.
  public init(saturating value: Double) {
    self = value.isNaN ? 0 : Int(Swift.min(1e15, Swift.max(-1e15, value)))
  }
}
