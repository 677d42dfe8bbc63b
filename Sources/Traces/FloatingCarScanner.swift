/// Fills a table from the elements of a floating-car file.
struct FloatingCarScanner {
  private(set) var table = FloatingCarTable()
  private var depth = 0
  private var isInTimestep = false
  /// Where the last timestep began.
  private var timestepLine = 0

  /// The rows of a file.
  static func scan(_ path: String) throws(TraceError) -> FloatingCarTable {
    var scanner = FloatingCarScanner()
    unsafe try readXML(
      path, wanted: "SUMO's floating-car data",
      begin: { (element) throws(XMLFault) in unsafe try scanner.begin(element) },
      end: { scanner.depth -= 1 })
    return scanner.table
  }

  private mutating func begin(_ element: XMLElement) throws(XMLFault) {
    depth += 1
    switch depth {
    case 1:
      guard unsafe element.isNamed("fcd-export") else {
        let name = unsafe element.name
        throw XMLFault("the root is '\(name)', but 'fcd-export' is wanted, which sumo --fcd-output writes")
      }
    case 2:
      isInTimestep = unsafe element.isNamed("timestep")
      if isInTimestep {
        unsafe try beginTimestep(element)
      } else if unsafe element.isNamed("vehicle") {
        throw XMLFault("a vehicle stands outside a timestep")
      }
    case 3 where isInTimestep:
      if unsafe element.isNamed("vehicle") { unsafe try addVehicle(element) }
    default:
      break
    }
  }

  private mutating func beginTimestep(_ element: XMLElement) throws(XMLFault) {
    var time: Double?
    for index in 0..<(unsafe element.attributeCount) where unsafe element.isAttribute(index, "time") {
      time = unsafe try element.number(index)
    }
    guard let time else { throw XMLFault("a timestep has no 'time'") }
    if let last = table.times.last, time <= last {
      let fault = time == last ? "repeats time \(last)" : "comes after time \(last)"
      throw XMLFault("the timestep of time \(time) \(fault) of line \(timestepLine); times must increase")
    }
    timestepLine = unsafe element.line
    table.beginTimestep(at: time)
  }

  private mutating func addVehicle(_ element: XMLElement) throws(XMLFault) {
    var id: UnsafePointer<CChar>?
    var type: UnsafePointer<CChar>?
    var x = Double.nan
    var y = Double.nan
    var speed = Double.nan
    var angle = Double.nan
    for index in 0..<(unsafe element.attributeCount) {
      if unsafe element.isAttribute(index, "x") {
        x = unsafe try element.number(index)
      } else if unsafe element.isAttribute(index, "y") {
        y = unsafe try element.number(index)
      } else if unsafe element.isAttribute(index, "id") {
        unsafe id = unsafe element.value(index)
      } else if unsafe element.isAttribute(index, "speed") {
        speed = unsafe try element.number(index)
      } else if unsafe element.isAttribute(index, "angle") {
        angle = unsafe try element.number(index)
      } else if unsafe element.isAttribute(index, "type") {
        unsafe type = unsafe element.value(index)
      }
    }
    guard let id = unsafe id, unsafe id[0] != 0 else { throw XMLFault("a vehicle has no 'id'") }
    if x.isNaN || y.isNaN {
      throw XMLFault("the vehicle '\(unsafe String(cString: id))' has no '\(x.isNaN ? "x" : "y")'")
    }
    guard unsafe table.add(id: id, type: type, x: x, y: y, speed: speed, angle: angle) else {
      throw XMLFault(
        "the vehicle '\(unsafe String(cString: id))' stands twice in the timestep of line \(timestepLine)")
    }
  }
}
