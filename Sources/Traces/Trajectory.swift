import Glibc

extension FloatingCarTrace {
  /// One vehicle's uninterrupted movement: two samples or more.
  ///
  /// Between samples everything is linear in time; before the first and after the last one the ends hold.
  public struct Trajectory: Sendable {
    /// The vehicle's name; another stay of the vehicle has the same.
    public let id: String
    /// The name of the vehicle's type, where the file has one.
    public let type: String?
    /// The times of the samples in seconds, increasing.
    public let times: [Double]
    /// Eastward positions of the front bumper in metres, one per sample.
    public let x: [Double]
    /// Northward positions of the front bumper in metres, one per sample.
    public let y: [Double]
    /// Speeds in m/s, one per sample; nil unless the file has all of them.
    public let speed: [Double]?
    /// Headings in degrees clockwise from north, one per sample; nil unless the file has all of them.
    public let angle: [Double]?

    /// A movement through the given samples.
    ///
    /// - Precondition: there are two samples or more, `times` increases, and all arrays are equally long.
    public init(
      id: String, type: String? = nil, times: [Double], x: [Double], y: [Double],
      speed: [Double]? = nil, angle: [Double]? = nil,
    ) {
      let counts = [x.count, y.count, speed?.count ?? times.count, angle?.count ?? times.count]
      precondition(
        times.count > 1 && counts.allSatisfy { $0 == times.count },
        "\(id): \(times.count) times for \(counts) other values; two or more of each are needed"
      )
      precondition(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(id): times do not increase")
      self.id = id
      self.type = type
      self.times = times
      self.x = x
      self.y = y
      self.speed = speed
      self.angle = angle
    }

    /// First and last time of the stay in seconds.
    public var interval: ClosedRange<Double> { times[0]...times[times.count - 1] }

    /// The front bumper's position in metres. O(log samples).
    public func position(at time: Double) -> (x: Double, y: Double) {
      let place = place(at: time)
      return (place.blend(x), place.blend(y))
    }

    /// The point `distance` metres behind the front bumper along the heading: half a length gives the centre.
    ///
    /// O(log samples).
    public func position(at time: Double, behind distance: Double) -> (x: Double, y: Double) {
      let front = position(at: time)
      let heading = heading(at: time) * .pi / 180
      return (front.x - distance * sin(heading), front.y - distance * cos(heading))
    }

    /// The speed in m/s: interpolated where the file has speeds, otherwise distance over time between the
    /// samples.
    ///
    /// O(log samples).
    public func speed(at time: Double) -> Double {
      let place = place(at: time)
      if let speed { return place.blend(speed) }
      let next = place.index + 1
      let distance = hypot(x[next] - x[place.index], y[next] - y[place.index])
      return distance / (times[next] - times[place.index])
    }

    /// The heading in degrees clockwise from north, at least 0 and below 360.
    ///
    /// Interpolated the short way round where the file has angles; otherwise the direction between the
    /// samples, while standing that of the last movement before, or of the first one after, or 0 without any.
    /// O(log samples), and O(samples) while standing without angles.
    public func heading(at time: Double) -> Double {
      let place = place(at: time)
      guard let angle else { return course(near: place.index) }
      let start = angle[place.index]
      let turn = (angle[place.index + 1] - start).remainder(dividingBy: 360)
      return Self.wrapped(start + place.fraction * turn)
    }

    private func course(near index: Int) -> Double {
      let moved = { (index: Int) in x[index + 1] != x[index] || y[index + 1] != y[index] }
      let before = (0...index).last(where: moved)
      guard let segment = before ?? (index..<times.count - 1).first(where: moved) else { return 0 }
      return Self.wrapped(atan2(x[segment + 1] - x[segment], y[segment + 1] - y[segment]) * 180 / .pi)
    }

    private static func wrapped(_ degrees: Double) -> Double {
      let rest = degrees.truncatingRemainder(dividingBy: 360)
      let wrapped = rest < 0 ? rest + 360 : rest
      return wrapped < 360 ? wrapped : 0
    }

    /// The samples around `time`, and how far it is from the first to the second.
    private func place(at time: Double) -> Place {
      precondition(!time.isNaN, "\(id): the time is not a number")
      var low = 0
      var high = times.count - 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if times[middle] <= time { low = middle } else { high = middle }
      }
      let fraction = (time - times[low]) / (times[high] - times[low])
      return Place(index: low, fraction: min(max(fraction, 0), 1))
    }

    private struct Place {
      let index: Int
      let fraction: Double

      /// Exact at both samples.
      func blend(_ values: [Double]) -> Double {
        fraction == 1
          ? values[index + 1] : values[index] + fraction * (values[index + 1] - values[index])
      }
    }
  }
}
