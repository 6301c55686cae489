// Blocking, in the head: the theme is right before the first paint. A choice the server wrote stays.
(function () {
  "use strict";
  var root = document.documentElement;
  if (root.dataset.theme === "chosen") return;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() { root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light"); }
  apply();
  dark.addEventListener("change", apply);
})();
