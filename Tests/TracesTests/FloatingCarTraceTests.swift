import Foundation
import TestSupport
import Testing
import Traces

/// The recorded traces, which are part of no checkout; tests on them say so aloud when they are absent.
private let recordings = URL(filePath: #filePath).resolvingSymlinksInPath()
  .appending(path: "../../../../shared/data").standardizedFileURL.path

private func isPresent(_ name: String) -> Bool {
  let path = "\(recordings)/\(name)"
  if FileManager.default.fileExists(atPath: path) { return true }
  print("skipped: \(path) is absent")
  return false
}

private let manhattan = "sumo-manhattan/manhattan.fcd.xml.gz"
private let bologna = "sumo-bologna/acosta-box.fcd.xml.gz"

struct FloatingCarTraceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func read(_ text: String) throws -> FloatingCarTrace {
    try FloatingCarTrace(contentsOf: folder.write(text, to: "trace.xml"))
  }

  /// Two timesteps that are right, with `extra` after them: line 1 is the root.
  private func file(_ extra: String = "") -> String {
    """
    <fcd-export>
      <timestep time="0.0">
        <vehicle id="a" x="1" y="2"/>
      </timestep>
      <timestep time="1.0">
        <vehicle id="a" x="2" y="2"/>
      </timestep>
    \(extra)</fcd-export>
    """
  }

  @Test func `reads what stands there`() throws {
    let trace = try read(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- <timestep time="-1"/> -->
      <fcd-export xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <timestep time="0.50"/>
        <timestep time="1.00">
          <vehicle id="bus &amp; tram" x="-1.25" y="2e1" angle="90.00" type="bus" speed="3.5" slope="x"/>
          <person id="p" x="nowhere" y="1"/>
          <vehicle id="a" y="0" x="10"><person id="q" x="?"/></vehicle>
        </timestep>
        <timestep time="2.00">
          <vehicle id="a" y="+1.0" x="11"/>
          <vehicle id="bus &amp; tram" x="2.25" y="20" angle="80.00" type="bus" speed="4.5"/>
        </timestep>
        <timestep time="4"/>
      </fcd-export>
      """)
    #expect(trace.timesteps == [0.5, 1, 2, 4])
    #expect(trace.rowCount == 4)
    #expect(trace.vehicleCount == 2)
    #expect(trace.droppedSingles == 0)
    #expect(trace.bounds == .init(minX: -1.25, minY: 0, maxX: 11, maxY: 20))
    #expect(trace.trajectories.map(\.id) == ["a", "bus & tram"])
    let (car, bus) = (trace.trajectories[0], trace.trajectories[1])
    #expect(car.type == nil && car.speed == nil && car.angle == nil)
    #expect(car.times == [1, 2] && car.x == [10, 11] && car.y == [0, 1])
    #expect(bus.type == "bus" && bus.speed == [3.5, 4.5] && bus.angle == [90, 80])
    #expect(bus.times == [1, 2] && bus.x == [-1.25, 2.25] && bus.y == [20, 20])
  }

  @Test func `makes one trajectory per stay and drops single samples`() throws {
    let present = ["a b", "a b", "b c", "a", "a c", "", "a", "a d", "d"]
    var text = "<fcd-export>"
    for (time, ids) in present.enumerated() {
      text += "<timestep time=\"\(time)\">"
      for id in ids.split(separator: " ") { text += "<vehicle id=\"\(id)\" x=\"\(time)\" y=\"0\"/>" }
      text += "</timestep>"
    }
    let trace = try read(text + "</fcd-export>")
    #expect(trace.trajectories.map(\.id) == ["a", "b", "a", "a", "d"])
    #expect(trace.trajectories.map(\.times) == [[0, 1], [0, 1, 2], [3, 4], [6, 7], [7, 8]])
    #expect(trace.droppedSingles == 2, "both samples of c stand alone")
    #expect(trace.vehicleCount == 4)
    #expect(trace.rowCount == 13)
  }

  @Test func `keeps many vehicles apart`() throws {
    let ids = (0..<5000).map { "v\($0)" }
    let rows = ids.enumerated().map { "<vehicle id=\"\($0.element)\" x=\"\($0.offset)\" y=\"1\"/>" }.joined()
    let trace = try read(
      """
      <fcd-export><timestep time="0">\(rows)</timestep>
      <timestep time="1">\(rows)</timestep></fcd-export>
      """
    )
    #expect(trace.trajectories.map(\.id) == ids.sorted())
    #expect(trace.trajectories.allSatisfy { "v\(Int($0.x[1]))" == $0.id })
  }

  @Test(arguments: [
    ("0.1", 0.1), ("-4.80", -4.8), ("754.80", 754.8), ("123456789012345", 123_456_789_012_345),
    ("0.123456789012345678", 0.123456789012345678), ("9007199254740993.0", 9_007_199_254_740_992),
    ("1e-3", 1e-3), ("+5.", 5), (".5", 0.5), ("  7 ", 7), ("000000000000000000012.5", 12.5),
    ("0.000001", 1e-6), ("5e-324", .leastNonzeroMagnitude),
  ])
  func `reads numbers correctly rounded`(text: String, value: Double) throws {
    let trace = try read(file().replacing("x=\"1\"", with: "x=\"\(text)\""))
    #expect(trace.trajectories[0].x[0] == value)
  }

  @Test(arguments: [
    (
      "x=\"1\"", "x=\"nan\"",
      "3: the 'x' of the vehicle is \"nan\", but a finite decimal number is wanted"
    ),
    ("x=\"1\"", "x=\"inf\"", "3: the 'x' of the vehicle is \"inf\", but a finite decimal number is wanted"),
    (
      "x=\"1\"", "x=\"1e999\"",
      "3: the 'x' of the vehicle is \"1e999\", but a finite decimal number is wanted"
    ),
    (
      "x=\"1\"", "x=\"0x1p3\"",
      "3: the 'x' of the vehicle is \"0x1p3\", but a finite decimal number is wanted"
    ),
    ("x=\"1\"", "x=\"\"", "3: the 'x' of the vehicle is \"\", but a finite decimal number is wanted"),
    ("x=\"1\"", "x=\"1,5\"", "3: the 'x' of the vehicle is \"1,5\", but a finite decimal number is wanted"),
    ("x=\"1\"", "x=\"-\"", "3: the 'x' of the vehicle is \"-\", but a finite decimal number is wanted"),
    ("x=\"1\"", "x=\"1 2\"", "3: the 'x' of the vehicle is \"1 2\", but a finite decimal number is wanted"),
    ("x=\"1\"", "", "3: the vehicle 'a' has no 'x'"),
    ("y=\"2\"", "speed=\"1\"", "3: the vehicle 'a' has no 'y'"),
    ("id=\"a\" x=\"1\"", "x=\"1\"", "3: a vehicle has no 'id'"),
    ("id=\"a\" x=\"1\"", "id=\"\" x=\"1\"", "3: a vehicle has no 'id'"),
    ("time=\"1.0\"", "", "5: a timestep has no 'time'"),
    (
      "time=\"1.0\"", "time=\"00:00:01\"",
      "5: the 'time' of the timestep is \"00:00:01\", but a finite decimal number is wanted"
    ),
    (
      "time=\"1.0\"", "time=\"0.00\"",
      "5: the timestep of time 0.0 repeats time 0.0 of line 2; times must increase"
    ),
    (
      "time=\"1.0\"", "time=\"-3\"",
      "5: the timestep of time -3.0 comes after time 0.0 of line 2; times must increase"
    ),
    (
      "<vehicle id=\"a\" x=\"2\" y=\"2\"/>",
      "<vehicle id=\"a\" x=\"2\" y=\"2\"/>\n<vehicle id=\"a\" x=\"2\" y=\"2\"/>",
      "7: the vehicle 'a' stands twice in the timestep of line 5"
    ),
    ("</timestep>\n</fcd-export>", "</timestep>\n", "8: is not well-formed XML: no element found"),
    (
      "y=\"2\"/>\n  </timestep>\n</fcd", "y=\"2\">\n  </timestep>\n</fcd",
      "7: is not well-formed XML: mismatched tag"
    ),
    ("x=\"1\"", "x=\"&big;\"", "3: is not well-formed XML: undefined entity"),
    (
      "<fcd-export>\n", "<!DOCTYPE a [\n<!ENTITY b \"c\">]>\n<fcd-export>\n",
      "1: a document type (<!DOCTYPE …>) is declared; remove it, entities are not allowed"
    ),
    (
      "</timestep>\n</fcd-export>", "</timestep>\n<vehicle id=\"b\" x=\"0\" y=\"0\"/>\n</fcd-export>",
      "8: a vehicle stands outside a timestep"
    ),
  ])
  func `names the line and the fault`(right: String, wrong: String, message: String) throws {
    let text = file()
    #expect(text.contains(right))
    let error = #expect(throws: TraceError.self) {
      try read(text.replacing(right, with: wrong, maxReplacements: 1))
    }
    #expect(error?.description == "\(folder.path)/trace.xml:\(message)")
    #expect(error?.kind == .content)
  }

  @Test(arguments: [
    ("<routes/>", ":1: the root is 'routes', but 'fcd-export' is wanted, which sumo --fcd-output writes"),
    ("", ": is empty; SUMO's floating-car data as XML is wanted"),
    (" \n", ": is empty; SUMO's floating-car data as XML is wanted"),
    ("<fcd-export/>", ": no timestep has a vehicle; a trace needs vehicles that move"),
    (
      "<fcd-export><timestep time=\"0\"/></fcd-export>",
      ": no timestep has a vehicle; a trace needs vehicles that move"
    ),
    (
      "<fcd-export><timestep time=\"0\"><vehicle id=\"a\" x=\"0\" y=\"0\"/></timestep></fcd-export>",
      ": no vehicle is in two timesteps in a row; a trace needs vehicles that move"
    ),
    (
      "timestep_time;vehicle_id;vehicle_x\n0;a;1\n",
      ": looks like CSV; SUMO's floating-car data as XML is wanted "
        + "(sumo --fcd-output FILE.xml or FILE.xml.gz)"
    ),
    ("PAR1\n", ": is neither XML nor gzipped XML; SUMO's floating-car data as XML is wanted"),
  ])
  func `says what is wanted where the whole file is wrong`(text: String, message: String) throws {
    let error = #expect(throws: TraceError.self) { try read(text) }
    #expect(error?.description == "\(folder.path)/trace.xml\(message)")
  }

  @Test func `tells a missing file from an unreadable one`() throws {
    let missing = #expect(throws: TraceError.self) { try FloatingCarTrace(contentsOf: "/nowhere/a.xml") }
    #expect(missing?.isMissingFile == true)
    #expect(missing?.description == "/nowhere/a.xml: there is no such file")
    let directory = #expect(throws: TraceError.self) { try FloatingCarTrace(contentsOf: folder.path) }
    #expect(directory?.kind == .unreadable)
    #expect(directory?.description == "\(folder.path): cannot be read: Is a directory")
  }

  // The recordings stand beside the checkout, if anywhere.
  @Test(.enabled(if: isPresent(manhattan))) func `reads the Manhattan recording`() throws {
    let trace = try FloatingCarTrace(contentsOf: "\(recordings)/\(manhattan)")
    #expect(trace.rowCount == 132_578)
    #expect(trace.vehicleCount == 343)
    #expect(trace.timesteps.count == 1501)
    #expect(trace.timesteps.first == 300)
    #expect(trace.timesteps.last == 600)
    // Counted with Python's gzip and re modules.
    #expect(trace.bounds == .init(minX: -4.8, minY: -4.8, maxX: 754.8, maxY: 1303.8))
    #expect(trace.trajectories.count == 342)
    #expect(trace.droppedSingles == 1)
    #expect(trace.trajectories.map(\.times.count).max() == 1225)
    let rows = trace.trajectories.reduce(0) { $0 + $1.times.count }
    #expect(rows + trace.droppedSingles == trace.rowCount)
    #expect(
      trace.trajectories.allSatisfy { $0.type == "DEFAULT_VEHTYPE" && $0.speed != nil && $0.angle != nil })
  }

  // The recordings stand beside the checkout, if anywhere.
  @Test(.enabled(if: isPresent(bologna))) func `reads the Bologna recording`() throws {
    let trace = try FloatingCarTrace(contentsOf: "\(recordings)/\(bologna)")
    #expect(trace.rowCount == 50_788)
    #expect(trace.vehicleCount == 504)
    #expect(trace.timesteps.count == 301)
    #expect(trace.trajectories.count + trace.droppedSingles == 512, "8 vehicles leave and come back")
    #expect(trace.droppedSingles == 2)
    #expect(trace.bounds == .init(minX: 280.08, minY: 544.52, maxX: 893.52, maxY: 994.68))
  }

  // The recordings stand beside the checkout, if anywhere.
  @Test(.enabled(if: isPresent("sumo-manhattan/manhattan-excerpt.csv")))
  func `passes through the rows of the excerpt and halfway between them`() throws {
    let trace = try FloatingCarTrace(contentsOf: "\(recordings)/\(manhattan)")
    let text = try String(
      contentsOfFile: "\(recordings)/sumo-manhattan/manhattan-excerpt.csv", encoding: .utf8)
    var last: [Substring: [Double]] = [:]
    var halves = 0
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",")
      let numbers = [0, 2, 3, 4, 5].compactMap { Double(fields[$0]) }
      try #require(numbers.count == 5)
      let (time, x, y) = (numbers[0], numbers[1], numbers[2])
      let car = try #require(trace.trajectories.first { $0.id == fields[1] && $0.interval.contains(time) })
      #expect(car.position(at: time) == (x, y))
      #expect(car.heading(at: time) == numbers[3])
      #expect(car.speed(at: time) == numbers[4])
      if let before = last[fields[1]] {
        let half = car.position(at: (before[0] + time) / 2)
        #expect(abs(half.x - (before[1] + x) / 2) < 1e-9)
        #expect(abs(half.y - (before[2] + y) / 2) < 1e-9)
        halves += 1
      }
      last[fields[1]] = numbers
    }
    #expect(halves == 45)
  }
}
