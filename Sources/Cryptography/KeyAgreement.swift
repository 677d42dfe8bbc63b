internal import COpenSSL

/// A key pair of X25519, with which two parties agree on a secret that nobody who only listens can know.
///
/// Source: A. Langley, M. Hamburg, S. Turner, "Elliptic curves for security", RFC 7748, 2016, section 5.
public struct KeyAgreement: Sendable {
  /// The bytes of a private key, of a public key and of a shared secret.
  public static let byteCount = 32

  /// The 32 bytes of the private key, any bytes at all; whoever knows them knows the secrets.
  public let privateKey: [UInt8]
  /// The 32 bytes of the public key, for everybody.
  public let publicKey: [UInt8]

  /// The key pair of 32 secret bytes. About 40 µs.
  /// - Throws: `CryptographyError` if they are not 32.
  public init(privateKey: [UInt8]) throws(CryptographyError) {
    let key = try OpenSSLKey(privateKey: privateKey)
    self.privateKey = privateKey
    publicKey = try key.publicKey()
  }

  /// A new key pair. For keys that protect anything the generator is the system's,
  /// `SystemRandomNumberGenerator`; with a seeded one everybody who knows the seed knows the key.
  public init(using generator: inout some RandomNumberGenerator) throws(CryptographyError) {
    try self.init(privateKey: RandomBytes.draw(Self.byteCount, using: &generator))
  }

  /// The secret that this private key and another party's public key have in common. About 50 µs.
  ///
  /// It is a point of a curve, not yet a key: ``KeyDerivation`` makes keys of it.
  /// - Throws: `CryptographyError` if the other key has not 32 bytes, or is one of the few with which every secret
  ///   is zero.
  public func sharedSecret(with other: [UInt8]) throws(CryptographyError) -> [UInt8] {
    let operation = "agreeing on a key"
    let own = try OpenSSLKey(privateKey: privateKey)
    let peer = try OpenSSLKey(publicKey: other)
    guard let context = unsafe EVP_PKEY_CTX_new(own.key, nil) else { throw .noted(operation) }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    try unsafe CryptographyError.check(EVP_PKEY_derive_init(context), operation)
    try unsafe CryptographyError.check(EVP_PKEY_derive_set_peer(context, peer.key), operation)
    var secret = [UInt8](repeating: 0, count: Self.byteCount)
    var count = Self.byteCount
    let status = unsafe secret.withUnsafeMutableBufferPointer { secret in
      unsafe EVP_PKEY_derive(context, secret.baseAddress, &count)
    }
    try CryptographyError.check(status, operation)
    return secret
  }
}

/// A key as the library holds it. It frees itself.
@safe private struct OpenSSLKey: ~Copyable {
  let key: OpaquePointer

  init(privateKey: [UInt8]) throws(CryptographyError) {
    try Self.check(privateKey, "private")
    guard let key = unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nil, privateKey, privateKey.count) else {
      throw .noted("making a private key")
    }
    unsafe self.key = key
  }

  init(publicKey: [UInt8]) throws(CryptographyError) {
    try Self.check(publicKey, "public")
    guard let key = unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nil, publicKey, publicKey.count) else {
      throw .noted("reading a public key")
    }
    unsafe self.key = key
  }

  deinit { unsafe EVP_PKEY_free(key) }

  func publicKey() throws(CryptographyError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: KeyAgreement.byteCount)
    var count = bytes.count
    try unsafe CryptographyError.check(EVP_PKEY_get_raw_public_key(key, &bytes, &count), "making a public key")
    return bytes
  }

  private static func check(_ bytes: [UInt8], _ kind: String) throws(CryptographyError) {
    guard bytes.count == KeyAgreement.byteCount else {
      throw CryptographyError(
        operation: "reading a \(kind) key", reason: "it has \(bytes.count) bytes, but X25519 wants 32")
    }
  }
}
