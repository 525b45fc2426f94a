(function () {
  "use strict";
  var doc = document, root = doc.documentElement;
  function all(selector, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(selector)); }
  var list = doc.getElementById("list"), form = doc.getElementById("filters"), find = doc.getElementById("find");
  var count = doc.getElementById("count"), none = doc.getElementById("none"), toggle = doc.getElementById("toggle");
  var findings = all(".finding", list), groups = all(".group", list), rules = all("details.rule"), families = all(".family");
  var home = findings.map(function (one) { return one.parentNode; });
  form.hidden = false;
  if (!rules.length) all("label, fieldset, .keys, #toggle, [type=reset], #count", form).forEach(function (one) { one.hidden = true; });

  // A few findings stay open; of many only their lines are shown at first. Tables open when asked for.
  if (findings.length > 6) findings.forEach(function (one) { one.open = false; });
  all(".sheet-table").forEach(function (one) { one.open = false; });

  // Filters and search.
  var texts = [];
  function textOf(kind, at, element) {
    var key = kind + at;
    if (texts[key] === undefined) texts[key] = element.textContent.toLowerCase().replace(/\s+/g, " ");
    return texts[key];
  }
  function words() { return find.value.toLowerCase().trim().split(/\s+/).filter(Boolean); }
  function holds(text, wanted) { return wanted.every(function (word) { return text.indexOf(word) >= 0 || text.replace(/,/g, "").indexOf(word) >= 0; }); }
  function value(name) { var field = form.elements[name]; return field ? field.value : ""; }
  var order = findings.slice();  // as they stand on the page
  function visible() { return order.filter(function (one) { return !one.hidden; }); }

  function apply() {
    var levels = all("input[name=severity]", form).filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
    var outcome = value("outcome"), family = value("family"), table = value("table"), decision = value("decision"), change = value("change"), wanted = words();
    function fits(data) { return levels.indexOf(data.severity) >= 0 && (!outcome || data.outcome === outcome) && (!family || data.family === family); }
    var shown = 0, kept = 0;
    findings.forEach(function (one, at) {
      var data = one.dataset;
      var ok = fits(data) && (!table || data.tables.split("|").indexOf(table) >= 0) && (!decision || data.decision === decision) && (!change || data.change === change) && (!wanted.length || holds(textOf("f", at, one), wanted));
      one.hidden = !ok;
      if (ok) shown += 1;
    });
    groups.forEach(function (one) { one.hidden = !all(".finding", one).some(function (f) { return !f.hidden; }); });
    rules.forEach(function (one, at) {
      var ok = fits(one.dataset) && (!wanted.length || holds(textOf("r", at, one), wanted));
      one.hidden = !ok;
      if (ok) kept += 1;
    });
    families.forEach(function (one) { one.hidden = !all("details.rule", one).some(function (r) { return !r.hidden; }); });
    none.hidden = shown > 0 || findings.length === 0;
    count.textContent = "问题 " + shown + " / " + findings.length + " 项，规则 " + kept + " / " + rules.length + " 条";
  }

  var rank = { error: 0, warning: 1, info: 2 };
  function arrange() {
    var by = value("sort");
    if (!by) {
      order = findings.slice();
      groups.forEach(function (group) { list.appendChild(group); });
      findings.forEach(function (one, at) { home[at].appendChild(one); });
      return;
    }
    var at = findings.map(function (_, index) { return index; });
    function compare(a, b) {
      var x = findings[a].dataset, y = findings[b].dataset, d = 0;
      if (by === "severity") d = rank[x.severity] - rank[y.severity];
      if (by === "size") d = (parseFloat(y.size) || -1) - (parseFloat(x.size) || -1);
      if (by === "rule") d = x.rule < y.rule ? -1 : x.rule > y.rule ? 1 : 0;
      return d || a - b;
    }
    order = at.sort(compare).map(function (index) { return findings[index]; });
    groups.forEach(function (group) { if (group.parentNode) group.parentNode.removeChild(group); });
    order.forEach(function (one) { list.appendChild(one); });
  }

  var waiting = 0;
  form.addEventListener("input", function (event) {
    if (event.target.name === "sort") { arrange(); }
    window.clearTimeout(waiting);
    waiting = window.setTimeout(apply, event.target === find ? 80 : 0);
  });
  form.addEventListener("change", function (event) { if (event.target.name === "sort") arrange(); apply(); });
  form.addEventListener("reset", function () { window.setTimeout(function () { arrange(); apply(); }, 0); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  toggle.addEventListener("click", function () {
    var open = visible().some(function (one) { return !one.open; });
    visible().forEach(function (one) { one.open = open; });
    tell();
  });
  var told = 0;
  function tell() {
    // Thousands may open or close at once: say it once.
    window.clearTimeout(told);
    told = window.setTimeout(function () { toggle.textContent = visible().some(function (one) { return !one.open; }) ? "全部展开" : "全部收起"; }, 30);
  }
  list.addEventListener("toggle", tell, true);

  // Keyboard: j and k go through the findings, / searches, Esc leaves.
  function go(step) {
    var shown = visible();
    if (!shown.length) return;
    var at = shown.indexOf(doc.activeElement && doc.activeElement.closest ? doc.activeElement.closest(".finding") : null);
    var next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + step, 0), shown.length - 1)];
    var line = next.querySelector("summary");
    line.focus();
    line.scrollIntoView({ block: "nearest" });
  }
  doc.addEventListener("focusin", function (event) {
    all(".finding.here").forEach(function (one) { one.classList.remove("here"); });
    var one = event.target.closest && event.target.closest(".finding");
    if (one) one.classList.add("here");
  });
  doc.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    var target = event.target, typing = target === find || /^(SELECT|TEXTAREA)$/.test(target.tagName);
    if (event.key === "Escape") {
      if (target === find) { find.value = ""; apply(); find.blur(); return; }
      var one = target.closest && target.closest(".finding");
      if (one && one.open) { one.open = false; one.querySelector("summary").focus(); }
      return;
    }
    if (target === find && event.key === "Enter") { event.preventDefault(); apply(); go(1); return; }
    if (typing) return;
    if (event.key === "j" || event.key === "J") { event.preventDefault(); go(1); }
    if (event.key === "k" || event.key === "K") { event.preventDefault(); go(-1); }
    if (event.key === "/") { event.preventDefault(); find.focus(); find.select(); }
  });

  // A link into something closed opens it.
  function reveal() {
    var id = "";
    try { id = decodeURIComponent(location.hash.slice(1)); } catch (error) { return; }
    var target = id && doc.getElementById(id);
    if (!target) return;
    for (var one = target; one; one = one.parentElement) {
      if (one.tagName === "DETAILS") one.open = true;
      if (one.hidden && one !== form) { form.reset(); }
    }
    window.setTimeout(function () { target.scrollIntoView({ block: "center" }); }, 0);
  }
  window.addEventListener("hashchange", reveal);

  // An excerpt of a table becomes the whole table in place.
  all("table.grid[data-sheet] caption a").forEach(function (link) {
    link.title = "展开整张表";
    link.addEventListener("click", function (event) {
      var table = link.closest("table"), source = doc.getElementById(table.dataset.sheet);
      if (!source || !all(".skip", table).length) return;
      event.preventDefault();
      var body = table.tBodies[0], marked = {};
      all("tr.marked", body).forEach(function (row) { marked[row.dataset.r] = row; });
      var copy = source.querySelector("tbody").cloneNode(true);
      all("[id]", copy).forEach(function (cell) { cell.removeAttribute("id"); });
      all(".refs", copy).forEach(function (ref) { ref.parentNode.removeChild(ref); });
      all(".used", copy).forEach(function (cell) { cell.classList.remove("used"); });
      all("tr[data-r]", copy).forEach(function (row) {
        if (marked[row.dataset.r] && marked[row.dataset.r].cells.length === row.cells.length) row.parentNode.replaceChild(marked[row.dataset.r], row);
      });
      table.replaceChild(copy, body);
    });
  });

  // Where a figure is named, its other marks light up.
  function light(event) {
    var from = event.target.closest && event.target.closest("[data-o]");
    all(".lit").forEach(function (one) { one.classList.remove("lit"); });
    var owner = from && from.closest(".finding");
    if (owner) all('[data-o="' + from.dataset.o + '"]', owner).forEach(function (one) { one.classList.add("lit"); });
  }
  list.addEventListener("mouseover", light);
  list.addEventListener("focusin", light);

  // Where there is no room for its width, a page picture or a table scrolls to the first marked figure, the suspect before all.
  function pan(finding) {
    all(".strips", finding).forEach(function (strips) {
      var box = strips.parentNode.querySelector(".box.suspect rect") || strips.parentNode.querySelector(".box rect"), view = strips.querySelector("svg");
      if (strips.scrollWidth <= strips.clientWidth || !box || !view) return;
      strips.scrollLeft = parseFloat(box.getAttribute("x")) / view.viewBox.baseVal.width * strips.scrollWidth - strips.clientWidth / 3;
    });
    all(".scroll", finding).forEach(function (scroll) {
      var cell = scroll.querySelector(".on.suspect") || scroll.querySelector(".on");
      if (cell && scroll.scrollWidth > scroll.clientWidth) scroll.scrollLeft = Math.max(cell.offsetLeft + cell.offsetWidth - scroll.clientWidth + 8, 0);
    });
  }
  list.addEventListener("toggle", function (event) {
    if (event.target.open && event.target.classList.contains("finding")) pan(event.target);
  }, true);
  findings.forEach(function (one) { if (one.open) pan(one); });

  // Where there is no room beside the text, the filters stand above the findings.
  var narrow = window.matchMedia ? window.matchMedia("(max-width: 999px)") : null, side = form.parentNode;
  function settle() { if (narrow && narrow.matches) list.parentNode.insertBefore(form, list); else side.appendChild(form); }
  if (narrow && narrow.addListener) narrow.addListener(settle);
  settle();

  // Light, dark, as the system.
  var theme = doc.getElementById("theme");
  function dark() {
    var chosen = root.getAttribute("data-theme");
    return chosen ? chosen === "dark" : !!(window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches);
  }
  function paint(chosen) {
    if (chosen) root.setAttribute("data-theme", chosen);
    theme.textContent = dark() ? "浅色" : "深色";
  }
  try { paint(window.localStorage.getItem("juesuan-theme")); } catch (error) { paint(null); }
  theme.addEventListener("click", function () {
    var chosen = dark() ? "light" : "dark";
    paint(chosen);
    try { window.localStorage.setItem("juesuan-theme", chosen); } catch (error) { /* the choice lasts as long as the page */ }
  });

  // Paper shows every finding, as the screen was afterwards.
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = findings.filter(function (one) { return !one.open; });
    closed.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (one) { one.open = false; }); });

  apply();
  tell();
  reveal();
})();
