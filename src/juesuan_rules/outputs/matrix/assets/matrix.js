"use strict";
(function () {
  var holder = document.getElementById("data"), wall = document.getElementById("wall"), tools = document.getElementById("tools");
  var theme = document.getElementById("theme"), root = document.documentElement;
  theme.hidden = false;
  function dark() { return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches; }
  function named() { theme.textContent = dark() ? "浅色" : "深色"; }
  theme.addEventListener("click", function () { root.dataset.theme = dark() ? "light" : "dark"; named(); });
  named();
  if (!wall || !holder) { return; }

  var data = JSON.parse(holder.textContent), rules = data.rules, units = data.units, marks = data.marks, details = null;
  var SEVERITY = { error: "错误", warning: "警告", info: "提示" }, CHUNK = 60;
  var body = wall.querySelector("tbody"), head = wall.querySelector("thead"), queue = [], columns = [], at = 0;

  function element(name, text, kind) {
    var made = document.createElement(name);
    if (text !== undefined) { made.textContent = text; }
    if (kind) { made.className = kind; }
    return made;
  }
  function said(code, number) { return number > 1 ? marks[code][0] + number : marks[code][0]; }
  function kindOf(code, column) { return code === "f" && rules[column][3] !== "error" ? "f " + rules[column][3] : code; }
  function titleOf(unit, column) {
    var code = unit[9].charAt(column), number = unit[10][column] || 1;
    return unit[0] + "  " + rules[column][0] + " " + rules[column][1] + "：" + marks[code][1] + ("fd".indexOf(code) >= 0 ? " " + number + " 处" : "");
  }
  function row(index, plain) {
    var unit = units[index], made = element("tr"), name = element("th"), counts = [];
    made.dataset.u = index;
    name.scope = "row";
    var label = element("span"), inner = element("div");
    if (unit[3] && !plain) { var link = element("a", unit[0]); link.href = unit[3]; label.appendChild(link); } else { label.textContent = unit[0] + (plain && unit[1] ? " " + unit[1] : ""); }
    if (unit[1]) { counts.push(unit[1]); }
    if (unit[6]) { counts.push("错 " + unit[6]); }
    if (unit[7]) { counts.push("警 " + unit[7]); }
    if (unit[8]) { counts.push("提 " + unit[8]); }
    inner.appendChild(label); inner.appendChild(element("small", counts.join(" "))); name.appendChild(inner);
    name.title = unit[0] + " " + unit[2];
    made.appendChild(name);
    if (unit[5]) { made.className = "whole"; var cell = element("td", unit[5]); cell.colSpan = Math.max(columns.length, 1); made.appendChild(cell); return made; }
    columns.forEach(function (column, place) {
      var code = unit[9].charAt(column), cell = element("td", undefined, kindOf(code, column));
      if (place === 0 || rules[columns[place - 1]][2] !== rules[column][2]) { cell.classList.add("first"); }
      var text = said(code, unit[10][column]);
      if (!plain && data.telling.indexOf(code) >= 0) { var button = element("button", text); button.type = "button"; button.dataset.c = column; cell.appendChild(button); } else { cell.textContent = text; }
      made.appendChild(cell);
    });
    return made;
  }
  function headRows(chosen) {
    var families = element("tr"), ids = element("tr", undefined, "ids"), corner = element("th", "单位", "corner"), last = null;
    corner.scope = "col"; corner.rowSpan = 2; families.appendChild(corner);
    chosen.forEach(function (column) {
      var rule = rules[column];
      if (!last || last.dataset.f !== rule[2]) {
        last = element("th", rule[2], "fam"); last.scope = "colgroup"; last.colSpan = 0; last.dataset.f = rule[2];
        last.appendChild(element("span", " " + (data.families[rule[2]] || ""))); last.title = data.families[rule[2]] || ""; families.appendChild(last);
      }
      last.colSpan = Number(last.dataset.n || 0) + 1; last.dataset.n = last.colSpan;
      var id = element("th"); id.scope = "col"; id.title = rule[1]; id.appendChild(element("span", rule[0]));
      if (last.colSpan === 1) { id.className = "first"; }
      ids.appendChild(id);
    });
    return [families, ids];
  }
  function more() {
    var end = Math.min(at + CHUNK, queue.length), piece = document.createDocumentFragment();
    for (; at < end; at += 1) { piece.appendChild(row(queue[at])); }
    body.appendChild(piece);
  }
  function near() { while (at < queue.length && wall.scrollTop + wall.clientHeight * 2 > wall.scrollHeight) { more(); } }

  function chosenColumns() {
    var all = tools.all.checked, family = tools.family.value, find = tools.find.value.trim().toUpperCase();
    var kept = rules.map(function (rule, index) { return index; }).filter(function (index) { return (all || rules[index][4]) && (!family || rules[index][2] === family); });
    var exact = find ? kept.filter(function (index) { return rules[index][0].toUpperCase().indexOf(find) === 0; }) : [];
    return { columns: exact.length ? exact : kept, byRule: exact.length > 0 };
  }
  function refill() {
    var picked = chosenColumns(), find = tools.find.value.trim().toLowerCase(), having = tools.having.value, sort = tools.sort.value;
    columns = picked.columns;
    queue = units.map(function (unit, index) { return index; }).filter(function (index) {
      var unit = units[index];
      if (find && !picked.byRule && (unit[0] + " " + unit[2] + " " + unit[1]).toLowerCase().indexOf(find) < 0) { return false; }
      if (having === "new") { return unit[11] > 0; }
      return !having || columns.some(function (column) { return unit[9].charAt(column) === having; });
    });
    if (sort === "rank") { queue.sort(function (a, b) { return units[a][12] - units[b][12]; }); }
    if (sort === "name") { queue.sort(function (a, b) { return units[a][0].localeCompare(units[b][0], "zh"); }); }
    head.replaceChildren.apply(head, headRows(columns));
    body.replaceChildren(); at = 0; wall.scrollTop = 0;
    more(); near();
    document.getElementById("count").textContent = queue.length + " 份报告，" + columns.length + " 条规则";
  }

  columns = data.shown; queue = data.order; at = body.rows.length;
  tools.hidden = false;
  tools.addEventListener("submit", function (event) { event.preventDefault(); });
  var waiting = 0;
  tools.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(refill, 120); });
  wall.addEventListener("scroll", near, { passive: true });
  document.getElementById("count").textContent = queue.length + " 份报告，" + columns.length + " 条规则";
  near();

  function pointed(target) {
    var button = target.closest && target.closest("td button");
    if (!button) { return null; }
    var cell = button.parentNode, line = cell.parentNode, index = Number(line.dataset.u);
    return { button: button, unit: index, column: button.dataset.c !== undefined ? Number(button.dataset.c) : columns[cell.cellIndex - 1] };
  }
  function name(event) { var found = pointed(event.target); if (found && !found.button.title) { found.button.title = titleOf(units[found.unit], found.column); } }
  wall.addEventListener("mouseover", name);
  wall.addEventListener("focusin", name);
  wall.addEventListener("click", function (event) {
    var found = pointed(event.target);
    if (!found) { return; }
    if (!details) { details = JSON.parse(document.getElementById("items").textContent); }
    var card = document.getElementById("card"), place = document.getElementById("card-body"), unit = units[found.unit];
    document.getElementById("card-title").textContent = titleOf(unit, found.column);
    var list = element("ul"), mine = (details.units[found.unit] || []).filter(function (item) { return item[0] === found.column; });
    mine.forEach(function (item) {
      var line = element("li");
      line.appendChild(element("p", item[4] < 0 ? item[3] : details.texts[item[4]]));
      line.appendChild(element("p", [marks[item[1]][1], SEVERITY[item[2]], item[5]].filter(Boolean).join("，"), "meta"));
      list.appendChild(line);
    });
    var left = (details.left[found.unit] || {})[found.column];
    if (left) { list.appendChild(element("li", "另有 " + left + " 处", "meta")); }
    if (!mine.length && !left) { list.appendChild(element("li", "说明太多，没有写进这一页；见表格（--xlsx）的“明细”。", "meta")); }
    place.replaceChildren(list);
    if (unit[3]) { var link = element("a", "打开这份报告的网页"); link.href = unit[3]; place.appendChild(link); }
    place.appendChild(element("p", unit[2], "meta"));
    if (card.showModal) { card.showModal(); } else { card.setAttribute("open", ""); }
  });
  document.getElementById("card").addEventListener("click", function (event) { if (event.target === this && this.close) { this.close(); } });

  var paper = document.getElementById("paper"), WIDE = 46;
  window.addEventListener("beforeprint", function () {
    var kept = columns, pieces = document.createDocumentFragment();
    for (var from = 0; from < kept.length; from += WIDE) {
      columns = kept.slice(from, from + WIDE);
      var frame = element("div", undefined, "wall"), table = element("table"), top = element("thead"), lines = element("tbody");
      headRows(columns).forEach(function (line) { top.appendChild(line); });
      queue.forEach(function (index) { if (from === 0 || !units[index][5]) { lines.appendChild(row(index, true)); } });
      table.appendChild(top); table.appendChild(lines); frame.appendChild(table); pieces.appendChild(frame);
    }
    columns = kept;
    paper.replaceChildren(pieces);
    document.body.classList.add("printing");
  });
  window.addEventListener("afterprint", function () { paper.replaceChildren(); document.body.classList.remove("printing"); });
})();
