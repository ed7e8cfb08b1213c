/// Directions in the plane in turns, as the wheel of colours counts them.
public enum Angle {
  /// The direction of (x, y), 0 ..< 1 anticlockwise from the x axis; 0 at the origin and where a
  /// coordinate is not finite.
  public static func turns(x: Double, y: Double) -> Double { Elementary.turns(x: x, y: y) }
}
