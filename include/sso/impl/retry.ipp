// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/pipeline/retry.hpp>

#include <string>

namespace sso::pipeline {

SSO_DECL error end_between_attempts(errc code, const std::optional<error>& before) {
  error ended{code, outcome::not_sent,
              code == errc::timeout ? "the call's time ran out before an attempt"
                                    : "while waiting for the next attempt"};
  if (before) remember(ended, *before);
  return ended;
}

SSO_DECL error note_of(const result<http::response>& answer) {
  if (!answer) return answer.error();
  error note{errc_of_status(answer->status), outcome_of(*answer)};
  note.with_response(*answer);
  return note;
}

SSO_DECL void remember(error& timed_out, const error& before) {
  timed_out.with_what(timed_out.what() + "; the attempt before: " + describe(before))
      .with_cause(before.code());
}

}  // namespace sso::pipeline
