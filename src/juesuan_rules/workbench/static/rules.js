// Writing a rule: checked as it is typed, completed, mended. Without this file every button still works.
"use strict";
(function () {
  const form = document.getElementById("r-form");
  if (form) write(form);
  const progress = document.getElementById("r-progress");
  if (progress && progress.dataset.poll) follow(progress);

  function follow(box) {
    fetch(box.dataset.poll, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then((told) => {
        const open = Array.from(box.querySelectorAll("details")).map((one) => one.open);
        box.innerHTML = told.html;
        box.querySelectorAll("details").forEach((one, at) => { one.open = open[at] || false; });
        if (!told.over) window.setTimeout(follow, 700, box);
        else document.getElementById("r-stop")?.remove();
      })
      .catch(() => window.setTimeout(follow, 3000, box));
  }

  function write(form) {
    const text = document.getElementById("r-text");
    const back = document.getElementById("r-back");
    const told = document.getElementById("r-told");
    const popup = document.getElementById("r-popup");
    const editor = document.getElementById("r-editor");
    let problems = [], composing = false, checking = 0, asking = 0, items = [], at = -1, sent = 0, asked = 0, refused = "";

    editor.classList.add("live");
    form.querySelector(".r-keys").hidden = false;
    problems = placed();
    draw();

    // ---------------------------------------------------------------- what is typed

    text.addEventListener("compositionstart", () => { composing = true; hide(); });
    text.addEventListener("compositionend", () => { composing = false; changed(true); });
    text.addEventListener("input", (event) => { if (event.isComposing || composing) draw(); else changed(wants(event)); });
    text.addEventListener("scroll", hide);
    text.addEventListener("blur", () => window.setTimeout(hide, 150));
    text.addEventListener("click", hide);
    window.addEventListener("resize", draw);

    function wants(event) {
      if (!event.data && event.inputType !== "deleteContentBackward") return false;
      if (event.inputType === "deleteContentBackward") return !popup.hidden;
      return /[\p{L}\p{N}_.[“"(（{±:： ]$/u.test(event.data);
    }

    function changed(complete) {
      shift();
      draw();
      window.clearTimeout(checking);
      checking = window.setTimeout(check, 300);
      window.clearTimeout(asking);
      if (complete) asking = window.setTimeout(ask, 120, false);
      else hide();
    }

    let before = text.value;
    // Marks stay with their words until the next answer.
    function shift() {
      const now = text.value;
      let head = 0;
      const most = Math.min(before.length, now.length);
      while (head < most && before[head] === now[head]) head++;
      let tail = 0;
      while (tail < most - head && before[before.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
      const grown = now.length - before.length, end = before.length - tail;
      problems = problems.filter((one) => one.end <= head || one.start >= end).map((one) => (one.start >= end ? { ...one, start: one.start + grown, end: one.end + grown } : one));
      before = now;
    }

    // ---------------------------------------------------------------- marks and line numbers

    function placed() {
      return Array.from(told.querySelectorAll(".r-problems > li")).map((line) => {
        const place = line.querySelector(".r-at");
        return place && { start: Number(place.dataset.start), end: Number(place.dataset.end), level: line.className };
      }).filter(Boolean);
    }

    function draw() {
      const value = text.value;
      const lines = value.split("\n");
      const made = document.createDocumentFragment();
      let start = 0;
      for (const line of lines) {
        const end = start + line.length;
        const row = document.createElement("div");
        const here = problems.filter((one) => one.start <= end && Math.max(one.end, one.start + 1) > start && one.start < Math.max(end, start + 1));
        if (here.length) row.className = here.some((one) => one.level === "error") ? "error" : "warning";
        const cuts = new Set([0, line.length]);
        for (const one of here) { cuts.add(Math.max(one.start - start, 0)); cuts.add(Math.min(Math.max(one.end, one.start + 1) - start, line.length)); }
        const stops = Array.from(cuts).sort((a, b) => a - b);
        for (let n = 0; n + 1 < stops.length; n++) {
          const piece = document.createTextNode(line.slice(stops[n], stops[n + 1]));
          const inside = here.filter((one) => one.start - start <= stops[n] && Math.max(one.end, one.start + 1) - start >= stops[n + 1]);
          if (inside.length) {
            const mark = document.createElement("mark");
            mark.className = inside.some((one) => one.level === "error") ? "error" : "warning";
            mark.append(piece);
            row.append(mark);
          } else row.append(piece);
        }
        if (!line) row.append(document.createElement("br"));
        made.append(row);
        start = end + 1;
      }
      back.replaceChildren(made);
      text.style.height = "auto";
      text.style.height = Math.max(text.scrollHeight, back.scrollHeight) + 2 + "px";
    }

    // ---------------------------------------------------------------- checking

    function body(more) {
      const values = new URLSearchParams({ kind: form.elements.kind.value, editing: form.elements.editing.value, text: text.value, ...more });
      return values;
    }

    function post(what, more) {
      return fetch(form.dataset.at + "/write/" + what, { method: "POST", body: body(more), credentials: "same-origin" })
        .then((answer) => answer.json().catch(() => ({ error: "没有检查成：工作台没有应答" })));
    }

    function check() {
      const number = ++sent, value = text.value;
      post("check", { cases: form.elements.cases.value }).then((answer) => {
        if (number !== sent || composing) return;
        if (answer.error) return tell(answer.error);
        if (text.value !== value) return;
        problems = answer.problems.filter((one) => one.line).map((one) => ({ start: one.start, end: one.end, level: one.level === "错误" ? "error" : "warning" }));
        const was = told.querySelector(".r-status")?.textContent;
        told.innerHTML = answer.html;
        const status = told.querySelector(".r-status");
        // The same words again are not told again.
        if (status && was === status.textContent) status.removeAttribute("role"), status.setAttribute("aria-live", "off");
        draw();
      }).catch(() => tell("没有检查成：工作台没有应答，可能已经关了"));
    }

    function tell(message) {
      const line = document.createElement("p");
      line.className = "r-status bad";
      line.setAttribute("role", "status");
      line.textContent = message;
      told.replaceChildren(line);
    }

    told.addEventListener("click", (event) => {
      const place = event.target.closest(".r-at"), repair = event.target.closest(".r-repair");
      if (place) {
        event.preventDefault();
        text.focus();
        text.setSelectionRange(Number(place.dataset.start), Number(place.dataset.end));
      } else if (repair) {
        event.preventDefault();
        replace(Number(repair.dataset.start), Number(repair.dataset.end), repair.dataset.text);
      }
    });

    // As typing, so that it can be taken back with Ctrl+Z.
    function replace(start, end, new_text) {
      text.focus();
      text.setSelectionRange(start, end);
      const done = new_text ? document.execCommand("insertText", false, new_text) : document.execCommand("delete");
      if (!done) { text.setRangeText(new_text, start, end, "end"); changed(false); }
    }

    // ---------------------------------------------------------------- completion

    function ask(asked_for) {
      const number = ++asked, offset = text.selectionStart;
      if (composing || offset !== text.selectionEnd) return;
      post("complete", { offset: String(offset) }).then((answer) => {
        if (number !== asked || composing || text.selectionStart !== offset) return;
        show(answer.items || [], asked_for);
      }).catch(hide);
    }

    function show(found, asked_for) {
      const whole = (one) => text.value.slice(one.start, one.end) === one.text;
      items = found.filter((one) => !whole(one));
      if (!items.length || (!asked_for && found.some(whole))) return hide();
      popup.replaceChildren(...items.map((one, number) => {
        const line = document.createElement("li");
        line.id = "r-option-" + number;
        line.setAttribute("role", "option");
        const label = document.createElement("b"), detail = document.createElement("span");
        label.textContent = one.label;
        detail.textContent = one.detail;
        line.append(label, detail);
        line.addEventListener("mousedown", (event) => { event.preventDefault(); at = number; take(); });
        return line;
      }));
      popup.hidden = false;
      // At the first line or word of a new place nothing is chosen yet: Enter is a new line there.
      const typed = items[0].start < text.selectionStart;
      choose(asked_for || typed ? 0 : -1);
      const spot = caret(items[0].start), frame = editor.getBoundingClientRect();
      popup.style.top = spot.bottom - frame.top + 4 + "px";
      popup.style.left = Math.max(Math.min(spot.left - frame.left, frame.width - popup.offsetWidth - 4), 4) + "px";
    }

    function caret(offset) {
      let left = offset;
      for (const row of back.children) {
        const length = row.textContent.length;
        if (left <= length) {
          const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
          let node;
          while ((node = walker.nextNode())) {
            if (left <= node.length) {
              const range = document.createRange();
              range.setStart(node, left);
              range.collapse(true);
              const box = range.getBoundingClientRect();
              if (box.height) return box;
              break;
            }
            left -= node.length;
          }
          return row.getBoundingClientRect();
        }
        left -= length + 1;
      }
      return text.getBoundingClientRect();
    }

    function choose(number) {
      at = number;
      Array.from(popup.children).forEach((line, n) => line.setAttribute("aria-selected", n === at ? "true" : "false"));
      if (at >= 0) {
        text.setAttribute("aria-activedescendant", "r-option-" + at);
        popup.children[at].scrollIntoView({ block: "nearest" });
      } else text.removeAttribute("aria-activedescendant");
    }

    function take() {
      const one = items[at];
      hide();
      if (one) replace(one.start, one.end, one.text);
    }

    function hide() {
      asked++;
      window.clearTimeout(asking);
      popup.hidden = true;
      text.removeAttribute("aria-activedescendant");
      at = -1;
    }

    text.addEventListener("keydown", (event) => {
      if (event.isComposing || composing || event.keyCode === 229) return;
      if (event.key === " " && event.ctrlKey) { event.preventDefault(); ask(true); return; }
      if (popup.hidden) {
        if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) indent(event);
        return;
      }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const count = items.length, step = event.key === "ArrowDown" ? 1 : -1;
        choose(at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count);
      } else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) {
        event.preventDefault();
        take();
      } else if (event.key === "Escape") {
        event.preventDefault();
        hide();
      } else if (event.key === "Enter") {
        hide();
        indent(event);
      } else if (["ArrowLeft", "ArrowRight", "Home", "End", "Tab"].includes(event.key)) hide();
    });

    // A new line begins where the one above did.
    function indent(event) {
      const line = text.value.slice(0, text.selectionStart).split("\n").pop();
      const lead = /^ */.exec(line)[0];
      if (!lead) return;
      event.preventDefault();
      document.execCommand("insertText", false, "\n" + lead);
    }
  }
})();
