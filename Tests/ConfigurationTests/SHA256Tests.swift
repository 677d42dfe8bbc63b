import Configuration
import Foundation
import TestSupport
import Testing

/// FIPS 180-4; the digests are NIST's examples (CSRC, "Examples with Intermediate Values", SHA256.pdf).
struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `agrees with the published examples`(message: String, digest: String) {
    #expect(SHA256.hex(of: message) == digest)
  }

  @Test(arguments: [1, 7, 63, 64, 65, 1000, 1_000_000])
  func `agrees for one million a in pieces of any size`(piece: Int) {
    var digest = SHA256()
    var left = 1_000_000
    while left > 0 {
      digest.update([UInt8](repeating: UInt8(ascii: "a"), count: min(piece, left)))
      left -= piece
    }
    #expect(digest.hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `of a file is that of its bytes`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(String(repeating: "a", count: 1_000_000), to: "million")
    #expect(
      try SHA256.hex(ofFile: file) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `says which file is missing`() throws {
    let error = #expect(throws: FileReadError.self) { try SHA256.hex(ofFile: "/nowhere/at/all") }
    #expect(error?.isMissing == true)
    #expect(error?.description == "cannot read /nowhere/at/all: No such file or directory")
  }
}
