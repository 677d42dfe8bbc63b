import Glibc

/// Places on the Earth from a table with columns of latitude and longitude, as the EUA data of users and sites.
///
/// The file is text with a line for each row, fields separated by commas, quotes around a field allowed; packed with
/// gzip or not. The first line names the columns: `latitude` and `longitude` in any case, in degrees (WGS 84). Other
/// columns are ignored, and so are empty lines.
public struct PlaceTable: Sendable, Equatable {
  /// The latitude of each place in degrees, −90 ... 90.
  public let latitudes_deg: [Double]
  /// The longitude of each place in degrees, −180 ... 180.
  public let longitudes_deg: [Double]
  /// The file as it was named.
  public let source: String

  /// The number of places.
  public var count: Int { latitudes_deg.count }

  /// Reads a file.
  ///
  /// - Throws: an error of kind `missingFile` or `unreadable`, or one that says what is wrong on which line.
  public init(contentsOf path: String) throws(TraceError) {
    var latitudes: [Double] = []
    var longitudes: [Double] = []
    var columns: (latitude: Int, longitude: Int)?
    let bytes = try GzipReader.contents(of: path)
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let fields = Self.fields(line)
      if fields.count == 1, fields[0].isEmpty { continue }
      guard let places = columns else {
        columns = try Self.columns(fields, path: path, line: number)
        continue
      }
      latitudes.append(
        try Self.angle(fields, places.latitude, "latitude", most: 90, path: path, line: number))
      longitudes.append(
        try Self.angle(fields, places.longitude, "longitude", most: 180, path: path, line: number))
    }
    guard columns != nil else {
      throw TraceError(path: path, message: "is empty; a first line that names latitude and longitude is wanted")
    }
    guard !latitudes.isEmpty else {
      throw TraceError(path: path, message: "has no place below the line that names the columns")
    }
    latitudes_deg = latitudes
    longitudes_deg = longitudes
    source = path
  }

  /// Where the places are on a plane: x to the east and y to the north, in metres from the south-west corner of the
  /// rectangle around all of them.
  ///
  /// x = R cos φ₀ Δλ and y = R Δφ with R = 6,371,008.8 m, the Earth's mean radius, and φ₀ the middle latitude: over ten
  /// kilometres at 60° the error is below 0.2 %, and less elsewhere towards the equator. A table must not span the
  /// longitude of 180°.
  public func local() -> [(x_m: Double, y_m: Double)] {
    let radius_m = 6_371_008.8
    let south = latitudes_deg.min() ?? 0
    let north = latitudes_deg.max() ?? 0
    let west = longitudes_deg.min() ?? 0
    let metresPerDegree = radius_m * Double.pi / 180
    let narrowing = cos((south + north) / 2 * Double.pi / 180)
    return latitudes_deg.indices.map { place in
      (
        (longitudes_deg[place] - west) * metresPerDegree * narrowing,
        (latitudes_deg[place] - south) * metresPerDegree
      )
    }
  }

  private static func columns(
    _ names: [String], path: String, line: Int
  ) throws(TraceError) -> (latitude: Int, longitude: Int) {
    let lowered = names.map { $0.lowercased() }
    guard let latitude = lowered.firstIndex(of: "latitude"), let longitude = lowered.firstIndex(of: "longitude")
    else {
      throw TraceError(
        path: path, line: line,
        message: "the columns are \(names.joined(separator: ", ")); columns latitude and longitude are wanted")
    }
    return (latitude, longitude)
  }

  private static func angle(
    _ fields: [String], _ column: Int, _ name: String, most: Double, path: String, line: Int
  ) throws(TraceError) -> Double {
    guard column < fields.count else {
      throw TraceError(
        path: path, line: line, message: "the row has \(fields.count) fields, so that it has no \(name)")
    }
    guard let value = Double(fields[column]), value.magnitude <= most else {
      throw TraceError(
        path: path, line: line,
        message: "the \(name) is '\(fields[column])'; a number of degrees from \(-Int(most)) to \(Int(most)) is wanted")
    }
    return value
  }

  /// The fields of a line without the spaces around them.
  private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
    let quote = UInt8(ascii: "\"")
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in line where byte != UInt8(ascii: "\r") {
      if byte == quote {
        isQuoted.toggle()
      } else if byte == UInt8(ascii: ","), !isQuoted {
        fields.append(trimmed(field))
        field.removeAll(keepingCapacity: true)
      } else {
        field.append(byte)
      }
    }
    fields.append(trimmed(field))
    return fields
  }

  private static func trimmed(_ bytes: [UInt8]) -> String {
    let space = UInt8(ascii: " ")
    let body = bytes.drop { $0 == space }.reversed().drop { $0 == space }.reversed()
    let text = String(decoding: body, as: UTF8.self)
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }
}
