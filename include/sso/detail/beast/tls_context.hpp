// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/beast/sessions.hpp>
#include <sso/detail/beast/tls_engine.hpp>
#include <sso/detail/openssl_ptr.hpp>
#include <sso/error.hpp>
#include <sso/transports/beast_options.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

namespace sso::detail::net {

/// Text of the latest error in OpenSSL's queue. Empties the queue.
[[nodiscard]] inline std::string openssl_reason() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return reason != nullptr ? reason : "unknown reason";
}

/// The TLS settings that all connections of a transport share. Immutable, so that any thread may use it.
class tls_context {
public:
  /// @throws exception naming the option that cannot be used
  explicit tls_context(const beast_tls_options& options) : context_{SSL_CTX_new(TLS_client_method())} {
    if (!context_) throw std::bad_alloc{};
    auto* const ctx = context_.get();
    const auto oldest = options.min_version == tls_version::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
    if (SSL_CTX_set_min_proto_version(ctx, oldest) != 1) refuse("tls.min_version", "not supported here");
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(ctx, http_1_1, sizeof http_1_1);
    sessions::install(ctx);
    verifies_ = !options.dangerously_disable_verification;
    SSL_CTX_set_verify(ctx, verifies_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    if (verifies_) load_authorities(ctx, options);
    load_client_certificate(ctx, options);
  }

  [[nodiscard]] SSL_CTX* get() const noexcept { return context_.get(); }
  [[nodiscard]] const BIO_METHOD* buffers() const noexcept { return buffers_.get(); }
  [[nodiscard]] bool verifies() const noexcept { return verifies_; }
  /// The source of the trust anchors, for error texts.
  [[nodiscard]] const std::string& trust() const noexcept { return trust_; }

private:
  using certificate_ptr = openssl_ptr<X509, X509_free>;
  using bio_ptr = openssl_ptr<BIO, BIO_free_all>;

  [[noreturn]] static void refuse(std::string_view option, std::string_view why,
                                  errc code = errc::tls_failed) {
    throw exception{error{code, outcome::not_sent, std::string{option}.append(": ").append(why)}};
  }

  static bio_ptr open_text(std::string_view pem) {
    bio_ptr text{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    if (!text) throw std::bad_alloc{};
    return text;
  }

  /// Adds every certificate of a PEM text to the store and returns how many there were.
  static std::size_t add_authorities(SSL_CTX* ctx, BIO* pem, std::string_view option) {
    std::size_t count = 0;
    ERR_clear_error();
    for (;; ++count) {
      const certificate_ptr one{PEM_read_bio_X509_AUX(pem, nullptr, &give_password, nullptr)};
      if (!one) break;
      X509_check_purpose(one.get(), -1, 0);  // fills its caches before other threads use it
      if (X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), one.get()) != 1) refuse(option, openssl_reason());
    }
    if (!at_end_of_pem()) refuse(option, "a certificate in it cannot be read: " + openssl_reason());
    ERR_clear_error();
    return count;
  }

  /// Whether reading ended at the end of the PEM text, not at a fault in it.
  static bool at_end_of_pem() noexcept {
    const auto last = ERR_peek_last_error();
    return ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
  }

  /// Without this callback OpenSSL would ask for a password on the terminal.
  static int give_password(char* out, int size, int, void* data) {
    if (data == nullptr) return 0;
    const auto password = static_cast<const secret*>(data)->reveal();
    if (password.empty() || password.size() > static_cast<std::size_t>(size)) return 0;
    std::memcpy(out, password.data(), password.size());
    return static_cast<int>(password.size());
  }

  /// Opens a file. The error does not print a name that may be a key, given instead of a file name.
  static bio_ptr open_file(const std::string& name, std::string_view option) {
    if (name.find("-----BEGIN") != std::string::npos || name.find('\n') != std::string::npos) {
      refuse(option, "holds PEM text, not the name of a file; the option for that ends in _pem");
    }
    std::error_code failed;
    const auto status = std::filesystem::status(name, failed);
    const bool may_be_key =
        option.find("key") != std::string_view::npos || name.find('.') == std::string::npos;
    const bool is_file_name = std::filesystem::exists(status) || !may_be_key;  // a key in Base64 has no dot
    const auto shown = is_file_name ? printable(name) : std::string{"the file"};
    if (std::filesystem::is_directory(status)) refuse(option, "cannot read " + shown + ": it is a directory");
    ERR_clear_error();
    bio_ptr file{BIO_new_file(name.c_str(), "rb")};
    if (!file) refuse(option, "cannot read " + shown + ": " + std::generic_category().message(errno));
    return file;
  }

  void load_authorities(SSL_CTX* ctx, const beast_tls_options& options) {
    if (options.ca_file.empty() && options.ca_pem.empty()) return load_system_store(ctx);
    // Any certificate that the user names is a trust anchor, be it an intermediate or the server's own.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx), X509_V_FLAG_PARTIAL_CHAIN);
    if (!options.ca_file.empty()) {
      const auto pem = open_file(options.ca_file, "tls.ca_file");
      if (add_authorities(ctx, pem.get(), "tls.ca_file") == 0) {
        refuse("tls.ca_file", "no certificate in " + options.ca_file);
      }
      trust_ = options.ca_file;
    }
    if (!options.ca_pem.empty()) {
      const auto pem = open_text(options.ca_pem);
      if (add_authorities(ctx, pem.get(), "tls.ca_pem") == 0) refuse("tls.ca_pem", "no certificate in it");
      trust_ += trust_.empty() ? "tls.ca_pem" : " and tls.ca_pem";
    }
  }

