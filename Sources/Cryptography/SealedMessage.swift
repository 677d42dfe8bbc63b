internal import COpenSSL

/// Messages that only the holder of a key can read or make: AES-256 in Galois counter mode.
///
/// Source: NIST SP 800-38D, 2007. A key and a nonce together must be used for one message only.
public enum SealedMessage {
  /// The bytes by which a sealed message is longer.
  public static let overhead = 16

  /// Encrypts a message and appends 16 bytes that prove it.
  ///
  /// - Parameters:
  ///   - key: 32 bytes.
  ///   - nonce: 12 bytes, never the same twice under one key.
  ///   - context: what is not secret but must be the same when the message is opened.
  public static func seal(
    _ message: [UInt8], key: [UInt8], nonce: [UInt8], context: [UInt8] = []
  ) throws(CryptographyError) -> [UInt8] {
    let cipher = try Cipher(key: key, nonce: nonce, encrypts: true)
    try cipher.read(context)
    var sealed = try cipher.update(message)
    try CryptographyError.check(cipher.finish(), "sealing a message")
    sealed += try cipher.proof()
    return sealed
  }

  /// Decrypts a message.
  /// - Throws: `CryptographyError` if it was not sealed with this key, nonce and context, or was changed since.
  public static func open(
    _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], context: [UInt8] = []
  ) throws(CryptographyError) -> [UInt8] {
    let operation = "opening a sealed message"
    guard sealed.count >= overhead else {
      throw CryptographyError(operation: operation, reason: "it has \(sealed.count) bytes, fewer than its proof alone")
    }
    let cipher = try Cipher(key: key, nonce: nonce, encrypts: false)
    try cipher.read(context)
    let message = try cipher.update(Array(sealed.dropLast(overhead)))
    try cipher.expect(proof: Array(sealed.suffix(overhead)))
    guard cipher.finish() == 1 else {
      ERR_clear_error()
      throw CryptographyError(operation: operation, reason: "it was changed, or sealed with another key")
    }
    return message
  }
}

/// A message being sealed or opened. It frees itself.
@safe private struct Cipher: ~Copyable {
  private let context: OpaquePointer

  init(key: [UInt8], nonce: [UInt8], encrypts: Bool) throws(CryptographyError) {
    unsafe context = try Self.context(key: key, nonce: nonce, encrypts: encrypts)
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  func read(_ associated: [UInt8]) throws(CryptographyError) {
    guard !associated.isEmpty else { return }
    var count: Int32 = 0
    try unsafe CryptographyError.check(
      EVP_CipherUpdate(context, nil, &count, associated, Int32(associated.count)), "reading a context")
  }

  func update(_ text: [UInt8]) throws(CryptographyError) -> [UInt8] {
    guard !text.isEmpty else { return [] }
    var result = [UInt8](repeating: 0, count: text.count)
    var count: Int32 = 0
    try unsafe CryptographyError.check(
      EVP_CipherUpdate(context, &result, &count, text, Int32(text.count)), "encrypting")
    return result
  }

  func finish() -> Int32 {
    var nothing = [UInt8](repeating: 0, count: 16)
    var count: Int32 = 0
    return unsafe EVP_CipherFinal_ex(context, &nothing, &count)
  }

  func proof() throws(CryptographyError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: SealedMessage.overhead)
    let status = unsafe bytes.withUnsafeMutableBytes {
      unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32($0.count), $0.baseAddress)
    }
    try CryptographyError.check(status, "proving a message")
    return bytes
  }

  func expect(proof: [UInt8]) throws(CryptographyError) {
    var bytes = proof
    let status = unsafe bytes.withUnsafeMutableBytes {
      unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32($0.count), $0.baseAddress)
    }
    try CryptographyError.check(status, "checking a message")
  }

  private static func context(
    key: [UInt8], nonce: [UInt8], encrypts: Bool
  ) throws(CryptographyError) -> OpaquePointer {
    precondition(key.count == 32 && nonce.count == 12, "\(key.count) and \(nonce.count) bytes are no key and nonce")
    let operation = "preparing a cipher"
    guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .noted(operation) }
    guard unsafe EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce, encrypts ? 1 : 0) == 1 else {
      unsafe EVP_CIPHER_CTX_free(context)
      throw .noted(operation)
    }
    return unsafe context
  }
}
