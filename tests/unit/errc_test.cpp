// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/errc.hpp>

#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct row {
  sso::errc code;
  std::string_view name;
  bool retryable;
  bool authorization;
  bool no_response;
  bool client_mistake;
};

const std::vector<row> table{
    {sso::errc::invalid_argument, "invalid_argument", false, false, false, true},
    {sso::errc::cancelled, "cancelled", false, false, true, false},
    {sso::errc::timeout, "timeout", true, false, true, false},
    {sso::errc::connect_failed, "connect_failed", true, false, true, false},
    {sso::errc::tls_failed, "tls_failed", false, false, true, false},
    {sso::errc::transport_failed, "transport_failed", true, false, true, false},
    {sso::errc::incomplete_response, "incomplete_response", true, false, true, false},
    {sso::errc::protocol_error, "protocol_error", false, false, true, false},
    {sso::errc::response_too_large, "response_too_large", false, false, true, false},
    {sso::errc::decode_failed, "decode_failed", false, false, false, false},
    {sso::errc::credentials_rejected, "credentials_rejected", false, true, false, false},
    {sso::errc::bad_request, "bad_request", false, false, false, true},
    {sso::errc::unauthorized, "unauthorized", false, true, false, false},
    {sso::errc::forbidden, "forbidden", false, true, false, false},
    {sso::errc::not_found, "not_found", false, false, false, true},
    {sso::errc::conflict, "conflict", false, false, false, true},
    {sso::errc::unprocessable, "unprocessable", false, false, false, true},
    {sso::errc::rate_limited, "rate_limited", true, false, false, false},
    {sso::errc::server_error, "server_error", true, false, false, false},
    {sso::errc::unexpected_status, "unexpected_status", false, false, false, false},
};

}  // namespace

TEST_CASE("each error code has a name and a message and its conditions") {
  int value = 1;
  for (const auto& row : table) {
    CAPTURE(row.name);
    CHECK(static_cast<int>(row.code) == value++);
    CHECK(sso::to_string(row.code) == row.name);

    const boost::system::error_code code = row.code;
    CHECK(code.failed());
    CHECK(code.category() == sso::error_category());
    CHECK(code.message() == row.name);
    CHECK((code == sso::condition::retryable) == row.retryable);
    CHECK((code == sso::condition::authorization) == row.authorization);
    CHECK((code == sso::condition::no_response) == row.no_response);
    CHECK((code == sso::condition::client_mistake) == row.client_mistake);
  }
  CHECK(sso::to_string(static_cast<sso::errc>(value)) == "unknown");
  CHECK(sso::to_string(sso::errc{}) == "unknown");
}

TEST_CASE("a condition does not match codes of other categories") {
  const auto foreign = boost::system::errc::make_error_code(boost::system::errc::timed_out);
  CHECK_FALSE(foreign == sso::condition::retryable);
  // The same number as `errc::timeout`, in another category.
  const boost::system::error_code same_number{static_cast<int>(sso::errc::timeout),
                                              boost::system::generic_category()};
  CHECK_FALSE(same_number == sso::condition::retryable);
}

TEST_CASE("each category and condition has a name") {
  CHECK(sso::error_category().name() == std::string_view{"sso"});
  CHECK(sso::condition_category().name() == std::string_view{"sso.condition"});

  std::set<std::string> names;
  for (const auto c : {sso::condition::retryable, sso::condition::authorization, sso::condition::no_response,
                       sso::condition::client_mistake}) {
    names.insert(sso::make_error_condition(c).message());
  }
  CHECK(names == std::set<std::string>{"retryable", "authorization", "no_response", "client_mistake"});
}

TEST_CASE("error codes and outcomes print their names") {
  std::ostringstream out;
  out << sso::errc::not_found << ' ' << sso::outcome::not_sent << ' ' << sso::outcome::maybe_executed << ' '
      << sso::outcome::rejected;
  CHECK(out.str() == "not_found not_sent maybe_executed rejected");
  CHECK(sso::to_string(static_cast<sso::outcome>(9)) == "unknown");
}

TEST_CASE("each status maps to an error code") {
  struct status_row {
    unsigned status;
    sso::errc code;
  };
  const std::vector<status_row> statuses{
      {300, sso::errc::unexpected_status}, {301, sso::errc::unexpected_status},
      {304, sso::errc::unexpected_status}, {400, sso::errc::bad_request},
      {401, sso::errc::unauthorized},      {402, sso::errc::unexpected_status},
      {403, sso::errc::forbidden},         {404, sso::errc::not_found},
      {405, sso::errc::unexpected_status}, {408, sso::errc::unexpected_status},
      {409, sso::errc::conflict},          {418, sso::errc::unexpected_status},
      {422, sso::errc::unprocessable},     {429, sso::errc::rate_limited},
      {499, sso::errc::unexpected_status}, {500, sso::errc::server_error},
      {503, sso::errc::server_error},      {599, sso::errc::server_error},
      {600, sso::errc::unexpected_status}, {999, sso::errc::unexpected_status},
  };
  for (const auto& row : statuses) {
    CAPTURE(row.status);
    CHECK(sso::errc_of_status(row.status) == row.code);
  }
}