  /// Loads the system's trust store and checks that it contains a certificate: OpenSSL reports success even if
  /// the store does not exist, and reads its directories only when it needs a certificate.
  void load_system_store(SSL_CTX* ctx) {
    const auto setting = [](const char* variable, const char* otherwise) {
      const char* const value = std::getenv(variable);
      return std::string{value != nullptr ? value : otherwise};
    };
    const auto file = setting(X509_get_default_cert_file_env(), X509_get_default_cert_file());
    const auto directories = setting(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    trust_ = file + " and " + directories;
    SSL_CTX_set_default_verify_paths(ctx);
    ERR_clear_error();
    const auto* const loaded = X509_STORE_get0_objects(SSL_CTX_get_cert_store(ctx));
    if (sk_X509_OBJECT_num(loaded) > 0 || any_hashed_certificate(directories)) return;
    refuse("tls", "the system's trust store holds no certificate (looked at " + trust_ +
                      "); install the system's CA certificates or set tls.ca_file");
  }

  /// Whether one of the directories contains a file with a name that OpenSSL looks for.
  static bool any_hashed_certificate(const std::string& directories) {
#if defined(_WIN32)
    constexpr char separator = ';';
#else
    constexpr char separator = ':';
#endif
    std::istringstream list{directories};
    for (std::string directory; std::getline(list, directory, separator);) {
      std::error_code failed;
      std::filesystem::directory_iterator at{directory, failed};
      for (; !failed && at != std::filesystem::directory_iterator{}; at.increment(failed)) {
        std::error_code missing;
        if (is_hashed_name(at->path().filename().string()) && at->is_regular_file(missing)) return true;
      }
    }
    return false;
  }

  /// Eight hex digits, a dot, and a number: `5ad8a5d6.0`.
  static bool is_hashed_name(std::string_view name) {
    return name.size() > 9 && name[8] == '.' && std::all_of(name.begin(), name.begin() + 8, is_hex) &&
           std::all_of(name.begin() + 9, name.end(), is_digit);
  }

  /// A PEM text, given by one of two options: `NAME_file` or `NAME_pem`.
  struct pem_source {
    std::string_view name;
    const std::string& file;
    std::string_view pem;

    [[nodiscard]] bool given() const noexcept { return !file.empty() || !pem.empty(); }
    [[nodiscard]] std::string option() const {
      return std::string{name}.append(pem.empty() ? "_file" : "_pem");
    }
    void check() const {
      if (file.empty() || pem.empty()) return;
      refuse(option(), "must not be set together with " + std::string{name} + "_file",
             errc::invalid_argument);
    }
    [[noreturn]] void refuse_use() const {
      refuse(option(), (pem.empty() ? "cannot use " + file : "cannot be used") + ": " + openssl_reason());
    }
    [[nodiscard]] bio_ptr open() const {
      auto text = pem.empty() ? open_file(file, option()) : open_text(pem);
      ERR_clear_error();
      return text;
    }
  };

  static void load_client_certificate(SSL_CTX* ctx, const beast_tls_options& options) {
    const pem_source certificate{"tls.client_certificate", options.client_certificate_file,
                                 options.client_certificate_pem};
    const pem_source key{"tls.client_key", options.client_key_file, options.client_key_pem.reveal()};
    certificate.check();
    key.check();
    if (certificate.given() != key.given()) {
      const auto& missing = key.given() ? certificate : key;
      const auto& present = key.given() ? key : certificate;
      refuse(missing.option(),
             "this or " + std::string{missing.name} + "_pem is needed together with " + present.option(),
             errc::invalid_argument);
    }
    if (!key.given()) return;
    use_chain(ctx, certificate);
    use_key(ctx, key, options.client_key_password);
    if (SSL_CTX_check_private_key(ctx) != 1) {
      refuse(key.option(), "the key does not belong to " + certificate.option());
    }
  }

  static void use_chain(SSL_CTX* ctx, const pem_source& source) {
    const auto text = source.open();
    const certificate_ptr own{PEM_read_bio_X509_AUX(text.get(), nullptr, &give_password, nullptr)};
    if (!own || SSL_CTX_use_certificate(ctx, own.get()) != 1) source.refuse_use();
    for (;;) {
      const certificate_ptr next{PEM_read_bio_X509(text.get(), nullptr, &give_password, nullptr)};
      if (!next) break;
      if (SSL_CTX_add1_chain_cert(ctx, next.get()) != 1) source.refuse_use();
    }
    if (!at_end_of_pem()) source.refuse_use();
    ERR_clear_error();
  }

  static void use_key(SSL_CTX* ctx, const pem_source& source, const secret& password) {
    const auto text = source.open();
    const openssl_ptr<EVP_PKEY, EVP_PKEY_free> key{
        PEM_read_bio_PrivateKey(text.get(), nullptr, &give_password, const_cast<secret*>(&password))};
    if (!key || SSL_CTX_use_PrivateKey(ctx, key.get()) != 1) source.refuse_use();
  }

  openssl_ptr<SSL_CTX, SSL_CTX_free> context_;
  tls_engine::method_ptr buffers_ = tls_engine::make_method();
  bool verifies_ = true;
  std::string trust_;
};

}  // namespace sso::detail::net
