import timeit
from juesuan_rules.engine.plan import prepare, run
from tests.engine.builders import *

def test_it():
    rep = full_report(3)
    plan = prepare(standard_rules())
    ev = run(plan, rep)
    print(ev.counts(), sum(len(p.keys) for p in ev.parts), len(ev.parts))
    slow = run(plan, rep, screening=False)
    for v in ev.verdicts():
        if v.outcome not in ("pass", "not_applicable"):
            print(v.part.check.rule.id, v.key, v.outcome, ev.detail(v))
    assert [v.outcome for v in ev.verdicts()]==[v.outcome for v in slow.verdicts()]
    n = sum(len(p.keys) for p in ev.parts)
    for f in (lambda: run(plan, rep), lambda: run(plan, rep, screening=False)):
        t = min(timeit.repeat(f, number=20, repeat=5))/20
        print(t*1e3, "ms", t/n*1e6, "us per verdict")
    t = min(timeit.repeat(lambda: prepare(standard_rules()), number=5, repeat=3))/5
    print("prepare", t*1e3)
    r2 = full_report(3, exact=False)
    print(run(plan, r2).counts())
    t = min(timeit.repeat(lambda: run(plan, r2), number=20, repeat=5))/20
    print("rounded", t*1e3, "ms", t/n*1e6, "us per verdict")
