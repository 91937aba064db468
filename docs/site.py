#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Prepares the Markdown documents and the examples as pages of the documentation site.

    docs/site.py TAGS FOLDER

Run by scripts/docs, in the root of the sources. TAGS is Doxygen's tag file of the reference, FOLDER takes the pages.
The documents are written for a reader of the files. On the site their headings get ids, links between documents become
links between pages, and names in `code` become links to the reference.

Fails on a link to a file that does not exist, and on a name `sso::...` that the reference does not have.

    docs/site.py --check FOLDER

Fails on a link of a guide in the site in FOLDER to a page or place that does not exist.
"""
import html
import os
import re
import sys
import xml.etree.ElementTree as xml

# In reading order: document, page id, title in the tree, and where unqualified names of the page are looked up first.
GUIDES = [
    ("README.md", "index", None, ["sso::error"]),
    ("docs/tutorial.md", "tutorial", "Tutorial", ["sso::error"]),
    ("docs/cookbook.md", "cookbook", "Cookbook", ["sso::call_options", "sso::beast_options"]),
    ("docs/errors.md", "errors", "Errors", ["sso::error", "sso::errc", "sso::outcome", "sso::condition"]),
    ("docs/testing.md", "testing", "Testing", ["sso::testing::fake_transport"]),
    ("docs/building.md", "building", "Build settings", []),
    ("docs/comparison.md", "comparison", "Comparison", []),
    ("docs/design.md", "design", "Design", []),
    ("examples/README.md", "examples", "Examples", []),
    ("tools/ssoctl/README.md", "ssoctl", "ssoctl", []),
]
# Subpages of the page "The project".
PROJECT = [
    ("CHANGELOG.md", "changes", "Changes", []),
    ("CONTRIBUTING.md", "contributing", "Contributing", []),
    ("SECURITY.md", "security", "Security", []),
    ("benchmarks/README.md", "benchmarks", "Benchmarks", []),
    ("packaging/README.md", "packaging", "Packages", []),
]
DOCUMENTS = GUIDES + PROJECT
IDS = {document: page for document, page, _, _ in DOCUMENTS}
# A page for each example: a file, a folder, or files in the order in which to read them.
EXAMPLES = [
    ("1_first_call", "The first call", ["1_first_call.cpp"]),
    ("2_keycard", "Keycard", ["2_keycard.cpp"]),
    ("3_truto", "Truto", ["3_truto.cpp"]),
    ("4_own_transport", "A transport over libcurl", ["4_own_transport"]),
    ("5_testing_a_service", "Testing a service", ["5_provisioning.hpp", "5_testing_a_service.cpp"]),
    ("6_service", "A service", ["6_service"]),
    ("7_completion_tokens", "Completion tokens", ["7_completion_tokens.cpp"]),
    ("stand_in", "The fakes that the examples call", ["stand_in.hpp", "stand_in.cpp"]),
    ("demo", "The demo", ["demo"]),
]
# The scopes in which unqualified names are looked up on every page, after the page's own scopes.
SCOPES = ["sso", "sso::http", "sso::testing", "sso::doctor", "sso::keycard", "sso::keycard::operations", "sso::truto",
          "sso::truto::operations", "sso::call_options", "sso::client_options", "sso::beast_options", "sso::events",
          "sso::error", "sso::errc", "sso::outcome", "sso::keycard::connection_spec", "sso::truto::domain_verification",
          "sso::truto::poll", "sso::doctor::report", "sso::beast_tls_options", "sso::testing::fake_transport",
          "sso::testing::manual_runtime", "sso::any_transport"]
# The names of objects of these classes in the guides.
OBJECTS = {"http": "http_exchange", "pool": "beast_pool_options", "retry": "retry_policy", "call": "events::call_info",
           "options": "client_options", "network": "beast_options", "e": "exception", "idp": "testing::fake_idp",
           "connection": "keycard::sso_connection", "limits": "http::limits"}
CMAKE_TARGETS = ["sso::sso", "sso::compiled", "sso::testing"]
# Doxygen does not highlight shell and CMake. Its Python highlighting knows their comments and strings.
HIGHLIGHTED_AS = {"cpp": "cpp", "sh": "py", "cmake": "py", "json": "js"}

faults = []


class Names:
    """The public names, and where the site has them."""

    def __init__(self, tags):
        self.urls = {}
        self.files = {}
        for compound in xml.parse(tags).getroot().iter("compound"):
            name, file = compound.findtext("name"), compound.findtext("filename")
            kind = compound.get("kind")
            if kind == "file":
                self.files[os.path.relpath(compound.findtext("path") + name)] = file
            if kind not in ("namespace", "class", "struct", "concept"):
                continue
            self.urls.setdefault(name, file)
            for member in compound.iter("member"):
                self.add(name, member)

    def add(self, scope, member):
        name = scope + "::" + member.findtext("name")
        url = member.findtext("anchorfile") + "#" + member.findtext("anchor")
        self.urls.setdefault(name, url)
        for value in member.iter("enumvalue"):  # only documented ones have an anchor
            self.urls.setdefault(name + "::" + value.text, url)

    def find(self, text, scopes):
        """The URL of the name that `text` is, as `sso::error`, `timeout()` or `<sso/error.hpp>`; or None."""
        if header := re.fullmatch(r"<?(?:include/)?(sso/[\w/]+\.hpp)>?", text):
            noun = header.group(1)[:-len(".hpp")].replace("/", "::")
            return self.files.get("include/" + header.group(1)) or self.urls.get(noun)
        if not re.match(r"[A-Za-z_]", text) or text in CMAKE_TARGETS:
            return None
        name = re.sub(r"<[^<>]*>", "", text)
        name = re.sub(r"(\(.*\)|\{.*\})$", "", name).replace(".", "::")
        name = re.sub(r"^(asio|std|boost)::.*", "", re.sub(r"^co_await ", "", name))
        if not re.fullmatch(r"~?\w+(::~?\w+)*", name):
            return None
        # A client has the members of its class template and of the template's base.
        spellings = [name, re.sub(r"^(\w+)(?=::)", lambda m: OBJECTS.get(m.group(1), m.group(1)), name),
                     re.sub(r"\bclient::", "basic_client::", name),
                     re.sub(r"\b(basic_)?client::", "operations::", name),
                     re.sub(r"\b(keycard|truto)::", r"\1::operations::", name)]
        for scope in [""] + [s + "::" for s in scopes + SCOPES]:
            for spelling in spellings:
                if url := self.urls.get(scope + spelling):
                    return url
        return None


def anchor(heading):
    """As code hosts make them of headings."""
    return re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")


def page_anchor(page, heading):
    return page + "-" + heading


def link_target(document, target, names):
    """Where a link of a document leads on the site: a reference for `@ref`, a URL, or None if it has no page there."""
    if re.match(r"(https?|mailto):", target):
        return None, target
    path, _, fragment = target.partition("#")
    file = os.path.normpath(os.path.join(os.path.dirname(document), path)) if path else document
    if not os.path.exists(file):
        faults.append(f"{document}: {target} does not exist")
    if file in IDS:
        return (page_anchor(IDS[file], fragment) if fragment else IDS[file]), None
    if os.path.isdir(file) and file + "/README.md" in IDS:
        return IDS[file + "/README.md"], None
    if file.startswith("examples/"):
        for name, _, entries in EXAMPLES:
            if file[len("examples/"):] in entries + example_files(entries):
                return "example_" + name, None
    return None, names.files.get(file)


def page_of(document, page, title, scopes, names):
    """The document's text as Doxygen takes it."""
    out = []
    text = []

    def end_of_text():
        if text:
            out.append(inline(document, "\n".join(text), scopes, names))
            text.clear()

    fence = False
    for line in open(document, encoding="utf-8").read().split("\n"):
        heading = None if fence else re.match(r"(#+) (.*)$", line)
        if not (fence or line.startswith(("```", "<!--")) or heading):
            text.append(line)
            continue
        end_of_text()
        if line.startswith("```"):
            fence = not fence
            out.append("```{.%s}" % HIGHLIGHTED_AS.get(line[3:], "unparsed") if fence else "```")
        elif fence:
            out.append(line)
        elif heading:
            plain = heading.group(2).replace("`", "")
            if heading.group(1) == "#":
                out.append(f"# {title or plain} {{#{'mainpage' if page == 'index' else page}}}")
            elif page == "index":  # its headings are not in the tree
                out.append(f'<h2 id="{anchor(heading.group(2))}">{plain}</h2>')
            else:
                out.append(f"{heading.group(1)} {plain} {{#{page_anchor(page, anchor(heading.group(2)))}}}")
    end_of_text()
    return "\n".join(out)


