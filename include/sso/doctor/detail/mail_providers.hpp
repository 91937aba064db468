// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace sso::doctor::detail {

/// Domains of public mail providers, sorted.
inline constexpr std::string_view mail_providers[] = {
    "126.com",        "139.com",       "163.com",       "aim.com",        "aol.com",        "arcor.de",
    "att.net",        "bellsouth.net", "bigpond.com",   "bk.ru",          "bluewin.ch",     "bol.com.br",
    "btinternet.com", "comcast.net",   "cox.net",       "daum.net",       "duck.com",       "email.com",
    "fastmail.com",   "fastmail.fm",   "foxmail.com",   "free.fr",        "freenet.de",     "gmail.com",
    "gmx.at",         "gmx.ch",        "gmx.com",       "gmx.de",         "gmx.net",        "googlemail.com",
    "hanmail.net",    "hey.com",       "hotmail.co.uk", "hotmail.com",    "hotmail.de",     "hotmail.es",
    "hotmail.fr",     "hotmail.it",    "hushmail.com",  "icloud.com",     "inbox.ru",       "laposte.net",
    "libero.it",      "list.ru",       "live.co.uk",    "live.com",       "live.de",        "live.fr",
    "mac.com",        "mail.com",      "mail.ru",       "mailbox.org",    "me.com",         "msn.com",
    "naver.com",      "o2.pl",         "onet.pl",       "online.de",      "orange.fr",      "outlook.com",
    "outlook.de",     "outlook.fr",    "pm.me",         "posteo.de",      "proton.me",      "protonmail.ch",
    "protonmail.com", "qq.com",        "rambler.ru",    "rediffmail.com", "rocketmail.com", "sbcglobal.net",
    "seznam.cz",      "sfr.fr",        "sina.com",      "sky.com",        "sohu.com",       "t-online.de",
    "terra.com.br",   "tuta.com",      "tutanota.com",  "uol.com.br",     "verizon.net",    "virgilio.it",
    "wanadoo.fr",     "web.de",        "wp.pl",         "ya.ru",          "yahoo.ca",       "yahoo.co.in",
    "yahoo.co.jp",    "yahoo.co.uk",   "yahoo.com",     "yahoo.com.br",   "yahoo.de",       "yahoo.es",
    "yahoo.fr",       "yahoo.it",      "yandex.com",    "yandex.ru",      "yeah.net",       "ymail.com",
    "zoho.com",       "zohomail.com",
};
static_assert(std::is_sorted(std::begin(mail_providers), std::end(mail_providers)));

[[nodiscard]] inline bool is_mail_provider(std::string_view domain) {
  std::string name{sso::detail::trim(domain)};
  std::transform(name.begin(), name.end(), name.begin(), sso::detail::to_lower);
  if (name.ends_with('.')) name.pop_back();
  return std::binary_search(std::begin(mail_providers), std::end(mail_providers), std::string_view{name});
}

}  // namespace sso::doctor::detail
