/// The colours of data: every map takes a number from 0 to 1 and gives one of at most 64 colours,
/// since terminals limit how many pairs they show.
extension Theme {
  private func quantised(_ v: Double, _ levels: Int) -> Double {
    let n = Double(levels - 1)
    return (min(1, max(0, v.isNaN ? 0 : v)) * n).rounded() / n
  }

  private func entry(_ v: Double, _ list: [UInt8]) -> UInt8 {
    list[min(list.count - 1, Int(saturating: v * Double(list.count)))]
  }

  private func basicLevel(_ v: Double) -> UInt8 {
    entry(v, background == .dark ? [4, 6, 2, 10, 11] : [2, 6, 4, 5, 0])
  }

  /// The density of particles: viridis(.25 + .75 v), on light viridis(.78 (1 − v)).
  public func density(_ level: Double) -> Paint {
    let v = quantised(level, 64)
    let dark = background == .dark
    let color = map.color(at: dark ? 0.25 + 0.75 * v : 0.78 * (1 - v))
    let hand: [UInt8] =
      dark ? [61, 31, 36, 72, 77, 113, 149, 184, 220] : [71, 36, 30, 24, 60, 54, 53]
    // The entries chosen by hand are viridis'.
    let indexed = map == .viridis ? entry(v, hand) : nil
    return paint(color, indexed: indexed, basic: basicLevel(v))
  }

  /// The style of a particle cell: its density; without colour dim below .30, bold above .72.
  public func densityStyle(_ level: Double) -> Style {
    Style(foreground: density(level), attributes: weight(level))
  }

  /// Without colour a level shows as weight.
  func weight(_ level: Double) -> Attributes {
    guard depth == .mono else { return [] }
    return level < 0.30 ? .dim : level > 0.72 ? .bold : []
  }

  /// The place of an end error on the scale that all lanes share: 10⁻³ … 1 in log, as 0…1.
  public func endErrorLevel(_ error: Double) -> Double {
    guard error > 0 else { return 0 }
    return min(1, max(0, Elementary.log10(error) / 3 + 1))
  }

  /// The end error of particles at level `v`: magma(.46 + .52 v), on light magma(.66 − .56 v).
  ///
  /// The least error has a contrast of 3 with the background: the best lane must be seen.
  public func endError(_ level: Double) -> Paint {
    let v = quantised(level, 48)
    return magma(background == .dark ? 0.46 + 0.52 * v : 0.66 - 0.56 * v, level: v)
  }

  /// The same as a style; without colour the level shows as weight.
  public func endErrorStyle(_ level: Double) -> Style {
    Style(foreground: endError(level), attributes: weight(level))
  }

  /// The error |v − u*| of a field, z = error/.5: magma(.03 + .72 z^.85), on light
  /// magma(.98 − .55 z), mixed into the background where `presence` (0…1) is less than 1.
  public func fieldError(_ z: Double, presence: Double = 1) -> Paint {
    let v = quantised(z, 48)
    let position =
      background == .dark ? 0.03 + 0.72 * Elementary.power(v, 0.85) : 0.98 - 0.55 * v
    return faded(magma(position, level: v), 1 - quantised(presence, 12))
  }

  /// A number of either sign at `v` in −1…1: blue below 0, orange above, nothing at 0; mixed into
  /// the background where `presence` (0…1) is less than 1.
  public func balance(_ v: Double, presence: Double = 1) -> Paint {
    let level = quantised(abs(v), 24)
    let pole = v < 0 ? Color(hex: 0x4c9be8) : Color(hex: 0xf0913f)
    let strength = 0.9 * Elementary.power(level, 0.8) * quantised(presence, 12)
    return paint(
      backgroundColor.mixed(with: pole, amount: strength), basic: level < 0.3 ? 8 : v < 0 ? 4 : 3)
  }

  /// A stroke for a number of either sign at `v` in −1…1: grey at 0, blue below, orange above; without
  /// colour dim, plain or bold.
  public func stroke(_ v: Double) -> Style {
    let level = quantised(abs(v), 9)
    let grey = Color(hex: background == .dark ? 0x8a8a8a : 0x7a7a7a)
    let pole = v < 0 ? Color(hex: 0x4c9be8) : Color(hex: 0xf0913f)
    let color = grey.mixed(with: pole, amount: level)
    return Style(
      foreground: paint(color, basic: level < 0.3 ? 7 : v < 0 ? 12 : 11),
      attributes: weight(v < -0.3 ? 0 : v > 0.3 ? 1 : 0.5))
  }

  /// A magnitude at level `v` in 0…1: viridis(.05 + .80 v), on light viridis(.9 − .7 v), mixed into
  /// the background where `presence` (0…1) is less than 1.
  public func magnitude(_ level: Double, presence: Double = 1) -> Paint {
    let v = quantised(level, 48)
    let color = map.color(at: background == .dark ? 0.05 + 0.80 * v : 0.9 - 0.7 * v)
    return faded(paint(color, basic: basicLevel(v)), 1 - quantised(presence, 12))
  }

