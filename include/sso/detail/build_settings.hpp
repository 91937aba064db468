// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Compile settings that must be the same in all files of a program, because they change types or functions
/// of this library, Asio or the standard library. If two files differ, linking fails; the linker names a
/// variable, whose name states the setting.
///
/// Each file defines each variable, as thread-local or not depending on the setting. `ld` refuses to merge
/// the two kinds; `lld` does not check.
namespace sso::detail {

#define SSO_SETTING(name) [[gnu::used]] inline constinit char name = 0                     // NOLINT
#define SSO_OTHER_SETTING(name) [[gnu::used]] inline constinit thread_local char name = 0  // NOLINT

#if defined(__cpp_rtti)
SSO_SETTING(files_differ_in_rtti);
#else
SSO_OTHER_SETTING(files_differ_in_rtti);
#endif

#if defined(__cpp_exceptions)
SSO_SETTING(files_differ_in_exceptions);
#else
SSO_OTHER_SETTING(files_differ_in_exceptions);
#endif

#if defined(SSO_SEPARATE_COMPILATION)
SSO_SETTING(files_differ_in_SSO_SEPARATE_COMPILATION);
#else
SSO_OTHER_SETTING(files_differ_in_SSO_SEPARATE_COMPILATION);
#endif

#if defined(BOOST_ASIO_ENABLE_HANDLER_TRACKING) || defined(BOOST_ASIO_CUSTOM_HANDLER_TRACKING)
SSO_SETTING(files_differ_in_BOOST_ASIO_ENABLE_HANDLER_TRACKING);
#else
SSO_OTHER_SETTING(files_differ_in_BOOST_ASIO_ENABLE_HANDLER_TRACKING);
#endif

// With _GLIBCXX_DEBUG Asio defines the macro itself, in a header that may be included later.
#if defined(BOOST_ASIO_ENABLE_BUFFER_DEBUGGING) && !defined(_GLIBCXX_DEBUG)
SSO_SETTING(files_differ_in_BOOST_ASIO_ENABLE_BUFFER_DEBUGGING);
#else
SSO_OTHER_SETTING(files_differ_in_BOOST_ASIO_ENABLE_BUFFER_DEBUGGING);
#endif

#if defined(BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING)
SSO_SETTING(files_differ_in_BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING);
#else
SSO_OTHER_SETTING(files_differ_in_BOOST_ASIO_DISABLE_SMALL_BLOCK_RECYCLING);
#endif

#if defined(BOOST_ASIO_DISABLE_THREADS)
SSO_SETTING(files_differ_in_BOOST_ASIO_DISABLE_THREADS);
#else
SSO_OTHER_SETTING(files_differ_in_BOOST_ASIO_DISABLE_THREADS);
#endif

#if defined(BOOST_ASIO_HAS_IO_URING)
SSO_SETTING(files_differ_in_BOOST_ASIO_HAS_IO_URING);
#else
SSO_OTHER_SETTING(files_differ_in_BOOST_ASIO_HAS_IO_URING);
#endif

#if defined(BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT)
SSO_SETTING(files_differ_in_BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT);
#else
SSO_OTHER_SETTING(files_differ_in_BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT);
#endif

#if defined(BOOST_ASIO_DISABLE_EPOLL)
SSO_SETTING(files_differ_in_BOOST_ASIO_DISABLE_EPOLL);
#else
SSO_OTHER_SETTING(files_differ_in_BOOST_ASIO_DISABLE_EPOLL);
#endif

#if defined(BOOST_ASIO_NO_DEPRECATED)
SSO_SETTING(files_differ_in_BOOST_ASIO_NO_DEPRECATED);
#else
SSO_OTHER_SETTING(files_differ_in_BOOST_ASIO_NO_DEPRECATED);
#endif

#if defined(BOOST_ASIO_NO_TS_EXECUTORS)
SSO_SETTING(files_differ_in_BOOST_ASIO_NO_TS_EXECUTORS);
#else
SSO_OTHER_SETTING(files_differ_in_BOOST_ASIO_NO_TS_EXECUTORS);
#endif

#if defined(_GLIBCXX_DEBUG)
SSO_SETTING(files_differ_in_GLIBCXX_DEBUG);
#else
SSO_OTHER_SETTING(files_differ_in_GLIBCXX_DEBUG);
#endif

#undef SSO_SETTING
#undef SSO_OTHER_SETTING

}  // namespace sso::detail
