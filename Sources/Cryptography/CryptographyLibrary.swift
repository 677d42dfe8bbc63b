internal import COpenSSL

/// Which library does the cryptography.
public enum CryptographyLibrary {
  /// Its version, as it names itself.
  public static var version: String { unsafe String(cString: OpenSSL_version(OPENSSL_VERSION)) }
}
