// What pages do beyond links and forms: drop files, look again while a run goes on, choose findings without a new page, keys.
(function () {
  "use strict";
  var doc = document, root = doc.documentElement;
  function all(selector, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(selector)); }
  function byId(id) { return doc.getElementById(id); }
  function fetchText(address) {
    return window.fetch(address, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    });
  }

  // Light and dark.
  var theme = byId("theme");
  function dark() {
    var chosen = root.getAttribute("data-theme");
    return chosen ? chosen === "dark" : !!(window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches);
  }
  if (theme) {
    theme.hidden = false;
    theme.textContent = dark() ? "浅色" : "深色";
    theme.addEventListener("click", function () {
      var chosen = dark() ? "light" : "dark";
      root.setAttribute("data-theme", chosen);
      theme.textContent = dark() ? "浅色" : "深色";
      try { window.localStorage.setItem("juesuan-theme", chosen); } catch (error) { /* lasts as long as the page */ }
    });
  }

  // Files in.
  var drop = byId("drop");
  if (drop) intake(drop);
  function intake(form) {
    var input = byId("files"), zone = byId("zone"), picked = byId("picked"), sending = byId("sending"), button = form.querySelector("button.main");
    var most = { file: +form.dataset.file, request: +form.dataset.request, files: +form.dataset.files };
    function megabytes(bytes) { return bytes >= 1048576 ? (bytes / 1048576).toFixed(1) + " MB" : Math.max(bytes / 1024, 0.1).toFixed(1) + " KB"; }
    function show() {
      var files = Array.prototype.slice.call(input.files), list = picked.querySelector("ul"), total = 0, wrong = "";
      list.textContent = "";
      files.forEach(function (file, at) {
        total += file.size;
        if (file.size > most.file) wrong = "「" + file.name + "」太大：一个文件最多 " + megabytes(most.file);
        if (at >= 200) return;
        var line = doc.createElement("li"), name = doc.createElement("span"), size = doc.createElement("span");
        name.textContent = file.name;
        size.textContent = megabytes(file.size);
        line.appendChild(name);
        line.appendChild(size);
        list.appendChild(line);
      });
      if (files.length > most.files) wrong = "文件太多：一次最多 " + most.files + " 个";
      if (total > most.request) wrong = "太大：一次最多 " + megabytes(most.request);
      picked.hidden = !files.length;
      picked.querySelector("p").textContent = wrong || (files.length > 200 ? "另 " + (files.length - 200) + " 个" : "");
      picked.querySelector("p").className = wrong ? "bad1" : "aside";
      button.textContent = files.length > 1 ? "开始核对 " + files.length + " 个文件" : "开始核对";
      button.disabled = !!wrong;
    }
    input.addEventListener("change", show);
    ["dragenter", "dragover"].forEach(function (name) {
      doc.addEventListener(name, function (event) { event.preventDefault(); zone.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      doc.addEventListener(name, function (event) {
        if (name === "drop") event.preventDefault();
        if (name === "drop" || !event.relatedTarget) zone.classList.remove("over");
      });
    });
    doc.addEventListener("drop", function (event) {
      var items = event.dataTransfer && event.dataTransfer.items;
      collect(items ? Array.prototype.slice.call(items) : [], event.dataTransfer ? event.dataTransfer.files : []).then(function (files) {
        var bag = new DataTransfer();
        files.forEach(function (file) { bag.items.add(file); });
        if (files.length) { input.files = bag.files; show(); button.focus(); }
      });
    });
    form.addEventListener("submit", function (event) {
      if (!window.FormData || !input.files.length) return;
      event.preventDefault();
      var request = new XMLHttpRequest(), bar = sending.querySelector("progress"), word = sending.querySelector("span");
      sending.hidden = false;
      button.disabled = true;
      request.upload.addEventListener("progress", function (progress) {
        bar.value = progress.total ? progress.loaded / progress.total : 0;
        word.textContent = progress.loaded < progress.total ? "正在送入 " + Math.floor(bar.value * 100) + "%" : "正在存下";
      });
      request.addEventListener("load", function () {
        if (request.status < 400 && request.responseURL) { window.location.href = request.responseURL; return; }
        var told = new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".notice");
        fail(told ? told.textContent.trim() : "没有收下（" + request.status + "）");
      });
      request.addEventListener("error", function () { fail("没有送到：工作台可能已经关了，或文件太大"); });
      function fail(text) { word.textContent = text; word.className = "bad1"; button.disabled = false; }
      request.open("POST", form.action);
      request.send(new FormData(form));
    });
  }
  // Files and the files in folders, as dropped.
  function collect(items, plain) {
    var entries = items.map(function (item) { return item.webkitGetAsEntry ? item.webkitGetAsEntry() : null; }).filter(Boolean);
    if (!entries.length) return Promise.resolve(Array.prototype.slice.call(plain));
    var found = [];
    function walk(entry) {
      if (entry.isFile) return new Promise(function (done) { entry.file(function (file) { if (file.name.charAt(0) !== ".") found.push(file); done(); }, function () { done(); }); });
      var reader = entry.createReader();
      function more() {
        return new Promise(function (done) { reader.readEntries(done, function () { done([]); }); }).then(function (inside) {
          return inside.length && found.length < 5000 ? Promise.all(inside.map(walk)).then(more) : null;
        });
      }
      return more();
    }
    return Promise.all(entries.map(walk)).then(function () {
      return found.sort(function (a, b) { return a.name < b.name ? -1 : a.name > b.name ? 1 : 0; });
    });
  }

  // A run that goes on.
  var live = byId("live");
  if (live && live.dataset.moving) look(live);
  function look(place) {
    window.setTimeout(function () {
      window.fetch(place.dataset.run + "/state", { credentials: "same-origin", cache: "no-store" }).then(function (answer) { return answer.json(); }).then(function (state) {
        var going = state.moving || state.bundle.state === "making";
        if (!going) { window.location.reload(); return null; }
        var question = window.location.search ? window.location.search + "&part=list" : "?part=list";
        return fetchText(place.dataset.run + question).then(function (text) {
          if (!place.contains(doc.activeElement) || !/^(INPUT|SELECT)$/.test(doc.activeElement.tagName)) place.innerHTML = text;
          look(place);
        });
      }).catch(function () { look(place); });
    }, 1000);
  }

  // What an address points at is opened.
  function reveal() {
    var target = null;
    try { target = byId(decodeURIComponent(window.location.hash.slice(1))); } catch (error) { return; }
    for (var one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    if (target && target.tagName === "DETAILS") target.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  // A report: choosing a finding, filtering, keys.
  var list = byId("list"), detail = byId("detail"), sift = byId("sift");
  if (list && detail) desk();
  function desk() {
    var asking = 0, kept = {};
    function pan() {
      all(".strips", detail).forEach(function (strips) {
        var box = strips.parentNode.querySelector(".box.suspect rect") || strips.parentNode.querySelector(".box rect"), view = strips.querySelector("svg");
        if (strips.scrollWidth <= strips.clientWidth || !box || !view) return;
        strips.scrollLeft = parseFloat(box.getAttribute("x")) / view.viewBox.baseVal.width * strips.scrollWidth - strips.clientWidth / 3;
      });
      all(".scroll", detail).forEach(function (scroll) {
        var cell = scroll.querySelector(".on.suspect") || scroll.querySelector(".on");
        if (cell && scroll.scrollWidth > scroll.clientWidth) scroll.scrollLeft = Math.max(cell.offsetLeft + cell.offsetWidth - scroll.clientWidth + 8, 0);
      });
    }
    function address(number) { return list.dataset.address + "?" + (list.dataset.asked ? list.dataset.asked + "&" : "") + "f=" + number; }
    function draft() {
      var form = byId("review"), one = form && form.closest(".one");
      if (one && form.elements.note.value) kept[one.dataset.n] = form.elements.note.value;
    }
    function choose(number, push, focus) {
      var turn = ++asking, question = list.dataset.asked ? "?" + list.dataset.asked : "";
      draft();
      all(".line", list).forEach(function (line) {
        var here = line.dataset.n === String(number);
        if (here) { line.setAttribute("aria-current", "true"); line.scrollIntoView({ block: "nearest" }); } else line.removeAttribute("aria-current");
      });
      return fetchText(list.dataset.address + "/finding/" + number + question).then(function (text) {
        if (turn !== asking) return;
        detail.innerHTML = text;
        detail.scrollTop = 0;
        list.dataset.at = number;
        doc.body.classList.add("chosen");
        if (kept[number]) byId("review").elements.note.value = kept[number];
        if (push) window.history.pushState({ f: number }, "", address(number));
        if (window.innerWidth < 1000) window.scrollTo(0, 0);
        if (focus) detail.focus({ preventScroll: true });
        pan();
      }).catch(function () { window.location.href = address(number); });
    }
    doc.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest("a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      if (detail.contains(link) && link.closest("caption")) {
        event.preventDefault();
        window.location.href = list.dataset.address + "/read" + link.getAttribute("href");
      } else if (link.dataset.n && (list.contains(link) || detail.contains(link))) {
        event.preventDefault();
        choose(link.dataset.n, true, true);
      } else if (link.classList.contains("up") && detail.contains(link)) {
        event.preventDefault();
        doc.body.classList.remove("chosen");
        window.history.pushState({}, "", list.dataset.address + (list.dataset.asked ? "?" + list.dataset.asked : ""));
        var line = list.querySelector(".line[aria-current]");
        if (line) { line.scrollIntoView({ block: "center" }); line.focus({ preventScroll: true }); }
      }
    });
    window.addEventListener("popstate", function () {
      var match = /[?&]f=(\d+)/.exec(window.location.search);
      if (match) choose(match[1], false, false); else doc.body.classList.remove("chosen");
    });

    var waiting = 0;
    function filter() {
      var question = new URLSearchParams(new FormData(sift)), gone = [];
      question.forEach(function (value, name) { if (!value) gone.push(name); });
      gone.forEach(function (name) { question.delete(name); });
      var asked = question.toString(), turn = ++asking;
      fetchText(list.dataset.address + "?" + asked + (asked ? "&" : "") + "part=list&f=" + (list.dataset.at || "")).then(function (text) {
        if (turn !== asking) return;
        list.innerHTML = text;
        list.dataset.asked = asked;
        window.history.replaceState({}, "", list.dataset.address + (asked ? "?" + asked : ""));
      });
    }
    sift.addEventListener("submit", function (event) { event.preventDefault(); filter(); });
    sift.addEventListener("change", filter);
    sift.addEventListener("input", function (event) {
      if (event.target.type !== "search" || event.isComposing) return;
      window.clearTimeout(waiting);
      waiting = window.setTimeout(filter, 150);
    });
    sift.addEventListener("compositionend", filter);

    function step(by) {
      var lines = all(".line", list), at = lines.findIndex(function (line) { return line.dataset.n === String(list.dataset.at); });
      var next = lines[at < 0 ? 0 : at + by];
      if (next) choose(next.dataset.n, true, true);
    }
    doc.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "radio";
      if (event.key === "Escape" && typing) { event.target.blur(); return; }
      if (typing) return;
      if (event.key === "j" || event.key === "J") { event.preventDefault(); step(1); }
      if (event.key === "k" || event.key === "K") { event.preventDefault(); step(-1); }
      if (event.key === "/") { event.preventDefault(); var find = sift.querySelector("input"); find.focus(); find.select(); }
      if (event.key === "n" || event.key === "N") {
        var form = byId("review");
        if (form) { event.preventDefault(); (form.querySelector("input:checked") || form.querySelector("input[type=radio]")).focus(); }
      }
    });
    function light(event) {
      var from = event.target.closest && event.target.closest("[data-o]");
      all(".lit", detail).forEach(function (one) { one.classList.remove("lit"); });
      if (from) all('[data-o="' + from.dataset.o + '"]', detail).forEach(function (one) { one.classList.add("lit"); });
    }
    detail.addEventListener("mouseover", light);
    detail.addEventListener("focusin", light);
    var current = list.querySelector(".line[aria-current]");
    if (current && window.innerWidth >= 1000) current.scrollIntoView({ block: "nearest" });
    pan();
  }
})();
