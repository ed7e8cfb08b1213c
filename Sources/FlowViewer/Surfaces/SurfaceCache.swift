import FlowMatching
import TerminalCanvas

/// What surface plots find out once: rasters of bodies, and how dense particles are around each cell.
struct SurfaceCache {
  private var rasters: [SurfaceRaster] = []
  private var densities: [Counted] = []

  /// Particles with their places on the chart and the density around each.
  struct Counted: Sendable {
    let of: Batch
    let scale: SurfaceScale
    let places: [SIMD2<Double>]
    let grid: SurfaceGrid
    /// How dense particles are, by cell of the grid: levels of the target's scale.
    let levels: [Float]
    /// The level around every particle, 0 for a lost one.
    let values: [Double]
    /// The share of the points that are where the data is.
    let share: Double
  }

  /// The raster of a projection in a window.
  mutating func raster(_ projection: any Projection, _ axes: PlotAxes) -> SurfaceRaster {
    let axes = axes.atOrigin
    if let known = rasters.first(where: { $0.axes == axes && $0.shape == projection.shape }) {
      return known
    }
    let raster = SurfaceRaster(axes, projection)
    if rasters.count >= 8 { rasters.removeFirst() }
    rasters.append(raster)
    return raster
  }

  /// The density of points on their space.
  mutating func counted(
    _ points: Batch, on space: any PicturedSpace, _ target: SurfaceTarget
  ) -> Counted {
    if let known = densities.first(where: { $0.of == points && $0.scale == target.scale }) {
      return known
    }
    let places = space.chart(points)
    let grid = SurfaceGrids.grid(space, points: points.count)
    let cells = grid.cells(of: places)
    let levels = target.scale.levels(grid.density(cells: cells))
    let counted = Counted(
      of: points, scale: target.scale, places: places, grid: grid, levels: levels,
      values: cells.map { $0 < 0 ? 0 : Double(levels[Int($0)]) }, share: target.share(of: places))
    // Four lanes and a film of eleven pictures.
    if densities.count >= 16 { densities.removeFirst() }
    densities.append(counted)
    return counted
  }
}
