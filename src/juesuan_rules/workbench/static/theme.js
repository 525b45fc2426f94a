// Before anything is drawn: light or dark, as chosen here, else as the system.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var chosen = window.localStorage.getItem("juesuan-theme");
    if (chosen === "dark" || chosen === "light") root.setAttribute("data-theme", chosen);
  } catch (error) { /* no storage: as the system */ }
})();
