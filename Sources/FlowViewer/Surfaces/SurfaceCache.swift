import FlowMatching
import TerminalCanvas

/// What surface plots find out once: rasters of bodies, and how dense particles are around each cell.
struct SurfaceCache {
  private var rasters: [SurfaceRaster] = []
  private var densities: [Counted] = []

  /// Particles with their places on the chart and the density around each.
  struct Counted: Sendable {
    let of: Batch
    let places: [SIMD2<Double>]
    let grid: SurfaceGrid
    /// In units of uniform, by cell of the grid.
    let density: [Float]
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
  mutating func counted(_ points: Batch, on space: any PicturedSpace) -> Counted {
    if let known = densities.first(where: { $0.of == points }) { return known }
    let places = space.chart(points)
    let grid = SurfaceGrids.grid(space, points: points.count)
    let counted = Counted(
      of: points, places: places, grid: grid, density: grid.density(places))
    // Four lanes and a film of eleven pictures.
    if densities.count >= 16 { densities.removeFirst() }
    densities.append(counted)
    return counted
  }
}
