import Foundation
import TestSupport
import Testing
import Traces

@Suite struct ArrivalLogTests {
  private func log(_ text: String, time: String = "t", sizes: [String] = []) throws -> ArrivalLog {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "log.csv")
    return try withExtendedLifetime(folder) { try ArrivalLog(contentsOf: path, time: time, sizes: sizes) }
  }

  private func fault(_ text: String, sizes: [String] = []) -> (line: Int?, message: String)? {
    do {
      _ = try log(text, sizes: sizes)
      return nil
    } catch {
      return (error as? TraceError).map { ($0.line, $0.message) }
    }
  }

  @Test func `reads seconds and sizes by the names of columns`() throws {
    let log = try log("a, t ,\"b, c\"\n1,0.5,10\r\n2,0.5,20\n3,12.25,1e3", sizes: ["b, c", "a"])
    #expect(log.times_s == [0, 0, 11.75])
    #expect(log.sizes == [[10, 20, 1000], [1, 2, 3]])
    #expect(log.begin == "0.5")
  }

  @Test func `reads dates to the ten-millionth of a second, over days and in time zones`() throws {
    let log = try log(
      "t\n2023-11-16 18:17:03.9799600\n2023-11-16 18:17:03.9799601\n2023-11-17T00:00:00Z\n"
        + "2023-11-17T01:30:00+0100\n2023-11-16T23:30:01.5-01:00\n2024-03-01 00:00\n")
    #expect((log.times_s[1] - 1e-7).magnitude < 1e-15)
    // 5 h 42 min 56.02004 s later.
    let midnight = 20_576.02004
    #expect((log.times_s[2] - midnight).magnitude < 1e-9)
    #expect((log.times_s[3] - midnight - 1800).magnitude < 1e-9)
    #expect((log.times_s[4] - midnight - 1801.5).magnitude < 1e-9)
    // 14 days of November, December, January and a February of 29.
    let days = 14.0 + 31 + 31 + 29
    #expect((log.times_s[5] - midnight - 86_400 * days).magnitude < 1e-6)
  }

  /// Against Foundation's calendar.
  @Test func `counts days as the calendar does`() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    let first = try #require(calendar.date(from: DateComponents(year: 1890, month: 1, day: 1)))
    var rows = ["1890-01-01 00:00"]
    var expected: [Double] = [0]
    for days in stride(from: 37, through: 80_000, by: 997) {
      let date = try #require(calendar.date(byAdding: .day, value: days, to: first))
      let parts = calendar.dateComponents([.year, .month, .day], from: date)
      rows.append(String(format: "%04d-%02d-%02d 00:00", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0))
      expected.append(Double(days) * 86_400)
    }
    #expect(try log("t\n" + rows.joined(separator: "\n")).times_s == expected)
  }

  @Test(arguments: [
    ("", nil, "the file is empty"),
    ("x,y\n1,2\n", 1, "there is no column 't' among x, y"),
    ("t,n\n1,2\n2\n", 3, "a row of 1 cells under a header of 2"),
    ("t\n1\nnoon\n", 3, "'noon' under t is no time; write one like 2023-11-16 18:17:03.98, or seconds like 12.5"),
    (
      "t\n2023-02-29 10:00\n", 2,
      "'2023-02-29 10:00' under t is no time; write one like 2023-11-16 18:17:03.98, or seconds like 12.5"
    ),
    ("t\n5\n4.999\n", 3, "'4.999' under t is before the row above"),
    ("t\n5\n2023-11-16 18:00\n", 3, "'2023-11-16 18:00' under t is of another kind than '5' above"),
    ("t,n\n1,2\n2,-3\n", 3, "'-3' under n is no size; write a finite number from 0 up"),
    ("t,n\n1,2\n2,inf\n", 3, "'inf' under n is no size; write a finite number from 0 up"),
    ("t,n\n1,2\n", nil, "a log of arrivals needs at least two rows below its header"),
    ("t,n\n1,\"2\n", 2, "a quote is opened and not closed on its line"),
  ])
  func `says what is wrong and where`(text: String, line: Int?, message: String) throws {
    let found = try #require(fault(text, sizes: text.contains("n") && text.hasPrefix("t,n") ? ["n"] : []))
    #expect(found.line == line && found.message == message)
  }

  @Test func `a file that is not there is missing`() {
    let error = #expect(throws: TraceError.self) { try ArrivalLog(contentsOf: "/nowhere/log.csv", time: "t") }
    #expect(error?.isMissingFile == true)
  }

  /// Facts of the "Azure LLM inference trace 2023", where it is at hand.
  @Test(
    .enabled("the trace is not here: ../shared/data/azure-llm") {
      FileManager.default.fileExists(atPath: azure("code"))
    },
    arguments: [
      ("code", 8_819, "2023-11-16 18:17:03.9799600", 3_435.9, 0.390, 13.2, 217.2, 2_047.8, 27.9),
      ("conv", 19_366, "2023-11-16 18:15:46.6805900", 3_501.7, 0.181, 1.09, 4.3, 1_154.7, 211.1),
    ])
  func `reads the Azure traces`(
    name: String, rows: Int, begin: String, span: Double, gap: Double, variation: Double, longest: Double,
    context: Double, generated: Double
  ) throws {
    let log = try ArrivalLog(
      contentsOf: azure(name), time: "TIMESTAMP", sizes: ["ContextTokens", "GeneratedTokens"])
    #expect(log.times_s.count == rows && log.begin == begin)
    #expect(((log.times_s.last ?? 0) - span).magnitude < 0.05)
    let gaps = zip(log.times_s.dropFirst(), log.times_s).map { $0 - $1 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let deviation = (gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)).squareRoot()
    #expect((mean - gap).magnitude < 5e-4)
    #expect((deviation / mean / variation - 1).magnitude < 5e-3)
    #expect(((gaps.max() ?? 0) - longest).magnitude < 0.05)
    #expect((log.sizes[0].reduce(0, +) / Double(rows) - context).magnitude < 0.05)
    #expect((log.sizes[1].reduce(0, +) / Double(rows) - generated).magnitude < 0.05)
  }
}

private func azure(_ name: String) -> String {
  "\(project)/../shared/data/azure-llm/AzureLLMInferenceTrace_\(name).csv.gz"
}
