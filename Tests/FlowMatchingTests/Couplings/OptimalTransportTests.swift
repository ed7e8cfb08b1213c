import Testing

@testable import FlowMatching

@Suite struct OptimalTransportTests {
  private func cloud(
    _ count: Int, dimension: Int = 2, seed: UInt64, digits: Double? = nil, offset: Double = 0
  ) -> Batch {
    var random = Random(seed: seed)
    var batch = StandardNormal(dimension: dimension).sample(count: count, using: &random)
    for k in batch.values.indices {
      if let digits { batch.values[k] = (batch.values[k] * digits).rounded() / digits }
      batch.values[k] += offset
    }
    return batch
  }

  private func cost(_ a: Batch, _ i: Int, _ b: Batch, _ j: Int) -> Double {
    let d = distance(a.point(i), b.point(j))
    return d * d
  }

  /// Expects a permutation with duals that prove it: f_i + g_j ≤ c_ij, Σf + Σg = cost.
  private func expectOptimal(
    _ a: Batch, _ b: Batch, tolerance: Double = 1e-9,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let assignment = OptimalTransport.assignment(from: a, to: b)
    let n = a.count
    #expect(
      assignment.permutation.sorted() == Array(0..<n), "not a permutation",
      sourceLocation: sourceLocation)
    var violation = 0.0
    for i in 0..<n {
      for j in 0..<n {
        let slack = cost(a, i, b, j) - assignment.rowDuals[i] - assignment.columnDuals[j]
        violation = max(violation, -slack)
      }
    }
    #expect(violation < tolerance, "infeasible by \(violation)", sourceLocation: sourceLocation)
    let total = (0..<n).reduce(0.0) { $0 + cost(a, $1, b, assignment.permutation[$1]) }
    let dual = (assignment.rowDuals + assignment.columnDuals).reduce(0, +)
    #expect(abs(total - assignment.cost) < tolerance, sourceLocation: sourceLocation)
    #expect(
      abs(dual - total) < tolerance, "gap \(total - dual)", sourceLocation: sourceLocation)
  }

  @Test("the duals prove the matching optimal", arguments: [1, 2, 3, 50, 64, 65, 300])
  func duals(count: Int) {
    for dimension in [1, 2, 3] {
      expectOptimal(
        cloud(count, dimension: dimension, seed: 1), cloud(count, dimension: dimension, seed: 2))
    }
  }

  @Test("no permutation of up to 7 points costs less", arguments: 1...7)
  func bruteForce(count: Int) {
    for seed in 0..<20 {
      // Coarse grids make ties and duplicates.
      let digits: Double? = seed % 2 == 0 ? 1 : nil
      let a = cloud(count, seed: UInt64(2 * seed), digits: digits)
      let b = cloud(count, seed: UInt64(2 * seed + 1), digits: digits)
      var best = Double.infinity
      func search(_ row: Int, _ used: Set<Int>, _ sum: Double) {
        if row == count {
          best = min(best, sum)
          return
        }
        for j in 0..<count where !used.contains(j) {
          search(row + 1, used.union([j]), sum + cost(a, row, b, j))
        }
      }
      search(0, [], 0)
      #expect(abs(OptimalTransport.assignment(from: a, to: b).cost - best) < 1e-12)
    }
  }

  @Test("equal points, few distinct points, points on a line and a cloud with itself are solved")
  func degenerate() {
    let same = Batch(dimension: 2, count: 200)
    expectOptimal(same, same)
    expectOptimal(cloud(200, seed: 3), same)
    expectOptimal(cloud(300, seed: 4, digits: 1), cloud(300, seed: 5, digits: 1))
    var line = cloud(150, seed: 6)
    for j in 0..<150 { line[1, j] = 0 }
    expectOptimal(line, cloud(150, seed: 7))
    let a = cloud(250, seed: 8)
    expectOptimal(a, a)
    #expect(OptimalTransport.assignment(from: a, to: a).permutation == Array(0..<250))
    #expect(OptimalTransport.assignment(from: same, to: same).cost == 0)
    let empty = Batch(dimension: 2, count: 0)
    #expect(OptimalTransport.assignment(from: empty, to: empty).cost == 0)
  }

  @Test("an outlier, and clusters at distances of thousands of their size, are solved")
  func scales() {
    let (a, b) = (cloud(200, seed: 21), cloud(200, seed: 22))
    var outlier = b
    outlier[0, 17] = 1e4
    expectOptimal(a, outlier, tolerance: 1e-3)
    expectOptimal(a, cloud(200, seed: 23, offset: 50), tolerance: 1e-7)
    var (left, right) = (a, b)
    for k in left.values.indices {
      left.values[k] *= 0.01
      right.values[k] *= 0.01
    }
    for j in 0..<90 { left[0, j] += 100 }
    for j in 0..<110 { right[0, j] += 100 }
    expectOptimal(left, right, tolerance: 1e-7)
    // Twenty pairs must cross, no more.
    let matching = OptimalTransport.assignment(from: left, to: right)
    #expect((0..<200).filter { cost(left, $0, right, matching.permutation[$0]) > 100 }.count == 20)
  }

  @Test("far from the origin, and at another scale, the matching is the same")
  func invariance() {
    let (a, b) = (cloud(100, seed: 9), cloud(100, seed: 10))
    let plain = OptimalTransport.assignment(from: a, to: b)
    expectOptimal(
      cloud(100, seed: 9, offset: 1e5), cloud(100, seed: 10, offset: 1e5), tolerance: 1e-6)
    for factor in [1e-6, 1e6] {
      var (x, y) = (a, b)
      for k in x.values.indices {
        x.values[k] *= factor
        y.values[k] *= factor
      }
      #expect(OptimalTransport.assignment(from: x, to: y).permutation == plain.permutation)
    }
    let back = OptimalTransport.assignment(from: b, to: a)
    for i in 0..<100 { #expect(back.permutation[plain.permutation[i]] == i) }
  }

  @Test("in one dimension the matching is the sorted one")
  func sorted() {
    let (a, b) = (cloud(300, dimension: 1, seed: 11), cloud(300, dimension: 1, seed: 12))
    let expected = zip(a.values.sorted(), b.values.sorted()).reduce(0.0) {
      $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
    }
    #expect(abs(OptimalTransport.assignment(from: a, to: b).cost - expected) < 1e-10)
  }

  @Test("2000 points, and whole grids of ties, are solved with duals to 1e-9")
  func large() {
    expectOptimal(cloud(2000, seed: 31), cloud(2000, seed: 32))
    var (grid, shifted) = (Batch(dimension: 2, count: 400), Batch(dimension: 2, count: 400))
    for j in 0..<400 {
      for (k, x) in [j % 20, j / 20].enumerated() {
        grid[k, j] = Double(x)
        shifted[k, j] = Double(x) + 0.5
      }
    }
    expectOptimal(grid, shifted)
    expectOptimal(cloud(400, seed: 33), grid)
    // Along one diagonal, and in ten dimensions, where boxes of neighbours say little.
    var line = grid
    for j in 0..<400 { (line[0, j], line[1, j]) = (Double(j), Double(2 * j)) }
    expectOptimal(line, cloud(400, seed: 34), tolerance: 1e-7)
    expectOptimal(
      cloud(300, dimension: 10, seed: 35), cloud(300, dimension: 10, seed: 36))
  }

  @Test("every instruction set finds the same cost, and where it is unique the same matching")
  func instructionSets() {
    for (count, digits) in [(1, nil), (33, nil), (700, nil), (300, 1.0)] as [(Int, Double?)] {
      let a = cloud(count, seed: 41, digits: digits)
      let b = cloud(count, seed: 42, digits: digits)
      let all = InstructionSet.available.map {
        OptimalTransport.assignment(from: a, to: b, instructionSet: $0)
      }
      for other in all {
        #expect(abs(other.cost - all[0].cost) <= 1e-12 * all[0].cost)
        if digits == nil { #expect(other.permutation == all[0].permutation) }
        if digits == nil { #expect(other.cost == all[0].cost) }
      }
    }
  }

  @Test(
    "wherever a matcher starts it ends at the same cost, also after other sizes", arguments: [2, 3])
  func warmStart(dimension: Int) throws {
    var matcher = Matcher()
    let normal = StandardNormal(dimension: dimension)
    let potential = try #require(
      TransportPotential(from: normal, to: normal, random: Random(seed: 3)))
    for (index, count) in [100, 100, 40, 300, 300, 0, 1, 64].enumerated() {
      let a = cloud(count, dimension: dimension, seed: UInt64(50 + index))
      let b = cloud(count, dimension: dimension, seed: UInt64(70 + index))
      let cold = OptimalTransport.assignment(from: a, to: b)
      matcher.match(a, b, after: potential)
      #expect(matcher.permutation == cold.permutation)
      #expect(matcher.cost(a, b) == cold.cost)
      matcher.match(a, b, startingFrom: cold.columnDuals)
      #expect(matcher.permutation == cold.permutation)
      // Duals far off cost time only.
      matcher.match(a, b, startingFrom: b.values.prefix(count).map { 100 * $0 })
      #expect(matcher.permutation == cold.permutation)
      let dual = (matcher.rowDuals + matcher.columnDuals).reduce(0, +)
      #expect(abs(dual - cold.cost) < 1e-9)
      matcher.match(a, b)
      #expect(matcher.rowDuals == cold.rowDuals && matcher.columnDuals == cold.columnDuals)
    }
  }

  @Test("a potential is kept between broad clouds and not from clusters to moons")
  func savings() throws {
    let normal = StandardNormal(dimension: 2)
    func named(_ name: String) throws -> any Distribution {
      try DatasetCatalog.named(name).distribution
    }
    func isKept(_ source: any Distribution, _ target: any Distribution, batch: Int = 256) -> Bool {
      let potential = TransportPotential.ifItSaves(
        from: source, to: target, batch: batch, random: Random(seed: 5))
      return potential != nil
    }
    #expect(try isKept(normal, named("checkerboard")))
    #expect(try !isKept(named("8gaussians-torchcfm"), named("moons-torchcfm")))
    #expect(try !isKept(normal, named("checkerboard"), batch: 24))
    var matcher = Matcher()
    let (a, b) = (cloud(200, seed: 61), cloud(200, seed: 62))
    matcher.match(a, b)
    let work = matcher.work
    matcher.match(a, b)
    #expect(matcher.work == work && work > 200)
  }

  @Test("N(0, I) to eight Gaussians: the mean cost of batches of 16, 64 and 256 is 1.68, 1.10, .91")
  func meanCost() {
    var random = Random(seed: 13)
    let target = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
    for (count, batches, expected) in [(16, 300, 1.680), (64, 60, 1.096), (256, 12, 0.908)] {
      let costs = (0..<batches).map { _ in
        let x0 = StandardNormal(dimension: 2).sample(count: count, using: &random)
        let x1 = target.sample(count: count, using: &random)
        return OptimalTransport.assignment(from: x0, to: x1).cost / Double(count)
      }
      expectMean(of: costs, expected)
    }
  }
}
