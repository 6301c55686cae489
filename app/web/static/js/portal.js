// Copying, previewing while typing, and focus on what is wrong. Every page works without this file.
(function () {
  "use strict";
  var problem = document.getElementById("problem");
  if (problem) problem.focus();

  var status = document.getElementById("copied");
  function tell(text) { if (status) { status.textContent = ""; setTimeout(function () { status.textContent = text; }, 50); } }

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    button.hidden = false;
    var word = button.querySelector("[data-word]"), usual = word.textContent, timer;
    button.addEventListener("click", function () {
      var source = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(source.textContent).then(function () {
        word.textContent = button.dataset.copied;
        tell(button.dataset.said);
        clearTimeout(timer);
        timer = setTimeout(function () { word.textContent = usual; }, 4000);
      }, function () {
        getSelection().selectAllChildren(source);
        tell(button.dataset.failed);
      });
    });
  });

  var form = document.querySelector("[data-preview]");
  if (form) {
    var waiting, asked = 0;
    form.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () {
        var body = new FormData(form), mine = ++asked;
        body.set("do", "preview");
        fetch(form.action || location.href, { method: "POST", body: body, credentials: "same-origin" })
          .then(function (answer) { return answer.text(); })
          .then(function (text) {
            if (mine !== asked) return;
            var page = new DOMParser().parseFromString(text, "text/html");
            document.querySelectorAll("[data-live]").forEach(function (old) {
              var fresh = page.getElementById(old.id);
              if (fresh) old.replaceChildren.apply(old, Array.from(fresh.childNodes));
            });
            document.querySelectorAll("[data-live-class]").forEach(function (old) {
              var fresh = page.getElementById(old.id);
              if (fresh) old.className = fresh.className;
            });
          }).catch(function () {});
      }, 200);
    });
    form.addEventListener("click", function (event) {
      var use = event.target.closest("[data-use]");
      if (!use) return;
      event.preventDefault();
      var field = document.getElementById(use.dataset.use);
      field.value = [use.dataset.source].concat(field.value.split(",").map(function (one) { return one.trim(); })
        .filter(function (one) { return one && one !== use.dataset.source; })).join(", ");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
  var print = document.getElementById("print");
  if (print) { print.hidden = false; print.addEventListener("click", function () { window.print(); }); }
})();
