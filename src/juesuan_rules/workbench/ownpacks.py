"""Packs a person writes in the workbench: one of level 项目 upon each pack in use, in the home folder as <id>/<version>.

What lies there is a proper pack: `check`, `lint`, `test` and `pack build` take it as any other. A version never changes, so
that a report judged by it can be shown as it was judged; every rule saved makes a new one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.packs.families import family_of
from juesuan_rules.packs.locate import FoundPack, PackSpec, find_pack
from juesuan_rules.packs.manifest import read_manifest
from juesuan_rules.packs.versions import is_version, parts
from juesuan_rules.workbench.drafts import HEADS, Draft, DraftKind, Item, item_text, items_of, without, wrap

PREFIX = "own-"
_LONGEST = 6
OVERRIDES = "overrides.yaml"
FAMILY = "自编规则"


class OwnRule(msgspec.Struct, frozen=True):
    """A rule or a change that lies in such a pack. file: its path inside the pack."""

    kind: DraftKind
    name: str
    file: str
    text: str
    item: Item

    @property
    def draft(self) -> Draft:
        """As an editor shows it."""
        return Draft(self.kind, self.text)


def own_id(parent: str) -> str:
    """The id of the pack a person's rules upon `parent` go into; `parent` itself where it is such a pack."""
    return parent if parent.startswith(PREFIX) else PREFIX + "-".join(parent.split("-")[:_LONGEST])


def newest(packs: Path, name: str) -> Path:
    """The folder of the newest version of an own pack, which is not there where there is none yet."""
    return next(iter(_versions(packs / name)), packs / name / "0.1.0")


def pinned(packs: Path, pack: str) -> str:
    """What a run is to be judged by: of an own pack the version it has now; of any other what was asked for."""
    return f"{pack}@{newest(packs, pack).name}" if pack.startswith(PREFIX) and "@" not in pack else pack


def folder_of(packs: Path, pack: str) -> Path | None:
    """The folder of an own pack in the version named (id@version), or None."""
    name, _, version = pack.partition("@")
    return next((folder for folder in _versions(packs / name) if folder.name == version), None) if name in _names(packs) else None


def own_packs(packs: Path) -> tuple[FoundPack, ...]:
    """The newest version of each. A folder without a sound pack.yaml is none."""
    found = []
    for name in _names(packs):
        folder = newest(packs, name)
        manifest, _ = read_manifest(folder)
        if manifest is not None and manifest.id == name:
            found.append(FoundPack(folder, manifest))
    return tuple(found)


def own_roots(packs: Path) -> tuple[Path, ...]:
    """Every version of every own pack, the newest first: folders packs are looked for in."""
    return tuple([folder for name in _names(packs) for folder in _versions(packs / name)])


def _names(packs: Path) -> list[str]:
    return sorted(path.name for path in packs.glob(f"{PREFIX}*") if path.is_dir()) if packs.is_dir() else []


def _versions(folder: Path) -> list[Path]:
    found = [path for path in folder.iterdir() if is_version(path.name) and (path / "pack.yaml").is_file()] if folder.is_dir() else []
    return sorted(found, key=lambda path: parts(path.name), reverse=True)


def own_rules(pack: Path) -> tuple[OwnRule, ...]:
    """Its rules in the order of their ids, then its changes. Files that cannot be cut into items have none to change here."""
    found: list[OwnRule] = []
    for path in sorted((pack / "rules").glob("*.yaml")):
        found += _in_file(path, "rules", f"rules/{path.name}")
    found.sort(key=lambda rule: rule.name)
    changes = _in_file(pack / OVERRIDES, "overrides", OVERRIDES)
    return (*found, *sorted(changes, key=lambda rule: rule.name))


def _in_file(path: Path, kind: DraftKind, name: str) -> list[OwnRule]:
    try:
        text = path.read_text("utf-8")
        return [OwnRule(kind, item.name, name, item_text(text, item), item) for item in items_of(text, kind)]
    except (OSError, UnicodeDecodeError, UsageError):
        return []


def find_own(pack: Path, kind: str, name: str) -> OwnRule | None:
    """One of them, or None."""
    return next((rule for rule in own_rules(pack) if rule.kind == kind and rule.name == name), None)


