# SPDX-License-Identifier: BSL-1.0
import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir


class SsoConan(ConanFile):
    name = "sso"
    description = "C++20 coroutines for the SSO-connection APIs of Keycard and Truto"
    license = "BSL-1.0"
    topics = ("sso", "asio", "coroutines", "rest")
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*"
    generators = "CMakeDeps"
    test_package_folder = "packaging/conan/test_package"

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, "include", "sso", "version.hpp"))
        self.version = re.search(r'SSO_VERSION_STRING "([^"]+)"', header).group(1)

    def requirements(self):
        # Both are named in the headers, so their users see them too.
        self.requires("boost/[>=1.81 <2]", transitive_headers=True, transitive_libs=True)
        self.requires("openssl/[>=3 <4]", transitive_headers=True, transitive_libs=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["SSO_INSTALL"] = True
        for part in ("TESTS", "EXAMPLES", "BENCHMARKS"):
            toolchain.cache_variables[f"SSO_BUILD_{part}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        # Conan writes its own from what package_info says.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "sso")
        # The target of all components, which would else be sso::sso, too.
        self.cpp_info.set_property("cmake_target_name", "sso::all")

        headers = self.cpp_info.components["headers"]
        headers.set_property("cmake_target_name", "sso::sso")
        headers.set_property("pkg_config_name", "sso")
        headers.libdirs = []
        headers.requires = ["boost::headers", "boost::json", "boost::url", "openssl::ssl", "openssl::crypto"]
        if self.settings.os in ("Linux", "FreeBSD"):
            headers.system_libs = ["pthread"]

        compiled = self.cpp_info.components["compiled"]
        compiled.set_property("cmake_target_name", "sso::compiled")
        compiled.set_property("pkg_config_name", "sso-compiled")
        compiled.libs = ["sso"]
        compiled.defines = ["SSO_SEPARATE_COMPILATION"]
        compiled.requires = ["headers"]

        testing = self.cpp_info.components["testing"]
        testing.set_property("cmake_target_name", "sso::testing")
        testing.set_property("pkg_config_name", "sso-testing")
        testing.libs = ["sso_testing"]
        testing.requires = ["compiled"]
