import Federation
import Policies
import ReinforcementLearning

/// What a site tells of its learning since it was last asked: figures only.
struct SiteReport: Sendable, Equatable {
  var updates: Int
  var hasDiverged: Bool
  var figures: [Double]
  var returns: [Double]

  init<Practice: Environment, Trainee: SharingLearner>(taking site: inout Site<Practice, Trainee>) {
    let (returns, progress) = site.takeFigures()
    self.returns = returns
    updates = progress.updates
    hasDiverged = progress.hasDiverged
    figures = progress.figures.map(\.value)
  }

  /// Reads what ``bytes`` says.
  init(bytes: [UInt8]) throws(Failure) {
    do throws(TransportError) {
      var reader = MessageReader(bytes)
      updates = Int(truncatingIfNeeded: try reader.read(UInt64.self))
      hasDiverged = try reader.read(UInt8.self) == 1
      figures = []
      for _ in 0..<(try reader.read(UInt32.self)) { figures.append(try reader.readDouble()) }
      returns = []
      for _ in 0..<(try reader.read(UInt32.self)) { returns.append(try reader.readDouble()) }
    } catch {
      throw Failure(.fault, error.description)
    }
  }

  var bytes: [UInt8] {
    var writer = MessageWriter()
    writer.write(UInt64(updates))
    writer.write(UInt8(hasDiverged ? 1 : 0))
    writer.write(UInt32(figures.count))
    for figure in figures { writer.write(figure) }
    writer.write(UInt32(returns.count))
    for value in returns { writer.write(value) }
    return writer.bytes
  }

  /// The mean of each figure over the sites that have one.
  static func means(_ reports: [SiteReport]) -> [Double] {
    guard let first = reports.first else { return [] }
    return first.figures.indices.map { index in
      let known = reports.map { $0.figures[index] }.filter(\.isFinite)
      return known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
    }
  }
}