def copy_pack(own: Path, parent: str, roots: Sequence[Path], folder: Path) -> None:
    """Make `folder` a copy of the pack, or the beginning of one where there is none yet. Raises UsageError, RulesError."""
    if (own / "pack.yaml").is_file():
        shutil.copytree(own, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
        return
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(_manifest(find_pack(PackSpec(parent), roots, paths=False)), "utf-8", newline="\n")


def take_out(folder: Path, kind: str, name: str) -> None:
    """Take an item out of the files of a pack's folder; a rules file without any left goes."""
    rule = find_own(folder, kind, name)
    if rule is None:
        return
    path = folder / rule.file
    text = path.read_text("utf-8")
    if len(items_of(text, rule.kind)) == 1:
        path.unlink()
    else:
        path.write_text(without(text, rule.item), "utf-8", newline="\n")


def put_in(folder: Path, draft: Draft) -> str:
    """Write an item into the files of a pack's folder, canonically spelt; the path inside. Raises UsageError."""
    from juesuan_rules.authoring.formatting.files import format_text

    name = f"rules/{draft.name.lower()}.yaml" if draft.kind == "rules" else OVERRIDES
    path = folder / name
    text = path.read_text("utf-8") if path.is_file() else _new_file(draft)
    done = format_text(wrap(draft, text.rstrip("\n") + "\n\n").content, name)
    if not isinstance(done, str):
        raise UsageError("；".join(problem.message for problem in done))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(done, "utf-8", newline="\n")
    return name


def _new_file(draft: Draft) -> str:
    if draft.kind != "rules":
        return HEADS["overrides"]
    family = family_of(draft.name)
    # A single letter is a family of the national pack, which has a name of its own.
    return (f"# {family} {FAMILY}：在工作台里写的。\n" if len(family) > 1 else f"# {FAMILY}，在工作台里写的。\n") + HEADS["rules"]


def raise_version(folder: Path) -> str:
    """Count the pack's version up by one, since what it says changes; the new one."""
    path = folder / "pack.yaml"
    manifest, _ = read_manifest(folder)
    if manifest is None:
        raise UsageError("规则包的 pack.yaml 有错，不能在这里改")
    major, minor, patch = parts(manifest.version)
    raised = f"{major}.{minor}.{patch + 1}"
    lines = path.read_text("utf-8").split("\n")
    path.write_text("\n".join(f"version: {raised}" if line.startswith("version:") else line for line in lines), "utf-8", newline="\n")
    return raised


def publish(made: Path, packs: Path, name: str, version: str) -> None:
    """Let the folder `made` be a version of a pack: there at once and whole, or not at all. Raises UsageError."""
    try:
        for path in made.rglob("*"):
            if path.is_file():
                with path.open("rb+") as file:
                    os.fsync(file.fileno())
        (packs / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        os.rename(made, packs / name / version)
    except OSError:
        raise UsageError("规则没有存下来：磁盘可能已满") from None


def forget_versions(packs: Path, used: set[str]) -> None:
    """Remove versions that are neither the newest nor named in `used` (as id@version)."""
    for name in _names(packs):
        for folder in _versions(packs / name)[1:]:
            if f"{name}@{folder.name}" not in used:
                shutil.rmtree(folder, ignore_errors=True)


def _manifest(parent: FoundPack) -> str:
    import juesuan_rules
    from juesuan_rules.authoring.formatting.scalars import quote

    above = parent.manifest
    major, minor, _ = parts(above.version)
    mine = parts(juesuan_rules.__version__)
    region = f"region: {quote(above.region)}\n" if above.region else ""
    return (
        f"language: 1\nid: {own_id(above.id)}\nversion: 0.1.0\nname: {quote(f'自编规则（{above.name}之上）')}\nlevel: 项目\n{region}parent: {above.id}\n"
        f"requires: {{{above.id}: '>={major}.{minor}, <{major + 1}'}}\nyears: {_years(above.years)}\n"
        f"engine: '>={mine[0]}.{mine[1]}, <{mine[0] + 2 if mine[0] == 0 else mine[0] + 1}'\ndescription: {quote(f'在工作台里写的规则，和对{above.name}的改动。')}\n"
    )


def _years(years: tuple[int | None, int | None]) -> str:
    first, last = years
    return f"{first or 2019}..{last or ''}"
