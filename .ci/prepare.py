"""Sets up what `make` stands on, and does nothing when all of it is there.

    python3 .ci/prepare.py           the system libraries, and the environment in .venv
    python3 .ci/prepare.py --tests   the programs that the tests call as well
    python3 .ci/prepare.py --office  word processors for the tests of DOCX, where they can be had

Runs under a bare system Python, 3.11 or newer. What is needed of the system is listed in
pipeline/system/doctor.py; what goes into the environment is pinned with hashes in
requirements.lock.
"""

import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.system import doctor  # noqa: E402  (nothing is installed yet: it is found through ROOT)

ENVIRONMENT = ROOT / ".venv"
OFFICE = Path(__file__).resolve().parent / "office"


class SystemPart(Protocol):
    """Something that a package of the system brings."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def packages(self) -> doctor.PackageNames:
        """Where to get it."""

    def locate(self) -> str | None:
        """Return where it is, or None."""


class EnsurePip:
    """The part of Python that puts pip into an environment; Debian packages it by itself."""

    name = "Python's venv support"
    packages = doctor.PackageNames(
        "python{}.{}-venv".format(*sys.version_info), "python3-pip", "python"
    )

    def locate(self) -> str | None:
        """Return the name of the module, or None if it is not installed."""
        importlib.invalidate_caches()
        return "ensurepip" if importlib.util.find_spec("ensurepip") else None


NPM = doctor.Tool(
    "npm", "brings the validator of the Open XML SDK", doctor.PackageNames("npm", "npm", "node")
)


def main(arguments: list[str]) -> None:
    """Set up the system, then the environment.

    Raises:
        SystemExit: Something is missing and cannot be installed from here; the message says how.
    """
    if "--office" in arguments:
        bring_office()
        return
    stamp, key = ENVIRONMENT / "prepared", fingerprint()
    prepared = stamp.is_file() and stamp.read_text() == key
    parts: list[SystemPart] = [*doctor.LIBRARIES]
    if "--tests" in arguments:
        parts += doctor.TEST_TOOLS
    if not prepared:
        parts.append(EnsurePip())
    provide(parts)
    if not prepared:
        build_environment()
        stamp.write_text(key)


def fingerprint() -> str:
    """Return a key that changes when the environment must be built anew.

    The environment's own Python gives the same as the one that it was made with: in a shell in
    which it is activated, it is the one that runs this.
    """
    python = f"{sys.base_prefix} {sys.implementation.cache_tag}"
    digest = hashlib.sha256(f"{ROOT} {python}".encode())
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def provide(parts: list[SystemPart]) -> None:
    """Install the parts that are missing, through apt-get where that is allowed.

    Raises:
        SystemExit: A part is still missing; the message gives the commands that bring it.
    """
    if missing := install(parts):
        commands = doctor.list_install_commands(part.packages for part in missing)
        sys.exit(
            f"brief: this machine lacks {', '.join(part.name for part in missing)}, "
            "which cannot be installed from here.\n"
            "Install what is missing with one of these, then run make again:\n    "
            + "\n    ".join(commands.values())
        )


def install(parts: list[SystemPart]) -> list[SystemPart]:
    """Install the parts that are missing, through apt-get where that is allowed.

    Returns those that are missing still.
    """
    missing = [part for part in parts if not part.locate()]
    if missing and (apt_get := administrator("apt-get")):
        names = list(dict.fromkeys(part.packages.apt for part in missing))
        say(f"installing {', '.join(names)} with apt-get")
        # The index may be old or absent. A failure here may concern another source of packages
        # than ours: whether it matters, the next command tells.
        run([*apt_get, "-qq", "update"])
        options = ["-qq", "-y", "-o", "Dpkg::Use-Pty=0", "--no-install-recommends"]
        run([*apt_get, *options, "install", *names])
        missing = [part for part in missing if not part.locate()]
    return missing


def bring_office() -> None:
    """Bring what lays out and validates Word files. Without it, a few tests are left out."""
    for part in install([*doctor.USEFUL_TOOLS, NPM]):
        say(f"{part.name} is not there; the tests that need it are left out")
    if not NPM.locate():
        return
    # What is pinned, into a folder of the environment, with no script of a package run.
    folder = ENVIRONMENT / "office"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(OFFICE / name, folder)
    # `npm ci` asks for the packages of all platforms, and registries may have one only.
    quietly = ["--silent", "--no-save", "--ignore-scripts"]
    briefly = ["--fetch-retries=1", "--fetch-timeout=60000"]  # in ms, where there is no network
    if not run(["npm", "install", *quietly, *briefly, "--prefix", str(folder)]):
        say("the validator of the Open XML SDK could not be had; its tests are left out")


def administrator(program: str) -> list[str] | None:
    """Return how to run a program with the rights to change the system, or None if one may not."""
    if not shutil.which(program):
        return None
    if os.geteuid() == 0:
        return [program]
    # Where somebody is at the keyboard, sudo may ask for a password.
    if shutil.which("sudo") and (os.isatty(0) or run(["sudo", "-n", "true"], quiet=True)):
        return ["sudo", program]
    return None


def build_environment() -> None:
    """Make .venv afresh, so that it holds what is pinned and nothing else.

    Raises:
        SystemExit: The environment cannot be made, or the packages cannot be had.
    """
    say("setting up the environment in .venv; this takes about a minute, once")
    if not run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]):
        sys.exit(f"brief: {ENVIRONMENT} could not be made; Python's reason stands above.")
    # Wheels only: building a package from its source would fetch build tools that nobody pinned.
    pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-qq"]
    # The lock is whole, so nothing is left to resolve: pip would look at newer releases of what a
    # package asks for with an extra, and refuse them for having no hash.
    pinned = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    pinned += ["-r", str(ROOT / "requirements.lock")]
    if not run([*pip, "install", *pinned]):
        sys.exit(
            "brief: the packages in requirements.lock could not be installed; pip's reason stands "
            "above.\nIf they cannot be downloaded: is the network there? A mirror, proxy or "
            "certificate is taken from pip's own settings (pip.conf or PIP_ variables)."
        )
    if not run([*pip, "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)]):
        sys.exit("brief: the project itself could not be installed; pip's reason stands above.")


def run(command: list[str], *, quiet: bool = False) -> bool:
    """Run a command and tell whether it did its work; `quiet` hides what it says."""
    output = subprocess.DEVNULL if quiet else None
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, stdout=output, stderr=output, env=settings).returncode == 0


def say(message: str) -> None:
    """Tell what is being done, at once, before the programs called speak."""
    print(f"brief: {message}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