def inline(document, text, scopes, names):
    """Text without blocks of code: its links and code spans. A link may hold code."""

    def replaced(match):
        if match.group("code") is not None:
            return code(document, match.group("code"), scopes, names)
        label, target = match.group("label").replace("\n", " "), match.group("target")
        whole = re.fullmatch(r"`([^`]*)`", label)
        if whole and not target.endswith(".md") and (url := names.find(whole.group(1), scopes)):
            return link(url, f"<code>{html.escape(whole.group(1))}</code>")
        shown = re.sub(r"`([^`]*)`", lambda c: f"<code>{html.escape(c.group(1))}</code>", label)
        reference, url = link_target(document, target, names)
        if reference:
            return f'@ref {reference} "{shown}"' if "<" not in shown else f"[{shown}](@ref {reference})"
        return link(url, shown) if url else shown

    pattern = r"`(?P<code>[^`]+)`|(?<!!)\[(?P<label>[^\]]*)\]\((?P<target>[^)]+)\)"
    return re.sub(pattern, replaced, text)


def link(url, shown):
    return f'<a class="el" href="{url}">{shown}</a>'


def code(document, text, scopes, names):
    if url := names.find(text, scopes):
        return link(url, f"<code>{html.escape(text)}</code>")
    if re.fullmatch(r"sso::\w+(::\w+)*", text) and text not in CMAKE_TARGETS:
        faults.append(f"{document}: the reference has no {text}")
    return f"`{text}`"


