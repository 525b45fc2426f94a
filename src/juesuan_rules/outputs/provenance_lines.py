"""The provenance block as lines for people: where a result comes from, and how to get it again."""

from __future__ import annotations

from juesuan_rules.material import Material
from juesuan_rules.renderings.plain import moment


def provenance_lines(material: Material) -> list[tuple[str, str]]:
    """(label, text) in a fixed order; what was not used (no lock, no waivers) is left out."""
    block = material.provenance
    tool = block["tool"]
    versions = {(one["id"], one["digest"]): one["version"] for one in material.sealed["packs"]}
    lines = [("程序", f"{tool['name']} {tool['version']}（规则语言第 {tool['language']} 版）")]
    lines += [("规则包", f"{name} {versions.get((name, digest), '')} {digest}".replace("  ", " ")) for name, digest in block["packs"].items()]
    lines += [("报告", f"{_base(report['source']['path'])} sha256:{_plain(report['source']['sha256'])}") for report in material.sealed["reports"]]
    for label, key in (("上年报告", "prior"), ("所属单位报告", "units"), ("更正", "corrections"), ("豁免", "waivers"), ("复核意见", "decisions")):
        lines += [(label, str(digest)) for digest in block.get(key) or ()]
    if block.get("baseline"):
        lines.append(("对比的结果", str(block["baseline"])))
    if block.get("lock"):
        lines.append(("锁定文件", str(block["lock"])))
    lines += [("结果摘要", str(block["canonical_digest"])), ("豁免按哪天判断", str(block["as_of"])), ("核对时间", moment(str(block["time"])))]
    command = [str(part) for part in block["command"]]
    if command:
        name = _base(command[0])
        lines.append(("命令", " ".join(["python -m juesuan_rules" if name == "__main__.py" else name, *command[1:]])))
    return lines


def _base(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def _plain(digest: str) -> str:
    return digest.removeprefix("sha256:")
