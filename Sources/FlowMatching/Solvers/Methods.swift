extension ButcherTableau {
  /// Every method, by rising order.
  public static let all: [ButcherTableau] = [euler, midpoint, heun, rk4, dormandPrince]

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

  /// The classic Runge–Kutta method, order 4.
  public static let rk4 = ButcherTableau(
    name: "rk4", title: "RK4", order: 4,
    a: [[], [1 / 2.0], [0, 1 / 2.0], [0, 0, 1]],
    b: [1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0], c: [0, 1 / 2.0, 1 / 2.0, 1],
    reference: "W. Kutta, Z. Math. Phys. 46 (1901), 435–453")

  /// Dormand–Prince 5(4), order 5 with an embedded order 4; its last stage is the next first.
  public static let dormandPrince = ButcherTableau(
    name: "dopri5", title: "Dormand–Prince", order: 5,
    a: [
      [],
      [1 / 5.0],
      [3 / 40.0, 9 / 40.0],
      [44 / 45.0, -56 / 15.0, 32 / 9.0],
      [19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0],
      [9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0],
      [35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0],
    ],
    b: [35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0, 0],
    c: [0, 1 / 5.0, 3 / 10.0, 4 / 5.0, 8 / 9.0, 1, 1],
    bError: [
      71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0,
    ],
    reference: "J. R. Dormand and P. J. Prince, J. Comput. Appl. Math. 6 (1980), 19–26")
}
