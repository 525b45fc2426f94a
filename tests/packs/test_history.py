"""Who wrote and who changed a rule, also where it is no longer in force."""

from __future__ import annotations

from juesuan_rules.packs.history import rule_layers
from juesuan_rules.packs.locate import PackSpec, find_chain, find_pack
from juesuan_rules.packs.model import WRITTEN
from juesuan_rules.resources import rules_root

ROOTS = (rules_root(),)


def test_layers_of_changed_and_of_disabled_rules() -> None:
    chain, _ = find_chain(find_pack(PackSpec("cn-15-neimenggu"), ROOTS), ROOTS)
    (written, changed) = rule_layers(chain, None, "C-21")["C-21"]
    assert (written.pack, written.action, changed.pack, changed.action) == ("cn", WRITTEN, "cn-15-neimenggu", "替换")
    assert dict(changed.changes)["题目"] == "机构运行经费等于公用经费" and changed.reason and changed.basis
    assert changed.span.file == "overrides.yaml" and written.span.file.startswith("rules/")
    assert [layer.action for layer in rule_layers(chain, None, "K-08")["K-08"]] == [WRITTEN, "停用"]
    assert rule_layers(chain, None, "Z-99") == {}
    assert len(rule_layers(chain, None)) > 200
