# SPDX-License-Identifier: BSL-1.0
"""Carries out conanfile.py and its test package as `conan create .` would, with an imitation of the few parts of Conan's API
that they use, for machines without Conan. Boost and OpenSSL are the system's.

  python3 create.py WORK_DIRECTORY

The program is built and run against what `package_info` says, not against the installed CMake package.
"""
import contextlib
import fnmatch
import importlib.util
import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SYSTEM_TARGETS = {
    "boost::headers": "Boost::headers",
    "boost::json": "Boost::json",
    "boost::url": "Boost::url",
    "openssl::ssl": "OpenSSL::SSL",
    "openssl::crypto": "OpenSSL::Crypto",
}


def run(*command):
    print("+", *command, flush=True)
    subprocess.run([str(word) for word in command], check=True)


class Component:
    def __init__(self):
        self.properties = {}
        self.includedirs, self.libdirs = ["include"], ["lib"]
        self.libs, self.defines, self.requires, self.system_libs = [], [], [], []

    def set_property(self, name, value):
        self.properties[name] = value


class Components(dict):
    def __missing__(self, name):
        self[name] = Component()
        return self[name]


class CppInfo(Component):
    def __init__(self):
        super().__init__()
        self.components = Components()


class ConanFile:
    def __init__(self, folder):
        self.recipe_folder = str(folder)
        self.settings = types.SimpleNamespace(os="Linux", arch="x86_64", compiler="gcc", build_type="Debug")
        self.cpp_info = CppInfo()
        self.cpp = types.SimpleNamespace(build=types.SimpleNamespace(bindir=None))
        self.required = []
        self.cache_variables = {}

    def requires(self, reference, **traits):
        self.required.append((reference, traits))

    def run(self, command, env=None):
        assert env in ("conanbuild", "conanrun")
        run(*command.split())


class CMakeToolchain:
    def __init__(self, conanfile):
        self._conanfile = conanfile
        self.cache_variables = {}

    def generate(self):
        self._conanfile.cache_variables = self.cache_variables


class CMake:
    def __init__(self, conanfile):
        self._conanfile = conanfile

    def configure(self):
        options = [f"-D{name}={'ON' if value is True else 'OFF' if value is False else value}"
                   for name, value in self._conanfile.cache_variables.items()]
        run("cmake", "-S", self._conanfile.source_folder, "-B", self._conanfile.build_folder, "-G", "Ninja",
            "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0", "-DCMAKE_CXX_STANDARD=20",
            "-DCMAKE_INSTALL_LIBDIR=lib", f"-DCMAKE_PREFIX_PATH={self._conanfile.generators_folder}", *options)

    def build(self):
        run("cmake", "--build", self._conanfile.build_folder)

    def install(self):
        run("cmake", "--install", self._conanfile.build_folder, "--prefix", self._conanfile.package_folder)


def cmake_layout(conanfile):
    conanfile.cpp.build.bindir = conanfile.build_folder


def copy(conanfile, pattern, src, dst):
    found = [path for path in Path(src).rglob("*") if path.is_file() and
             fnmatch.fnmatch(str(path.relative_to(src)), pattern)]
    assert found, f"{pattern} matches nothing in {src}"
    for path in found:
        target = Path(dst) / path.relative_to(src)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)


def load(conanfile, path):
    return Path(path).read_text(encoding="utf-8")


def rmdir(conanfile, path):
    assert Path(path).is_dir(), f"{path} is not there to be removed"
    shutil.rmtree(path)


def imitate(name, **members):
    module = types.ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module


imitate("conan", ConanFile=ConanFile)
imitate("conan.tools")
imitate("conan.tools.build", can_run=lambda conanfile: True, check_min_cppstd=lambda conanfile, standard: None)
imitate("conan.tools.cmake", CMake=CMake, CMakeToolchain=CMakeToolchain, cmake_layout=cmake_layout)
imitate("conan.tools.files", copy=copy, load=load, rmdir=rmdir)


def recipe(folder):
    spec = importlib.util.spec_from_file_location("recipe", Path(folder) / "conanfile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    classes = [each for each in vars(module).values()
               if isinstance(each, type) and issubclass(each, ConanFile) and each is not ConanFile]
    assert len(classes) == 1
    return classes[0](folder)


def write_cmake_package(conanfile, folder):
    """What the generator CMakeDeps makes of package_info, for the build types alike."""
    package = Path(conanfile.package_folder)
    components = conanfile.cpp_info.components
    targets = {name: each.properties["cmake_target_name"] for name, each in components.items()}
    assert conanfile.cpp_info.properties["cmake_target_name"] not in targets.values()
    lines = ["find_package(Boost CONFIG REQUIRED COMPONENTS json url)", "find_package(OpenSSL REQUIRED)"]
    for name, each in components.items():
        links = [SYSTEM_TARGETS.get(other) or targets[other] for other in each.requires] + each.system_libs
        for library in each.libs:
            found = [package / libdir / f"lib{library}.a" for libdir in each.libdirs]
            assert found[0].is_file(), f"{found[0]} was not packaged"
            links.insert(0, found[0])
        for directory in each.includedirs:
            assert (package / directory / "sso").is_dir()
        lines += [
            f"add_library({targets[name]} INTERFACE IMPORTED)",
            f"target_include_directories({targets[name]} INTERFACE {' '.join(str(package / d) for d in each.includedirs)})",
            f"target_compile_definitions({targets[name]} INTERFACE {' '.join(each.defines)})",
            f"target_link_libraries({targets[name]} INTERFACE {' '.join(map(str, links))})",
        ]
    folder.mkdir(parents=True)
    file_name = conanfile.cpp_info.properties["cmake_file_name"]
    (folder / f"{file_name}-config.cmake").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    work = Path(sys.argv[1]).resolve()
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(work)
    sso = recipe(ROOT)
    sso.set_version()
    sso.generators_folder = str(work / "generators")
    sso.source_folder, sso.build_folder, sso.package_folder = (str(work / part) for part in ("source", "build", "package"))
    for pattern in sso.exports_sources:
        copy(sso, pattern, src=ROOT, dst=sso.source_folder)
    sso.requirements()
    assert sorted(reference.split("/")[0] for reference, _ in sso.required) == ["boost", "openssl"]
    for stage in (sso.layout, sso.validate, sso.generate, sso.build, sso.package, sso.package_info):
        stage()
    assert (work / "package" / "licenses" / "LICENSE").is_file()

    test = recipe(ROOT / sso.test_package_folder)
    test.tested_reference_str = f"{sso.name}/{sso.version}"
    test.generators_folder = str(work / "test_generators")
    test.source_folder, test.build_folder = test.recipe_folder, str(work / "test_build")
    write_cmake_package(sso, work / "test_generators")
    for stage in (test.requirements, test.layout, test.build, test.test):
        stage()


main()
