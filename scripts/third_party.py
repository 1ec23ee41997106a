#!/usr/bin/env python3
"""What the program is linked with and made of, by the names and licences of Debian's packages.

usage: third_party.py BINARY            compares names: docs/third-party.md and packaging/copyright
       third_party.py --write BINARY    writes both anew

Linked libraries are read from the binary (NEEDED), header libraries from the #include lines of
the product; dpkg says which package each file is of, and /usr/share/doc/PACKAGE/copyright its
licence. Versions are not compared: they are Debian's to raise.
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs/third-party.md"
COPYRIGHT = ROOT / "packaging/copyright"
# The compiler's and the system's own; what they add to a program is free for any program.
TOOLCHAIN = re.compile(r"^(glibc|gcc-\d+|linux|cross-toolchain-base.*)$")
# Names that more people know.
SPOKEN = {"public-domain": "public domain", "Expat": "MIT"}
PURPOSE = {
    "actor-framework": "actors", "boost": "HTTP, sockets (header library)",
    "cli11": "command line (header library)", "howardhinnant-date": "time zones",
    "libkainjow-mustache": "pages (header library)", "libsodium": "encryption, hashes",
    "openssl": "TLS", "simdjson": "reading JSON", "sqlite3": "database",
    "systemd": "telling systemd that the service is ready", "utf8proc": "letter case, Unicode",
    "libyaml": "the frontmatter of skills",
}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def packages_of(paths):
    """The packages that the files are of. Debian says /lib or /usr/lib of the same file."""
    asked = {spelling for path in map(str, paths)
             for spelling in (path, "/usr" + path, re.sub(r"^/usr", "", path))}
    return sorted(set(re.findall(r"^([\w.+-]+)(?::\w+)?: /", run("dpkg", "-S", *asked), re.M)))


def linked(binary):
    paths = dict(re.findall(r"(\S+) => (\S+)", run("ldd", binary)))
    for name in re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", binary)):
        if name in paths:
            yield Path(paths[name]).resolve()


def included():
    for folder in [ROOT, *(f for f in ROOT.iterdir() if f.is_dir() and not f.name.startswith((
            "build", ".", "tests", "benchmarks", "docs")))]:
        for source in folder.glob("*.[ch]pp"):
            for header in re.findall(r"^#include <([^>]+)>", source.read_text("utf-8"), re.M):
                path = Path("/usr/include") / header
                if path.exists():
                    yield path.resolve()


def upstream(package):
    """boost1.81 and boost1.83 are the same library."""
    source = run("dpkg-query", "-W", "-f=${source:Package}", package)
    return re.sub(r"(boost)[\d.]+$", r"\1", source)


def paragraphs(package):
    text = Path(f"/usr/share/doc/{package}/copyright").read_text("utf-8", errors="replace")
    for block in re.split(r"\n\s*\n(?=\S)", text):
        fields = {}
        for name, value in re.findall(r"^([A-Z][\w-]*):[ \t]*((?:.*(?:\n[ \t].*)*))", block, re.M):
            fields.setdefault(name, value.rstrip())
        yield fields


def licence(package):
    """(name, copyright, text) of the package's own files."""
    known = list(paragraphs(package))
    main = next((p for p in known if p.get("Files", "").split()[:1] == ["*"]), None) or \
        next(p for p in known if "License" in p)
    name, _, text = main["License"].partition("\n")
    if not text:
        text = next((p["License"].partition("\n")[2] for p in known if "License" in p
                     and "Files" not in p and p["License"].split("\n")[0] == name), "")
    return name.strip(), main.get("Copyright", "").strip(), text


def libraries(binary):
    """{upstream name: package}; the package with the headers, if there is one, else the linked."""
    found = {}
    for package in packages_of({*linked(binary), *included()}):
        source = upstream(package)
        if not TOOLCHAIN.match(source):
            # The package of the headers, where there is one: its record is of the source.
            if source not in found or package.endswith("-dev"):
                found[source] = package
    return dict(sorted(found.items()))


def table(found):
    rows = ["# Third-party software", "",
            "What `twenty-mcp` is linked with and made of. "
            "This page and",
            "`packaging/copyright` are written by `scripts/third_party.py --write build/twenty-mcp`",
            "from the program itself and from Debian's own records of licences. Nothing of it is in",
            "this repository.", "",
            "| library (Debian's source package) | licence | what for |", "|---|---|---|"]
    for name, package in found.items():
        what = licence(package)[0]
        rows.append(f"| {name} | {SPOKEN.get(what, what)} | {PURPOSE.get(name, '')} |")
    rows += ["", "The C and C++ libraries of the system (glibc, libstdc++, libgcc) come on top.",
             "Tests use more, which is never part of the package: [scripts/lib.sh](../scripts/lib.sh),",
             "[tests/e2e/package.json](../tests/e2e/package.json)."]
    return "\n".join(rows) + "\n"


def machine_readable(found):
    out = ["Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
           "Upstream-Name: twenty-mcp",
           "Comment: Paragraphs with Files: usr/bin/twenty-mcp name libraries that the program is",
           " linked with or made of. Written by scripts/third_party.py.", "",
           "Files: *", "Copyright: 2026 The twenty-mcp maintainers", "License: Apache-2.0", ""]
    texts = {}
    for name, package in found.items():
        what, owners, text = licence(package)
        # One licence has one text in this format; a library's own wording gets its own name.
        key = what if texts.setdefault(what, text) == text else f"{what}-{name}"
        texts[key] = text
        out += ["Files: usr/bin/twenty-mcp", f"Comment: {name}", f"Copyright: {owners or 'none'}",
                f"License: {key}", ""]
    for key, text in texts.items():
        if key == "Apache-2.0":
            continue
        out += [f"License: {key}", text or f" See /usr/share/common-licenses/{key.rstrip('+')}", ""]
    out += ["License: Apache-2.0", " See /usr/share/common-licenses/Apache-2.0"]
    return "\n".join(line.rstrip() for line in "\n".join(out).split("\n")) + "\n"


def main():
    write = "--write" in sys.argv
    binary = next(a for a in sys.argv[1:] if a != "--write")
    if not all(shutil.which(tool) for tool in ("dpkg", "readelf", "ldd")):
        print("skipped: needs dpkg and readelf")
        return 77
    found = libraries(binary)
    if write:
        LIST.write_text(table(found), encoding="utf-8")
        COPYRIGHT.write_text(machine_readable(found), encoding="utf-8")
        return 0
    faults = []
    names = set(found)
    for file, pattern in ((LIST, r"^\| ([a-z][\w.+-]+) \|"), (COPYRIGHT, r"^Comment: ([a-z]\S+)$")):
        listed = set(re.findall(pattern, file.read_text("utf-8"), re.M))
        faults += [f"{file.name} lacks {name}" for name in sorted(names - listed)]
        faults += [f"{file.name} has {name}, which the program has not" for name in
                   sorted(listed - names)]
    print("\n".join(faults or [f"{len(names)} libraries, all of them listed"]))
    if faults:
        print("run: scripts/third_party.py --write build/twenty-mcp")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
