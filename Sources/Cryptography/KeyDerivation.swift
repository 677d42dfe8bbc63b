internal import COpenSSL

/// Keys made of a secret by HKDF with SHA-256.
///
/// Source: H. Krawczyk, P. Eronen, "HMAC-based extract-and-expand key derivation function (HKDF)", RFC 5869, 2010.
public enum KeyDerivation {
  /// The key that a secret, a salt and a text of context give; other contexts give keys that are independent of it.
  ///
  /// - Parameters:
  ///   - secret: what only the parties know, not empty.
  ///   - salt: what the protocol calls itself; need not be secret.
  ///   - info: what the key is for.
  ///   - count: the key's bytes, 1 to 8160.
  public static func key(
    from secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int = 32
  ) throws(CryptographyError) -> [UInt8] {
    precondition(!secret.isEmpty, "a key needs a secret")
    precondition(1...8160 ~= count, "HKDF with SHA-256 gives 1 to 8160 bytes, not \(count)")
    let operation = "deriving a key"
    guard let method = unsafe EVP_KDF_fetch(nil, "HKDF", nil) else { throw .noted(operation) }
    defer { unsafe EVP_KDF_free(method) }
    guard let context = unsafe EVP_KDF_CTX_new(method) else { throw .noted(operation) }
    defer { unsafe EVP_KDF_CTX_free(context) }
    // The library reads from the parameters and writes to none of them.
    var (digest, secret, salt, info) = (Array("SHA256\0".utf8CString), secret, salt, info)
    var key = [UInt8](repeating: 0, count: count)
    let status = unsafe digest.withUnsafeMutableBufferPointer { digest in
      unsafe secret.withUnsafeMutableBytes { secret in
        unsafe salt.withUnsafeMutableBytes { salt in
          unsafe info.withUnsafeMutableBytes { info in
            let parameters = unsafe [
              OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.baseAddress, 0),
              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.baseAddress, secret.count),
              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.baseAddress, salt.count),
              OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.baseAddress, info.count),
              OSSL_PARAM_construct_end(),
            ]
            return unsafe EVP_KDF_derive(context, &key, count, parameters)
          }
        }
      }
    }
    try CryptographyError.check(status, operation)
    return key
  }
}
