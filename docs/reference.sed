# SPDX-License-Identifier: BSL-1.0
# What the reference leaves out, line by line, so that line numbers stay: how models are JSON and what they are
# called on the wire, comparisons member by member, what is deleted or befriended, and the twin that a setter has for temporaries.
s/^  friend (bool|auto) operator(==|<=>)\(.*= default;$//
s/^ .*= delete;.*$//
s/^  friend [a-z_:]+<?[a-z_, ]*>?;$//
/^  [a-z_]+&& [a-z_]+\(.*\) && \{ return .* \}$/s/.*//
/^  [a-z_]+&& [a-z_]+\(.*\) && \{$/,/^  \}$/s/.*//
s/^  SSO_DECL [a-z_]+&& [a-z_]+\(.*\) &&;$//
/^template <>$/,/^\};?$/s/.*//
s/.*boost::system::is_error_.*//
# Doxygen ends the brief description at `name.*`, within the code.
s/`([a-z]+)\.\*`/`\1`/g
