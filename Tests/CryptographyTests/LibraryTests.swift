import Cryptography
import Testing

struct LibraryTests {
  @Test func `the library is OpenSSL 3`() {
    #expect(CryptographyLibrary.version.hasPrefix("OpenSSL 3"))
  }
}
