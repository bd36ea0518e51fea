"""The package as a stranger gets it, built offline from a shallow clone without tags."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


def told(*command: str, folder: Path) -> str:
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    return ended.stdout


def version_of(folder: Path) -> str:
    return told(sys.executable, "-m", "setuptools_scm", folder=folder).strip().splitlines()[-1]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed, as CI gets it: one commit deep, without tags."""
    place = tmp_path_factory.mktemp("package") / "clone"
    told("git", "clone", "-q", "--depth", "1", "--no-tags", ROOT.as_uri(), str(place), folder=ROOT)
    return place


@pytest.fixture(scope="module")
def built(clone: Path) -> Path:
    """Folder with an sdist and the wheel that was made from it."""
    place = clone.parent / "dist"
    told(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(place), folder=clone)
    return place


def shipped(clone: Path) -> set[str]:
    """Files under version control that a user of the package needs."""
    names = told("git", "ls-files", "sim", "analysis", folder=clone).split("\n")
    return {name for name in names if name}


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(
    built: Path, clone: Path
) -> None:
    (wheel,) = built.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == shipped(clone)


def test_the_sdist_can_be_tested_without_git(built: Path, clone: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as content:
        held = {name.partition("/")[2] for name in content.getnames()}
    assert shipped(clone) | {"Makefile", "requirements.lock", "tests/conftest.py"} <= held


def test_sdist_wheel_and_editable_install_have_one_version(built: Path, clone: Path) -> None:
    version = version_of(clone)
    assert re.fullmatch(r"\d+\.\d+(\.dev\d+\+g[0-9a-f]+|\.\d+)", version)
    code = "from setuptools.build_meta import build_editable; print(build_editable('../editable'))"
    (clone.parent / "editable").mkdir()
    editable = told(sys.executable, "-c", code, folder=clone).splitlines()[-1]
    (sdist,), (wheel,) = built.glob("*.tar.gz"), built.glob("*.whl")
    versions = [wheel.name.split("-")[1], editable.split("-")[1], sdist.name[7 : -len(".tar.gz")]]
    assert versions == [version] * 3


def test_a_tarball_has_the_version_that_is_declared_for_it(clone: Path) -> None:
    place = clone.parent / "tarball"
    place.mkdir()
    told("git", "archive", "-o", "../tarball.tar", "HEAD", folder=clone)
    told("tar", "-xf", "../tarball.tar", folder=place)
    assert version_of(place) == "0.1.dev0"