def example_files(entries):
    """The files of an example, below examples/; of a folder the one with main() first."""
    files = []
    for entry in entries:
        folder = os.path.join("examples", entry)
        if not os.path.isdir(folder):
            files.append(entry)
            continue
        inside = [entry + "/" + name for name in os.listdir(folder) if name.endswith((".hpp", ".cpp"))]
        files += sorted(inside, key=lambda f: (f not in (entry + "/main.cpp", f"{entry}/{entry}.cpp"), f[:-4], f[-4:] == ".cpp"))
    return files


def example_page(name, title, files):
    out = [f"# {title} {{#example_{name}}}", ""]
    for file in files:
        if len(files) > 1:
            out += [f"## {file}", ""]
        out += [f"@include {file}", ""]
    return "\n".join(out)


def subpages(ids):
    return "\n" + "\n".join(f"- @subpage {page}" for page in ids) + "\n"


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
        out.write(text)


def check(folder):
    """Adds a fault for each link of a guide that leads nowhere."""
    guides = [page + ".html" for page in IDS.values()] + [f"example_{name}.html" for name, _, _ in EXAMPLES]
    pages = {}
    for name in os.listdir(folder):
        if name.endswith(".html"):
            with open(os.path.join(folder, name), encoding="utf-8") as page:
                pages[name] = page.read()
    places = {name: set(re.findall(r'\b(?:id|name)="([^"]+)"', text)) for name, text in pages.items()}
    for name in guides:
        for target in set(re.findall(r'<a [^>]*href="([^":]+)"', pages[name])):
            page, _, place = html.unescape(target).partition("#")
            if page.endswith(".html") and page not in pages:
                faults.append(f"{name}: the link to {page} leads nowhere")
            elif place and place not in places.get(page or name, ()):
                faults.append(f"{name}: {page or name} has no place {place}")


def build():
    names = Names(sys.argv[1])
    folder = sys.argv[2]
    os.makedirs(folder)
    for order, (document, page, title, scopes) in enumerate(DOCUMENTS):
        text = page_of(document, page, title, scopes, names)
        if page == "examples":
            text += subpages("example_" + name for name, _, _ in EXAMPLES)
        write(folder, f"{order:02}_{page}.md", text)
    write(folder, f"{len(DOCUMENTS):02}_project.md",
          "# The project {#project}\n" + subpages(page for _, page, _, _ in PROJECT))
    for name, title, files in EXAMPLES:
        write(folder, f"example_{name}.md", example_page(name, title, example_files(files)))


def main():
    if sys.argv[1] == "--check":
        check(sys.argv[2])
    else:
        build()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