  /// Lines and marks over a heat map: 65 % of white over a dark ground, of black over a bright one.
  public func overHeat(_ ground: Paint?) -> Style {
    let color = ground?.color ?? backgroundColor
    let isDark = color.luminance < 0.4
    let ink = color.mixed(with: isDark ? .white : .black, amount: 0.65)
    return Style(foreground: paint(ink, basic: isDark ? 15 : 0), background: ground)
  }

  /// An arrow of a field: brighter by .35 + .4|v|, bold above 1.2.
  public func arrow(speed: Double) -> Style {
    let strength = quantised(min(1, 0.35 + 0.4 * speed), 12)
    let ink: Color = background == .dark ? .white : .black
    var style = Style(
      foreground: paint(
        backgroundColor.mixed(with: ink, amount: strength),
        basic: background == .dark ? (strength > 0.6 ? 15 : 7) : 0))
    if speed > 1.2 { style = style.bold }
    if depth == .mono, speed < 0.4 { style.attributes = .dim }
    return style
  }

  private func magma(_ position: Double, level: Double) -> Paint {
    let basic = entry(level, background == .dark ? [5, 5, 1, 9, 3, 11] : [3, 1, 5, 4, 0])
    return paint(ColorMap.magma.color(at: position), basic: basic)
  }

  /// A heat map: viridis(.10 + .90 v), on light viridis(.85 (1 − v)), fading out below v = .22;
  /// nil where nothing is left.
  public func heat(_ level: Double) -> Paint? {
    let v = quantised(level, 64)
    guard v > 0 else { return nil }
    let dark = background == .dark
    let color = map.color(at: dark ? 0.10 + 0.90 * v : 0.85 * (1 - v))
    return faded(paint(color, basic: basicLevel(v)), v < 0.22 ? 1 - v / 0.22 : 0)
  }

  /// The colour of an angle, `hue` in turns: the wheel, darker on light.
  public func wheel(_ hue: Double) -> Paint {
    let turns = (hue - hue.rounded(.down)) * 48
    let q = (turns.isFinite ? turns.rounded() : 0) / 48
    let list: [UInt8] = [13, 9, 3, 11, 10, 2, 14, 6, 12, 4, 5, 13]
    let place = Int(saturating: q * 12 + 0.5) % 12
    return paint(wheelColor(q), basic: list[place])
  }

  /// The exact colour of an angle.
  func wheelColor(_ hue: Double) -> Color {
    let color = ColorMap.wheel.color(at: hue)
    return background == .dark ? color : color.mixed(with: .black, amount: 0.2)
  }

  private func faded(_ paint: Paint, _ amount: Double) -> Paint {
    guard amount > 0, let color = paint.color, depth == .direct || depth == .indexed256 else {
      return paint
    }
    return self.paint(color.mixed(with: backgroundColor, amount: amount))
  }
}

/// What lies behind the particles.
extension Theme {
  /// The background of the target's region at `strength` 0…1: 8.5 % towards white or black; in 256
  /// colours a grey from one half on; nil where there is none.
  public func silhouette(_ strength: Double) -> Paint? {
    ground(silhouette: strength, glow: 0, hue: nil)
  }

  /// A background glowing at level `g` over `color`; nil where the depth has none or it is too faint.
  public func glow(_ level: Double, over color: Color, hue: Double? = nil) -> Paint? {
    guard depth == .direct else { return nil }
    return lit(color, level: level, hue: hue).map { Paint($0) }
  }

  /// The background of a cell: the target's silhouette with the particles' glow over it.
  ///
  /// The background moves by .3·clamp(1.3 g − .08) towards viridis(.15 + .75 g), on light
  /// viridis(.75 (1 − g)), or towards the wheel's colour where a hue in turns is given.
  public func ground(silhouette strength: Double, glow level: Double, hue: Double?) -> Paint? {
    switch depth {
    case .direct:
      let base = silhouetteColor(strength)
      let glow = lit(base ?? backgroundColor, level: level, hue: hue)
      return (glow ?? base).map { Paint($0) }
    case .indexed256:
      return strength >= 0.5 ? Paint(indexed: background == .dark ? 235 : 254) : nil
    case .basic16, .mono:
      return nil
    }
  }

  private func silhouetteColor(_ strength: Double) -> Color? {
    let s = quantised(strength, 7)
    guard s > 0 else { return nil }
    return backgroundColor.mixed(
      with: background == .dark ? .white : .black, amount: 0.085 * s)
  }

  private func lit(_ base: Color, level: Double, hue: Double?) -> Color? {
    let g = quantised(level, hue == nil ? 24 : 16)
    let amount = 0.3 * min(1, max(0, 1.3 * g - 0.08))
    guard amount > 0 else { return nil }
    let light: Color
    if let hue {
      light = wheelColor((hue * 24).rounded() / 24)
    } else {
      light = map.color(
        at: background == .dark ? 0.15 + 0.75 * g : 0.75 * (1 - g))
    }
    return base.mixed(with: light, amount: amount)
  }
}
