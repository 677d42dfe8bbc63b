import CHDF5

/// Collects the names that an iteration of the library visits.
struct NameCollector {
  private(set) var names: [String] = []
  private(set) var problem: String?
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes one name; a result other than 0 ends the iteration.
  mutating func take(_ name: String?) -> Int32 {
    guard names.count < limit else { return stop("there are more than \(limit) names") }
    guard let name else { return stop("a name is not UTF-8") }
    guard !name.isEmpty, name != ".", !name.utf8.contains(UInt8(ascii: "/")) else {
      return stop("\(name.debugDescription) cannot be a name")
    }
    names.append(name)
    return 0
  }

  private mutating func stop(_ problem: String) -> Int32 {
    self.problem = problem
    return 1
  }

  /// The names that `iterate` visits, at most `limit`.
  static func names(
    limit: Int, _ operation: @autoclosure () -> String,
    _ iterate: (@escaping chdf5_name_visitor, UnsafeMutableRawPointer) -> herr_t
  ) throws(HDF5Error) -> [String] {
    var collector = NameCollector(limit: limit)
    _ = try call(operation()) {
      unsafe withUnsafeMutablePointer(to: &collector) { target in
        unsafe iterate(
          { name, target in
            guard let name = unsafe name, let target = unsafe target else { return 1 }
            return unsafe target.assumingMemoryBound(to: NameCollector.self).pointee.take(
              String(validatingCString: name))
          }, target)
      }
    }
    if let problem = collector.problem { throw HDF5Error(operation: operation(), reason: problem) }
    return collector.names
  }
}
