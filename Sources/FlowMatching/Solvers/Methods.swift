extension ButcherTableau {
  /// Every method, by rising order.
  public static let all: [ButcherTableau] = [
    euler, midpoint, heun, ralston, bogackiShampine, rk4, threeEighths, dormandPrince, tsitouras,
    dop853,
  ]

  /// Euler's method, order 1.
  public static let euler = ButcherTableau(
    name: "euler", title: "Euler", order: 1, a: [[]], b: [1], c: [0],
    reference: "L. Euler, Institutiones calculi integralis I (1768), §650")

  /// The explicit midpoint rule, order 2.
  public static let midpoint = ButcherTableau(
    name: "midpoint", title: "midpoint", order: 2, a: [[], [1 / 2.0]], b: [0, 1], c: [0, 1 / 2.0],
    reference: "C. Runge, Math. Ann. 46 (1895), 167–178")

  /// Heun's method, the explicit trapezoidal rule, order 2.
  public static let heun = ButcherTableau(
    name: "heun", title: "Heun", order: 2, a: [[], [1]], b: [1 / 2.0, 1 / 2.0], c: [0, 1],
    reference: "K. Heun, Z. Math. Phys. 45 (1900), 23–38")

  /// Ralston's method, the order 2 of two stages with the least bound on its error.
  public static let ralston = ButcherTableau(
    name: "ralston", title: "Ralston", order: 2, a: [[], [2 / 3.0]], b: [1 / 4.0, 3 / 4.0],
    c: [0, 2 / 3.0], reference: "A. Ralston, Math. Comp. 16 (1962), 431–437")

  /// Bogacki–Shampine 3(2), order 3 with an embedded order 2; its last stage is the next first.
  public static let bogackiShampine = ButcherTableau(
    name: "bosh3", title: "Bogacki–Shampine", order: 3,
    a: [[], [1 / 2.0], [0, 3 / 4.0], [2 / 9.0, 1 / 3.0, 4 / 9.0]],
    b: [2 / 9.0, 1 / 3.0, 4 / 9.0, 0], c: [0, 1 / 2.0, 3 / 4.0, 1],
    bError: [-5 / 72.0, 1 / 12.0, 1 / 9.0, -1 / 8.0],
    reference: "P. Bogacki and L. F. Shampine, Appl. Math. Lett. 2 (1989), 321–325")

  /// The classic Runge–Kutta method, order 4.
  public static let rk4 = ButcherTableau(
    name: "rk4", title: "RK4", order: 4,
    a: [[], [1 / 2.0], [0, 1 / 2.0], [0, 0, 1]],
    b: [1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0], c: [0, 1 / 2.0, 1 / 2.0, 1],
    reference: "W. Kutta, Z. Math. Phys. 46 (1901), 435–453")

  /// Kutta's 3/8 rule, order 4; torchdiffeq's `rk4` is this one.
  public static let threeEighths = ButcherTableau(
    name: "rk4-38", title: "RK4 3/8", order: 4,
    a: [[], [1 / 3.0], [-1 / 3.0, 1], [1, -1, 1]],
    b: [1 / 8.0, 3 / 8.0, 3 / 8.0, 1 / 8.0], c: [0, 1 / 3.0, 2 / 3.0, 1],
    reference: "W. Kutta, Z. Math. Phys. 46 (1901), 435–453")
}
