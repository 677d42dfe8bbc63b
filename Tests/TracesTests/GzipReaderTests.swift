import CZlib
import Foundation
import TestSupport
import Testing
import Traces

struct GzipReaderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Enough rows that a packed file holds many blocks.
  private let text: String = {
    var text = "<fcd-export>\n"
    for step in 0..<400 {
      text += "<timestep time=\"\(step)\">"
      for car in 0..<20 {
        text += "<vehicle id=\"v\(car)\" x=\"\(step * 31 % 997).\(car)\" y=\"\(step * car)\"/>\n"
      }
      text += "</timestep>\n"
    }
    return text + "</fcd-export>\n"
  }()

  /// Packs each of `parts` as a member of its own.
  private func pack(_ parts: [String], to name: String) -> String {
    let path = "\(folder.path)/\(name)"
    for (index, part) in parts.enumerated() {
      let file = unsafe gzopen(path, index == 0 ? "wb" : "ab")
      let bytes = Array(part.utf8)
      unsafe gzwrite(file, bytes, UInt32(bytes.count))
      unsafe gzclose(file)
    }
    return path
  }

  @Test func `reads packed and plain files alike, whatever their names`() throws {
    let packed = try FloatingCarTrace(contentsOf: pack([text], to: "packed.xml"))
    let plain = try FloatingCarTrace(contentsOf: folder.write(text, to: "plain.xml.gz"))
    #expect(packed.rowCount == 8000)
    #expect(plain.rowCount == 8000)
    #expect(packed.trajectories.map(\.x) == plain.trajectories.map(\.x))
    #expect(packed.trajectories.map(\.y) == plain.trajectories.map(\.y))
  }

  @Test func `reads members one after the other`() throws {
    let middle = text.index(text.startIndex, offsetBy: 54_321)
    let path = pack([String(text[..<middle]), "", String(text[middle...])], to: "members.xml.gz")
    #expect(try FloatingCarTrace(contentsOf: path).rowCount == 8000)
  }

  @Test(arguments: [3, 9, 15, 1000, -9, -8, -5, -1])
  func `notices that a file is cut short`(kept: Int) throws {
    let whole = try Data(contentsOf: URL(filePath: pack([text], to: "whole.xml.gz")))
    let cut = kept > 0 ? whole.prefix(kept) : whole.dropLast(-kept)
    let path = try folder.write(cut, to: "cut.xml.gz")
    let error = #expect(throws: TraceError.self) { try FloatingCarTrace(contentsOf: path) }
    #expect(error?.message == "the gzip file is cut short; it ends in the middle of its data")
  }

  @Test func `checks the sum and the length`() throws {
    let whole = try Data(contentsOf: URL(filePath: pack([text], to: "whole.xml.gz")))
    for (offset, cause) in [(8, "incorrect data check"), (4, "incorrect length check")] {
      var damaged = whole
      damaged[damaged.count - offset] ^= 1
      let path = try folder.write(damaged, to: "damaged.xml.gz")
      let error = #expect(throws: TraceError.self) { try FloatingCarTrace(contentsOf: path) }
      #expect(error?.message == "the gzip file is damaged (\(cause))")
    }
  }
}
